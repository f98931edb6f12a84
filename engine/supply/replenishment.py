"""Planned supply: what the ways of the replenishment rules could bring to a node, and from when.

A purchase brings as many units as are wanted, a transfer those that its source can promise. Both are received on the receiving
node's first working day on or after: departure + transit days, where the departure is the source's first working day from the
order on (past its cut-off the next one), and `lead days` working days later.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Formula, Replenishment, SupplyWay
from orderloom.engine.ledger.stock import Position
from orderloom.engine.numbers import number
from orderloom.engine.promising.availability import Availability, Free
from orderloom.engine.promising.browse import browsed
from orderloom.engine.promising.calendars import calendar_of, first_working_day
from orderloom.engine.promising.promise import dates, ready
from orderloom.engine.views import NO_ALERTS, position_view
from orderloom.engine.world import World

PLANNED = "planned"  #: the supply type of units that nobody has ordered yet

Planned = tuple[str, str, str]  #: item, node, and the name of planned supply, as in `Offer.free`


class Offer(Struct, frozen=True):
    """Units that a way could bring.

    `supply` is the source's supply that a transfer takes, of which `there` units may be promised there; it leaves on `ships_on`.
    A purchase order has at least `minimum` units and a multiple of `multiple`.
    """

    free: Free
    rules: Replenishment
    way: SupplyWay
    supply: str = ""
    there: int = 0
    minimum: int = 1
    multiple: int = 1
    ships_on: date | None = None

    def ordered(self, needed: int) -> int:
        """The quantity of the order of supply for so many units: max(needed, minimum), rounded up to the multiple."""
        return -(-max(needed, self.minimum) // self.multiple) * self.multiple


class Unusable(Exception):
    """A way cannot be taken; says why, and which way."""

    def __init__(self, way: SupplyWay, because: str) -> None:
        super().__init__(f"{way.kind} from {way.source}: {because} ({way.origin})")


class Need(Struct, frozen=True):
    """What could be replenished: units of an item at a node, by the promising rules of this name, for an order of this moment."""

    item: str
    node: str
    quantity: int
    promising: str
    at: datetime


def offers(need: Need, world: World, order: object = None) -> tuple[tuple[Offer, ...], tuple[str, ...]]:
    """What may be had by any way, the earliest first, and why other ways cannot be taken; `order` is an order's context."""
    found: list[Offer] = []
    problems: list[str] = []
    context = _context(need, world)
    for rules in world.program.replenishment.values():
        for way in rules.ways if _holds(rules.when, context) else ():
            try:
                found += _by(way, rules, need, world, context, order) if _holds(way.when, context) else ()
            except Unusable as fault:
                problems.append(str(fault))
    named = sorted(_told_apart(found), key=lambda offer: (offer.free.usable_on, offer.free.price, offer.free.supply))
    return tuple(named), tuple(problems)


def _told_apart(found: Iterable[Offer]) -> Iterator[Offer]:
    """The offers with names of their own: where two ways lead to one source, the second is `#2`."""
    names: Counter[str] = Counter()
    for offer in found:
        name = offer.free.supply
        names[name] += 1
        again = replace(offer.free, supply=f"{name} #{names[name]}")
        yield offer if names[name] == 1 else replace(offer, free=again)


def with_planned(available: Availability, need: Need, refused: frozenset[Planned], world: World, order: object) -> Availability:
    """The availability, and behind all that there is what could be had by the ways of replenishment, but for what was refused."""
    found, problems = offers(need, world, order)
    planned = [offer.free for offer in found if (need.item, need.node, offer.free.supply) not in refused]
    problem = "; ".join((available.problem, *problems)) if available.problem and problems else available.problem
    return replace(available, free=(*available.free, *planned), problem=problem)


def _context(need: Need, world: World) -> dict[str, object]:
    position = world.stock.position(need.item, need.node) or Position(need.item, need.node)
    return {
        "now": need.at,
        "today": need.at.date(),
        "item": world.catalog.item_views[need.item],
        "node": world.catalog.node_views[need.node],
        "position": position_view(position, world.program.attributes, world.alerts.get((need.item, need.node), NO_ALERTS)),
    }


def _holds(when: Formula | None, context: Mapping[str, object]) -> bool:
    return when is None or when(context) is True


def _by(
    way: SupplyWay, rules: Replenishment, need: Need, world: World, context: Mapping[str, object], order: object
) -> Iterator[Offer]:
    if way.source not in world.catalog.nodes:
        raise Unusable(way, f"there is no node {way.source}")
    if way.source == need.node:
        return
    if way.kind == "purchase":
        yield _bought(way, rules, need, world, context)
        return
    there = browsed(world, need.item, way.source, "", need.at, _mapping(order), need.promising)
    for free in there.free:
        ships_on, due_on = _received(way, need, world, context, free.usable_on)
        supply = f"transfer from {way.source}: {free.supply}"
        yield Offer(
            Free(supply, PLANNED, min(free.quantity, need.quantity), due_on),
            rules,
            way,
            free.supply,
            free.quantity,
            ships_on=ships_on,
        )


def _bought(way: SupplyWay, rules: Replenishment, need: Need, world: World, context: Mapping[str, object]) -> Offer:
    price = number(way.price(context) if way.price else None, least=0)
    if price is None:
        raise Unusable(way, "its price cannot be worked out")
    ships_on, due_on = _received(way, need, world, context, date.min)
    free = Free(f"purchase from {way.source}", PLANNED, need.quantity, due_on, price)
    minimum, multiple = _count(way, way.minimum, context, 1, "minimum"), _count(way, way.multiple, context, 1, "multiple")
    return Offer(free, rules, way, minimum=minimum, multiple=multiple, ships_on=ships_on)


def _received(way: SupplyWay, need: Need, world: World, context: Mapping[str, object], usable_on: date) -> tuple[date, date]:
    """The day on which it leaves its source, and that on which the node has it."""
    lead = _count(way, way.lead_days, context, 0, "lead days")
    transit = _count(way, way.transit_days, context, 0, "transit days")
    source, node = world.catalog.nodes[way.source], world.catalog.nodes[need.node]
    working, calendars = calendar_of(source.calendar, world.program.calendars), world.program.calendars
    departs = dates(ready(working, need.at, source.cutoff, lead, 0), usable_on).ship_on
    return departs, first_working_day(calendar_of(node.calendar, calendars), departs + timedelta(days=transit))


def _count(way: SupplyWay, formula: Formula | None, context: Mapping[str, object], least: int, name: str) -> int:
    """A whole number; raises Unusable where it is none, or below the least."""
    found = number(formula(context) if formula else least, least)
    if found is None or found != int(found):
        raise Unusable(way, f"its {name} cannot be worked out")
    return int(found)


def _mapping(order: object) -> Mapping[str, object] | None:
    return order if isinstance(order, Mapping) else None
