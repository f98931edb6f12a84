"""Plans of goods and services together: every slot is at or after what it follows, and all of it is reserved, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Sourcing
from orderloom.engine.ledger.stock import Entry
from orderloom.engine.plan import Candidate, Plan, PlannedShipment, Unfilled
from orderloom.engine.promising.calendars import ONE_DAY
from orderloom.engine.servicing.booking import Asked, Request, asked, free_slots, rejected, request, shipment
from orderloom.engine.sourcing import Demand, plan
from orderloom.engine.unit import SERVICE
from orderloom.engine.world import World

NEVER = "it would follow itself"


def plan_whole(policy: Sourcing, demand: Demand, world: World, at: datetime) -> Plan:
    """The plan of a demand: goods by the policy, services in the earliest slots after what they follow.

    Where a slot can be had only if the goods come earlier, the cheapest goods that come early enough are taken. A demand with
    services is planned whole or not at all.
    """
    wanted = [(line, quantity) for line, quantity in demand.quantities if demand.order.line(line).method == SERVICE]
    if not wanted:
        return plan(policy, demand, world, at)
    of = request(demand.order, world, at)
    goods = replace(demand, quantities=tuple(each for each in demand.quantities if each not in wanted))
    asks = {line: asked(of, demand.order.line(line), quantity) for line, quantity in wanted}
    first = made = plan(policy, goods, world, at)
    booked = _book(asks, made, demand, of)
    best = booked
    while booked.missing and made.outcome == "sourced" and made.shipments:
        by = max(each.deliver_on for each in made.shipments) - ONE_DAY
        made = plan(policy, replace(goods, deliver_by=by), world, at)
        if made.outcome == "sourced":
            booked = _book(asks, made, demand, of)
    if booked.missing or made.outcome != "sourced":
        made, booked = first, best
    return _joined(made, booked, demand)


class _Booked(Struct, frozen=True):
    """Slots for services; `missing` says by line why there is none."""

    shipments: tuple[PlannedShipment, ...]
    rejected: tuple[Candidate, ...]
    missing: Mapping[str, str]


def _book(asks: Mapping[str, Asked | str], made: Plan, demand: Demand, of: Request) -> _Booked:
    """A slot for each service after what it follows, services that follow others after those."""
    stock, shipments, why = of.world.stock, list[PlannedShipment](), list[Candidate]()
    ready = _arrivals(demand, made)
    missing = {line: because for line, because in asks.items() if isinstance(because, str)}
    for each in _in_order(asks):
        day = max((ready.get(line, date.min) for line in each.after), default=date.min)
        last = min(each.last, demand.deliver_by or each.last)
        slot = None if set(each.after) & missing.keys() else next(free_slots(each, day, of, stock, last), None)
        why += rejected(each, day, slot.day if slot else last + ONE_DAY)
        if slot is None:
            missing[each.line.id] = f"no free {each.who} from {max(each.first, day)} to {last}"
            continue
        found = shipment(each, slot, day)
        shipments.append(found)
        ready[each.line.id] = slot.day
        stock = stock.post(_entries(found, demand))
    circle = asks.keys() - missing.keys() - {a.line for s in shipments for a in s.allocations}
    return _Booked(tuple(shipments), tuple(why), {**missing, **dict.fromkeys(sorted(circle), NEVER)})


def _arrivals(demand: Demand, made: Plan) -> dict[str, date]:
    found = dict(demand.arrivals)
    for planned in made.shipments:
        for part in planned.allocations:
            found[part.line] = max(planned.deliver_on, found.get(part.line, planned.deliver_on))
    return found


def _in_order(asks: Mapping[str, Asked | str]) -> Iterator[Asked]:
    """Services after those that they follow; what goes round in a circle is left out."""
    left = {line: each for line, each in asks.items() if isinstance(each, Asked)}
    while ready := [each for each in left.values() if not left.keys() & set(each.after)]:
        for each in ready:
            del left[each.line.id]
        yield from ready


def _entries(planned: PlannedShipment, demand: Demand) -> Iterator[Entry]:
    for part in planned.allocations:
        for work in part.work:
            at = (part.item, planned.node, "", part.quantity, demand.order.id, part.line, work.on)
            yield Entry("reserve", *at, resource=work.work)


def _joined(goods: Plan, booked: _Booked, demand: Demand) -> Plan:
    candidates = (*goods.candidates, *booked.rejected)
    if goods.outcome == "sourced" and not booked.missing:
        place = {line.id: number for number, line in enumerate(demand.order.lines)}
        shipments = sorted((*goods.shipments, *booked.shipments), key=lambda each: min(place[a.line] for a in each.allocations))
        return replace(goods, shipments=tuple(shipments), candidates=candidates)
    why = {each.line: each.because for each in goods.unfilled} | dict(booked.missing)
    with_others = f"given up with {', '.join(sorted(why))}"
    unfilled = []
    for line, quantity in demand.quantities:
        unfilled.append(Unfilled(line, demand.order.line(line).item, quantity, why.get(line, with_others)))
    clash = (*goods.clash, *dict.fromkeys(f"{line}: {because}" for line, because in booked.missing.items()))
    return replace(
        goods,
        outcome="nothing",
        shipments=(),
        unfilled=tuple(unfilled),
        cost=goods.cost * 0,
        terms={},
        candidates=candidates,
        clash=clash,
    )
