"""Stock records: what is on hand of an item at a node, its safety stock, and the workspace's own fields of a position."""

from __future__ import annotations

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import Known
from orderloom.engine.ledger.stock import ON_HAND, Position, Supply, on_hand_id


def position_of(row: Fields, known: Known) -> Position:
    """The position of a row with its supply on hand; of use only when the row has no problems."""
    item, node = known.item(row, "item"), known.node(row, "node")
    own = row.attributes(known.attributes.get("position"))
    quantity = row.count("on_hand", least=0, needed=True)
    on_hand = Supply(id=on_hand_id(item, node), item=item, node=node, type=ON_HAND, quantity=quantity)
    return Position(item=item, node=node, safety_stock=row.count("safety_stock", least=0), attributes=own, supplies=(on_hand,))
