"""What others tell us of stock, and the ledger entries that it leads to. Pure.

A count says what was here at a moment; what moved since then is added to it. Whatever a count has seen is not told a second time
by a receipt or an adjustment of before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from orderloom.engine.ledger.stock import GOOD, ON_HAND, Entry, Position, Supply, on_hand_id
from orderloom.engine.refused import Refused


class Adjustment(Struct, frozen=True, omit_defaults=True):
    """`quantity` units more (fewer when negative) are here than was thought; `id` is unique among all adjustments."""

    id: str
    item: str
    node: str
    quantity: int
    at: datetime
    reason: str = ""
    stock_class: str = GOOD


class SupplyReceipt(Struct, frozen=True, omit_defaults=True):
    """`quantity` units of a supply have come; `id` is unique among all receipts. `item` and `node` where several have its id."""

    id: str
    supply: str
    quantity: int
    at: datetime
    item: str | None = None
    node: str | None = None


class Count(Struct, frozen=True, omit_defaults=True):
    """A snapshot's row: so many units of the stock class were here."""

    item: str
    node: str
    quantity: int
    stock_class: str = GOOD


class Moved(Struct, frozen=True):
    """What happened at a position after a moment: units that came or left, by supply, and whether it was put into quarantine."""

    units: Mapping[str, int] = {}
    quarantined: bool = False


Entries = tuple[Entry, ...]


def adjusted(position: Position | None, told: Adjustment, counted_at: datetime | None) -> Entries | Refused:
    """The entries of an adjustment of a position that was counted last at that moment."""
    if counted_at is not None and told.at < counted_at:
        return Refused(f"the snapshot of {counted_at:%Y-%m-%d %H:%M} has seen it: it is of before")
    here = _here(position, told.stock_class)
    if here + told.quantity < 0:
        return Refused(f"{-told.quantity} fewer than before cannot be: {here} are on hand")
    return tuple(_changed(position, told, told.quantity))


def received(supply: Supply, told: SupplyReceipt, presumed: int) -> Entries:
    """The entries of a receipt; more than expected is taken in. `presumed` units of it shipped before anybody told of them."""
    confirmed = min(presumed, told.quantity)
    new = told.quantity - confirmed
    more = max(0, new - (supply.quantity - supply.received))
    key = (supply.item, supply.node, supply.id)
    entries = (Entry("confirm", *key, confirmed), Entry("expect", *key, more), Entry("receive", *key, new))
    return tuple([entry for entry in entries if entry.quantity])


def counted(position: Position | None, told: Count, since: Moved) -> Entries:
    """The entries of a snapshot's row; units that have left since, and that it did not see, leave 0."""
    here = _here(position, told.stock_class)
    classes = {supply.id: supply.stock_class for supply in position.supplies} if position else {}
    moved = sum(units for supply, units in since.units.items() if classes.get(supply, GOOD) == told.stock_class)
    now = max(0, told.quantity + moved)
    return tuple(_changed(position, told, now - here))


def missing(position: Position) -> int:
    """Units that are reserved as on hand and are not here."""
    return sum(supply.missing for supply in position.supplies)


def changed(position: Position | None, item: str, node: str, stock_class: str, change: int) -> Iterator[Entry]:
    """Entries by which so many units more are on hand, or fewer.

    Fewer are taken from what nobody has claimed, what is on hand first; then from what is claimed: such units are missing.
    """
    if change > 0:
        own = _own(position, item, node, stock_class)
        yield Entry("adjust", item, node, own, change, supply_type=ON_HAND, stock_class=stock_class)
        return
    left, taken = -change, dict[str, int]()
    supplies = sorted(_of_class(position, stock_class), key=lambda supply: supply.type != ON_HAND)
    for supply in supplies:
        part = min(left, _spare(supply))
        taken[supply.id], left = part, left - part
        if part:
            yield Entry("adjust", item, node, supply.id, -part)
    for supply in supplies:
        part = min(left, supply.received - taken[supply.id])
        left -= part
        if part:
            yield Entry("adjust" if supply.type == ON_HAND else "receive", item, node, supply.id, -part)


def _spare(supply: Supply) -> int:
    """Units that are here and that nobody has claimed."""
    claimed_here = supply.reserved if supply.type == ON_HAND else max(0, supply.reserved - (supply.quantity - supply.received))
    return max(0, supply.received - claimed_here)


def _changed(position: Position | None, told: Adjustment | Count, change: int) -> Iterator[Entry]:
    return changed(position, told.item, told.node, told.stock_class, change)


def _here(position: Position | None, stock_class: str) -> int:
    return sum(supply.received for supply in _of_class(position, stock_class))


def _of_class(position: Position | None, stock_class: str) -> list[Supply]:
    return [supply for supply in position.supplies if supply.stock_class == stock_class] if position else []


def _own(position: Position | None, item: str, node: str, stock_class: str) -> str:
    """The id of the supply that is on hand, of what is there or of a new one."""
    there = [supply.id for supply in _of_class(position, stock_class) if supply.type == ON_HAND]
    return there[0] if there else on_hand_id(item, node, stock_class)
