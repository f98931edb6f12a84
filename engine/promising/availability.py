"""What may be promised of an item at a node, by date. Browsing, promising, reserving and publishing all ask here.

availability = sum over supplies of floor(quantity x trust) - reserved, never below 0 each, less the floor, never below 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from msgspec import Struct

from orderloom.dsl.program import Promising, SupplyRule
from orderloom.engine.ledger.stock import Position, Supply
from orderloom.engine.numbers import number

ZERO, ONE = Decimal(0), Decimal(1)


class Begun(Struct, frozen=True):
    """A piece of work on units: the day on which it begins, its working days, whether it had to wait for capacity."""

    work: str
    on: date
    days: int
    waited: bool


class Worked(Struct, frozen=True):
    """What is done to units before they ship, piece by piece; `supply_on` is the day from which they are here for it."""

    pieces: tuple[Begun, ...]
    supply_on: date


class Free(Struct, frozen=True):
    """Units of one supply that may be promised, each at `price`; `usable_on` is the first day on which they can ship."""

    supply: str
    type: str
    quantity: int
    usable_on: date
    price: Decimal = ZERO
    worked: Worked | None = None


class Counted(Struct, frozen=True):
    """How a supply, or a part of it, counts: `free` of its `trusted` units are not reserved, and usable from `usable_on`.

    `because` says why nothing of it counts at all; else it is empty.
    """

    supply: Supply
    trusted: int = 0
    free: int = 0
    usable_on: date = date.min
    because: str = ""


class Availability(Struct, frozen=True):
    """Free units of an item at a node, the earliest first.

    They came about from these supplies and this floor, by these rules for this method; `problem` says what else it was.
    """

    item: str
    node: str
    free: tuple[Free, ...]
    counted: tuple[Counted, ...] = ()
    floor: int = 0
    rules: Promising | None = None
    method: str | None = None
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
    """What may be promised of the item at the node; `context` is what trust, stock classes and floor may read."""
    if position is None or not position.supplies:
        return Availability(item, node, (), problem="none on hand, none expected")
    method = context.get("method")
    method = method if isinstance(method, str) else None
    counted = tuple([_counted(part, promising, context) for part in position.parts])
    if position.quarantined:
        problem = f"{position.on_hand} on hand, in quarantine until a recount"
        return Availability(item, node, (), counted, 0, promising, method, problem)
    floor = floor_units(promising, context)
    if floor is None:
        return Availability(item, node, (), counted, 0, promising, method, "the floor cannot be worked out")
    return Availability(item, node, _above_floor(counted, floor), counted, floor, promising, method)


def floor_units(promising: Promising, context: Mapping[str, object]) -> int | None:
    """Units that are never promised, rounded up and never below 0; None when they cannot be worked out."""
    if promising.floor is None:
        return 0
    floor = number(promising.floor(context))
    return None if floor is None else max(0, int(floor.to_integral_value(ROUND_CEILING)))


def _counted(supply: Supply, promising: Promising, context: Mapping[str, object]) -> Counted:
    known = promising.stock_classes.get(supply.stock_class)
    if known is None or (known.when is not None and known.when(context) is not True):
        return Counted(supply, because=f"stock class {supply.stock_class}")
    rule = promising.supply.get(supply.type)
    if rule is None:
        return Counted(supply, because=f"supply type {supply.type}")
    trust = _trust(rule, supply, context)
    if trust is None:
        return Counted(supply, because=f"trust in {supply.type} cannot be worked out, a number from 0 to 1")
    trusted = supply.quantity if trust == ONE else int((supply.quantity * trust).to_integral_value(ROUND_FLOOR))
    usable_on = date.min if supply.due_on is None else supply.due_on + timedelta(days=rule.days_after_due)
    return Counted(supply, trusted, max(0, trusted - supply.reserved), usable_on)


def _trust(rule: SupplyRule, supply: Supply, context: Mapping[str, object]) -> Decimal | None:
    """The share of the supply that counts; None when it cannot be worked out: nothing is promised on it then."""
    if isinstance(rule.trust, Decimal):
        return rule.trust
    seen = {"type": supply.type, "stock_class": supply.stock_class, "due_on": supply.due_on}
    return number(rule.trust({**context, "supply": seen}), 0, 1)


def _above_floor(counted: tuple[Counted, ...], floor: int) -> tuple[Free, ...]:
    """Keeps the floor out of what comes first, of one day in the order of the ids; supplies without free units are left out."""
    above = []
    for each in counted if len(counted) < 2 else sorted(counted, key=_first):
        kept = min(floor, each.free)
        floor -= kept
        if each.free > kept:
            above.append(Free(each.supply.id, each.supply.type, each.free - kept, each.usable_on))
    return tuple(above)


def _first(counted: Counted) -> tuple[date, str]:
    return counted.usable_on, counted.supply.id


def _sum_in_words(found: Availability) -> str:
    quantities: dict[str, int] = {}
    counted = [each for each in found.counted if not each.because]
    for each in counted:
        quantities[each.supply.type] = quantities.get(each.supply.type, 0) + each.supply.quantity
    words = " + ".join(f"{quantity} {name.replace('-', ' ')}" for name, quantity in quantities.items()) or "none on hand"
    reserved = sum(each.supply.reserved for each in counted)
    untrusted = sum(each.supply.unreserved - each.free for each in counted)
    words += f" - {reserved} reserved" if reserved else ""
    words += f" - {untrusted} not trusted" if untrusted else ""
    words += f" - floor {found.floor}" if found.floor else ""
    others = (each for each in found.counted if each.because and each.supply.quantity)
    return words + "".join(f"; {each.supply.quantity} not counted: {each.because}" for each in others)
