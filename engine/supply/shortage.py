"""Where an item will run short before new supply can come, and the orders of supply that would keep it from that. Pure.

balance of a day = units on hand that nobody has reserved + unreserved supply due by then - units that wait for a source
- what the forecast expects until then. It is short when that falls below the floor before the slowest way of replenishment
could bring more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal

from msgspec import Struct

from orderloom.engine.forecast.expected import Expected
from orderloom.engine.forecast.history import overlap
from orderloom.engine.ledger.stock import ON_HAND
from orderloom.engine.promising.browse import browsed
from orderloom.engine.promising.usual import usual_rules
from orderloom.engine.supply.projection import Day, Movement, projected
from orderloom.engine.supply.replenishment import Need, Offer, offers
from orderloom.engine.supply_order import Peg, SupplyOrder
from orderloom.engine.world import World


class Shortage(Struct, frozen=True):
    """Units that are missing to the floor, and the first day on which any are."""

    units: int
    begins: date


def shortage(days: Sequence[Day], expected: Iterable[Expected], floor: int, until: date) -> Shortage | None:
    """The shortage before `until`, None without one; the first of the days is today, `expected` is of the item and node."""
    today, expected = days[0].day, tuple(expected)
    ends = [*(each.day for each in days[1:]), until]
    least, begins = Decimal(floor), None
    for each, end in zip(days, ends, strict=True):
        for day in (each.day, min(end, until)):
            balance = each.balance - sum((overlap(one, today, (day - today).days) for one in expected), Decimal(0))
            if each.day < until and balance < floor:
                begins, least = begins or day, min(least, balance)
    return None if begins is None else Shortage(int((floor - least).to_integral_value(ROUND_CEILING)), begins)


def proposals(
    item: str, node: str, waiting: Sequence[Peg], expected: Iterable[Expected], first: int, world: World, at: datetime
) -> tuple[SupplyOrder, ...]:
    """The orders of supply that end a shortage of the item at the node, pegged to the lines that wait, the first ones first.

    Of the ways that are in time the cheapest is taken; where none is, the earliest. They are numbered from `first` on.
    """
    rules = usual_rules(world.program, at)
    need = Need(item, node, 1, rules or "", at)
    ways, _ = offers(need, world) if rules else ((), ())
    if not ways:
        return ()
    until = max(offer.free.usable_on for offer in ways)
    floor = browsed(world, item, node, "", at).floor
    short = shortage(_days(item, node, waiting, world, at.date(), until), expected, floor, until)
    if short is None:
        return ()
    found, _ = offers(Need(item, node, short.units, need.promising, at), world)
    return tuple(_orders(need, short, found, list(waiting), first))


def _days(item: str, node: str, waiting: Sequence[Peg], world: World, today: date, until: date) -> tuple[Day, ...]:
    position = world.stock.position(item, node)
    parts = position.parts if position is not None and not position.quarantined else ()
    here = sum(part.unreserved for part in parts if part.type == ON_HAND)
    coming = [Movement(p.due_on or today, "supply", p.unreserved, p.id) for p in parts if p.type != ON_HAND and p.unreserved]
    wanted = [Movement(today, "demand", peg.quantity, peg.order) for peg in waiting]
    return projected(here, [*coming, *wanted], today, until)


def _orders(need: Need, short: Shortage, found: Sequence[Offer], waiting: list[Peg], number: int) -> Iterator[SupplyOrder]:
    left = short.units
    while left and found:
        best = min(found, key=lambda offer: _preference(offer, short, left))
        units = min(best.free.quantity, left)
        yield _order(need, best, units, tuple(_pegs(waiting, units)), number)
        found = [offer for offer in found if offer is not best]
        left, number = left - units, number + 1


def _preference(offer: Offer, short: Shortage, left: int) -> tuple[bool, date, Decimal, date, str]:
    """In time first, and of these the cheapest; else the earliest. What is ordered beyond the need costs, too."""
    late = offer.free.usable_on > short.begins
    units = min(offer.free.quantity, left)
    cost = offer.ordered(units) * offer.free.price / units
    return late, offer.free.usable_on if late else date.min, cost, offer.free.usable_on, offer.free.supply


def _pegs(waiting: list[Peg], units: int) -> Iterator[Peg]:
    """Pegs for so many units, taken from those that wait."""
    while waiting and units:
        peg = waiting.pop(0)
        taken = min(peg.quantity, units)
        units -= taken
        if taken < peg.quantity:
            waiting.insert(0, Peg(peg.order, peg.line, peg.quantity - taken))
        yield Peg(peg.order, peg.line, taken)


def _order(need: Need, offer: Offer, units: int, pegs: tuple[Peg, ...], number: int) -> SupplyOrder:
    letters = "PO" if offer.way.kind == "purchase" else "TO"
    return SupplyOrder(
        id=f"{letters}-{need.item}-{need.node}-{number}",
        kind=offer.way.kind,
        item=need.item,
        source=offer.way.source,
        node=need.node,
        quantity=offer.ordered(units),
        due_on=offer.free.usable_on,
        made_at=need.at,
        planned=offer.free.supply,
        origin=str(offer.way.origin),
        price=offer.free.price,
        supply=offer.supply,
        pegs=pegs,
        approved_by=offer.rules.approved_by,
    )
