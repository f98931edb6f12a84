"""A ride: one service on one of a node's days, and the units of a share that can go with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from orderloom.engine.promising.lanes import Lane
from orderloom.engine.promising.promise import Dates
from orderloom.engine.sourcing.costs import Linear, days_late
from orderloom.engine.sourcing.lots import Lot, Stowed, by_left, stowed
from orderloom.engine.sourcing.picks import Picks
from orderloom.engine.sourcing.rates import NO_LOAD, Load, Rates, load_of
from orderloom.engine.sourcing.routes import Route
from orderloom.engine.sourcing.shares import Share
from orderloom.engine.sourcing.site import Site
from orderloom.engine.sourcing.steps import Steps, rising
from orderloom.engine.sourcing.tariff import Tariff
from orderloom.engine.sourcing.trip import Trip

WALL = Decimal(10**12)  #: what a unit costs that a node has no capacity for; far more than leaving it out


class Held(Struct, frozen=True, eq=False, gc=False):
    """What a node has of a share on a day: its units, what all of them cost more by its load at least, and further ones on top.

    `exact`: that is all that they cost besides the shipment and the steady terms, and none costs less than the one before it.
    """

    stowed: Stowed
    least: Decimal
    surcharge: Steps
    exact: bool


class Day(Struct, frozen=True, eq=False, gc=False):
    """A day on which a site may ship; `waits` when it is not its first one. No more than `room` units may go (None: any number).

    `load` has the load's terms, None where shares differ in them. `held` keeps what has been worked out of a share, by its line.
    """

    site: Site
    dates: Dates
    waits: bool
    room: int | None
    load: Load | None
    held: dict[int, Held | None]


class Ride(Struct, frozen=True, eq=False, gc=False):
    """A service on a day, with the shares that it takes; `cost` is that of its shipment."""

    day: Day
    route: Route
    deliver_on: date
    cost: Linear
    carried: tuple[Share | None, ...]


def day_of(site: Site, when: Dates, waits: bool, tariff: Tariff) -> Day:
    """The day; raises Unknown."""
    rates, lane = tariff.rates, site.lane
    load: Load | None = NO_LOAD
    if rates.load:
        load = rates.ladder({**lane.context, "load": _loads(lane, when, tariff)}) if rates.ladder else None
    if lane.capacity is None:
        return Day(site, when, waits, None, load, {})
    room = lane.capacity - tariff.stock.load(lane.node.id, when.ship_on)
    return Day(site, when, waits, room, load and _walled(load, room), {})


def brought(rank: int, ride: Ride, tariff: Tariff) -> Trip | None:
    """The trip that brings the cheapest units of each share that can go, None where none can; raises Unknown."""
    day, route, deliver_on, freight, rates = ride.day, ride.route, ride.deliver_on, ride.cost, tariff.rates
    per_unit, per_weight, held = freight.per_unit, freight.per_weight, day.held
    picks, exact = list[Picks](), freight.exact and route.linewise
    surcharge: Steps | None = None
    by_lane = not rates.ride_matters and (tariff.due is None or deliver_on <= tariff.due)
    for line, share in enumerate(ride.carried):
        if share is None:
            picks.append(())
            continue
        seen = share.context if by_lane else _seen(route, share, deliver_on)
        here = held[line] if line in held else _held(day, line, share, seen, tariff)
        if here is None:
            picks.append(())
            continue
        base, weight = per_unit + rates.plain(seen), share.want.weight
        if per_weight and weight:
            base += per_weight * weight
        base += here.least
        picks.append(_picks(base, rank, here.stowed.runs))
        exact = exact and here.exact and (surcharge is None or surcharge == here.surcharge)
        surcharge = here.surcharge
    if not any(picks):
        return None
    site, steps = day.site, surcharge or () if exact else ()
    node, lane, shares, service, when = site.node, site.lane, site.shares, route.service, day.dates
    return Trip(rank, node, lane, shares, service, when, deliver_on, freight.constant, tuple(picks), steps, exact)


def _picks(base: Decimal, rank: int, runs: Sequence[tuple[Decimal, int, int]]) -> Picks:
    if len(runs) == 1:  # as it is most often
        cost, unit, count = runs[0]
        return ((base + cost, rank, unit, count),)
    return tuple([(base + cost, rank, unit, count) for cost, unit, count in runs])


def _seen(route: Route, share: Share, deliver_on: date) -> dict[str, object]:
    """What expressions see of a share with this service."""
    return {**share.context, "service": route.service.name, "days_late": days_late(share.want, deliver_on)}


def _held(day: Day, line: int, share: Share, seen: Mapping[str, object], tariff: Tariff) -> Held | None:
    """What there is of a share; the same for all services of the day unless the terms ask for them."""
    lots, found = share.lots, None
    if share.latest > day.dates.start:
        lots = tuple([lot for lot in lots if lot.usable_on <= day.dates.start])
    if lots:
        load = day.load or _walled(_load(day, seen, lots, tariff), day.room)
        stowed, surcharge = _stowed(share, lots, day, seen, tariff.rates), load.surcharge
        exact = stowed.in_turn and surcharge is not None and (not surcharge or rising(surcharge))
        found = Held(stowed, load.least, surcharge or (), exact)
    if not tariff.rates.ride_counts:
        day.held[line] = found
    return found


def _stowed(share: Share, lots: Sequence[Lot], day: Day, context: Mapping[str, object], rates: Rates) -> Stowed:
    """What the units cost by what is left behind; the same for all services unless the terms ask for them."""
    key = (share.want.together, len(lots), day.waits)
    known = share.stowed.get(key)
    if known is None:
        known = stowed(lots, rates.left, context, share.want.together, day.waits)
        if not rates.ride_counts:
            share.stowed[key] = known
    return known


def _load(day: Day, context: Mapping[str, object], lots: Sequence[Lot], tariff: Tariff) -> Load:
    """The load's terms for each further unit of the day; no surcharge where they differ between units of a line."""
    found = [by_left(tariff.rates.load, {**context, "load": load}, lots) for load in _loads(day.site.lane, day.dates, tariff)]
    if all(len(each) == 1 for each in found):
        return load_of({unit: each[0][2] for unit, each in enumerate(found)})
    return Load(min(cost for each in found for _, _, cost in each), None)


def _walled(load: Load, room: int | None) -> Load:
    """The load with a wall behind the room that is left: no unit is worth that much."""
    if room is None or load.surcharge is None:
        return load
    return Load(load.least, (*(step for step in load.surcharge if step[0] < room), (room, WALL)))


def _loads(lane: Lane, when: Dates, tariff: Tariff) -> range:
    """The node's load of the day with each further unit of the order."""
    before = tariff.stock.load(lane.node.id, when.ship_on)
    return range(before + 1, before + tariff.quantity + 1)
