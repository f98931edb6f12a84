"""Orders that claim a supply: who they are, and telling them when it slips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, Connection, bindparam, select

from orderloom.engine.effects import Effect, OrderSupply
from orderloom.engine.events import SupplyMoved
from orderloom.engine.ledger.stock import Supply
from orderloom.engine.shell.inbox import due_row
from orderloom.engine.store import tables
from orderloom.engine.store.statements import BEGIN_WAIT, run
from orderloom.engine.store.stock_rows import SupplyKey
from orderloom.engine.supply_order import SUPPLY_TYPES


def claimants(connection: Connection, shard: int, supplies: Sequence[SupplyKey]) -> dict[SupplyKey, dict[str, int]]:
    """Units of each of these supplies that orders have reserved, by order."""
    found: dict[SupplyKey, dict[str, int]] = {key: {} for key in supplies}
    asked = {"shard": shard, "items": sorted({item for item, _, _ in supplies})}
    for item, node, supply, order, quantity in connection.execute(_CLAIMS, asked):
        orders = found.get((item, node, supply))
        if orders is not None:
            orders[order] = orders.get(order, 0) + quantity
    return found


def tell_of_slips(connection: Connection, shard: int, moved: Sequence[Supply], at: datetime, but: str = "") -> None:
    """Wakes every order that claims one of these supplies with the day on which it is due now, `but` the one that knows already.

    An order that has not been told of the day before yet is told of the new one alone.
    """
    if not moved:
        return
    by_supply = claimants(connection, shard, [(s.item, s.node, s.id) for s in moved])
    rows = []
    for supply in moved:
        event = SupplyMoved(at, supply.id, supply.item, supply.node, supply.due_on)
        key = f"slip/{supply.item}/{supply.node}/{supply.id}"
        orders = by_supply[supply.item, supply.node, supply.id]
        rows += [due_row(shard, order, key, event, at) for order in orders if order != but]
    run(connection, BEGIN_WAIT, sorted(rows))


def lost(effects: Iterable[Effect]) -> Iterator[Supply]:
    """Supplies that will not come any more, by what a turn has cancelled: nobody knows their day."""
    for effect in effects:
        if isinstance(effect, OrderSupply) and effect.order.cancelled:
            order = effect.order
            yield Supply(order.id, order.item, order.node, SUPPLY_TYPES[order.kind], order.quantity)


_r = tables.reservations.c
_items: BindParameter[str] = bindparam("items", expanding=True)
_CLAIMS = (
    select(_r.item, _r.node, _r.supply, _r.order_id, _r.quantity)
    .where(_r.shard == bindparam("shard"), _r.item.in_(_items), _r.quantity > 0)
    .order_by(_r.order_id, _r.line)
)
