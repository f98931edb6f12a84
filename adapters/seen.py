"""Lists of orders for somebody with a role: he may ask by what he sees, so that what is left out tells him nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from orderloom.dsl.program import SavedView
from orderloom.engine.desk.gate import Gate
from orderloom.engine.looked import Looked
from orderloom.engine.seen import Seen
from orderloom.engine.store import Store
from orderloom.engine.store.queries import PAGE, OrderLine
from orderloom.engine.store.search import Asked, find

#: What must be seen of an order to find it by something.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "channel": ("channel",),
    "number": ("channel",),
    "customer": ("customer",),
    "email": ("customer",),
    "phone": ("customer",),
    "text": ("customer", "ship_to"),
    "hold": ("holds",),
    "item": ("lines",),
    "since": ("placed_at",),
    "until": ("placed_at",),
}


def listed(gate: Gate, store: Store, asked: Asked, after: str, limit: int, saved: SavedView | None = None) -> list[Seen]:
    """What somebody sees of the orders that are asked for, by id; a status is asked for in the words in which he sees it."""
    needed = {field for name, fields in NEEDS.items() if getattr(asked, name) for field in fields}
    own = asked.customer or gate.who.customer
    wanted = replace(asked, status=None, customer=own)

    def ask(behind: str) -> Sequence[OrderLine]:
        return find(store, wanted, behind, PAGE)

    def fits(looked: Looked, seen: Seen) -> bool:
        return needed <= seen.keys() and asked.status in (None, seen.get("status")) and (looked.whole or _in_sight(asked, seen))

    return gate.orders(ask, after, limit, fits, saved)


def _in_sight(asked: Asked, seen: Seen) -> bool:
    """Whether the item or the hold that is asked for is of what is seen of an order, and not of another part of it."""
    lines, holds = seen.get("lines", ()), seen.get("holds", ())
    assert isinstance(lines, (list, tuple)) and isinstance(holds, (list, tuple))
    by_item = asked.item is None or any(line["item"] == asked.item for line in lines)
    return by_item and (asked.hold is None or any(held["hold"] == asked.hold for held in holds))
