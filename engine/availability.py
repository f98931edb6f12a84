"""What may be promised of an item at a node, by date. Browsing, promising, reserving and publishing all ask here.

availability = sum over supplies of floor(quantity x trust) - reserved, never below 0 each, less the floor, never below 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from msgspec import Struct

from orderloom.dsl.program import Promising, SupplyRule
from orderloom.engine.stock import Position, Supply

GOOD = "good"  #: the stock class that is promised


class Free(Struct, frozen=True):
    """Units of one supply that may be promised; `usable_on` is the first day on which they can ship."""

    supply: str
    type: str
    quantity: int
    usable_on: date


class Availability(Struct, frozen=True):
    """Free units of an item at a node, the earliest first.

    They came about from these supplies of the stock class that is promised, and this floor; `problem` says what else it was.
    """

    item: str
    node: str
    free: tuple[Free, ...]
    supplies: tuple[Supply, ...] = ()
    untrusted: int = 0
    floor: int = 0
    problem: str | None = None

    @property
    def total(self) -> int:
        """Units that may be promised at any date."""
        return sum([free.quantity for free in self.free])

    def by(self, day: date) -> int:
        """Units that may be promised to ship on this day."""
        return sum([free.quantity for free in self.free if free.usable_on <= day])

    @property
    def why(self) -> str:
        """How it comes about: `availability 0 (1 on hand - floor 1)`."""
        return f"availability {self.total} ({self.problem or _sum_in_words(self)})"


def availability(
    position: Position | None, promising: Promising, context: Mapping[str, object], item: str, node: str
) -> Availability:
    """What may be promised of the item at the node; `context` is what the floor's expression sees."""
    if position is None or not position.supplies:
        return Availability(item, node, (), problem="none on hand, none expected")
    if position.quarantined:
        return Availability(item, node, (), problem=f"{position.on_hand} on hand, in quarantine until a recount")
    floor = floor_units(promising, context)
    if floor is None:
        return Availability(item, node, (), problem="the floor cannot be worked out")
    good = tuple([supply for supply in position.supplies if supply.stock_class == GOOD])
    counted = _counted(good, promising)
    untrusted = sum([supply.unreserved for supply in good]) - sum([free.quantity for free in counted])
    return Availability(item, node, _above_floor(counted, floor), good, untrusted, floor)


def floor_units(promising: Promising, context: Mapping[str, object]) -> int | None:
    """Units that are never promised, rounded up and never below 0; None when they cannot be worked out."""
    if promising.floor is None:
        return 0
    value = promising.floor(context)
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    return max(0, int(Decimal(value).to_integral_value(ROUND_CEILING)))


def _counted(supplies: tuple[Supply, ...], promising: Promising) -> list[Free]:
    """The free units of every supply whose type counts, the earliest first; of one day, in the order of their ids."""
    found = [_free(supply, promising.supply[supply.type]) for supply in supplies if supply.type in promising.supply]
    return found if len(found) < 2 else sorted(found, key=lambda free: (free.usable_on, free.supply))


def _free(supply: Supply, rule: SupplyRule) -> Free:
    trusted = supply.quantity if rule.trust == 1 else int((supply.quantity * rule.trust).to_integral_value(ROUND_FLOOR))
    usable_on = date.min if supply.due_on is None else supply.due_on + timedelta(days=rule.days_after_due)
    return Free(supply.id, supply.type, max(0, trusted - supply.reserved), usable_on)


def _above_floor(counted: list[Free], floor: int) -> tuple[Free, ...]:
    """Keeps the floor out of what comes first; supplies without free units are left out."""
    above = []
    for free in counted:
        kept = min(floor, free.quantity)
        floor -= kept
        if free.quantity > kept:
            above.append(Free(free.supply, free.type, free.quantity - kept, free.usable_on) if kept else free)
    return tuple(above)


def _sum_in_words(found: Availability) -> str:
    quantities: dict[str, int] = {}
    for supply in found.supplies:
        quantities[supply.type] = quantities.get(supply.type, 0) + supply.quantity
    words = " + ".join(f"{quantity} {name.replace('-', ' ')}" for name, quantity in quantities.items()) or "none on hand"
    reserved = sum(supply.reserved for supply in found.supplies)
    words += f" - {reserved} reserved" if reserved else ""
    words += f" - {found.untrusted} not trusted" if found.untrusted else ""
    return words + (f" - floor {found.floor}" if found.floor else "")
