"""A ride: one service on one of a node's days, and the units of a share that can go with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from orderloom.engine.promising.promise import Dates
from orderloom.engine.sourcing.costs import Linear, days_late
from orderloom.engine.sourcing.lots import Lot, Stowed, by_left, stowed
from orderloom.engine.sourcing.picks import Picks
from orderloom.engine.sourcing.rates import NO_LOAD, Load, load_of
from orderloom.engine.sourcing.routes import Route
from orderloom.engine.sourcing.shares import Share
from orderloom.engine.sourcing.site import Site
from orderloom.engine.sourcing.steps import rising
from orderloom.engine.sourcing.tariff import Tariff
from orderloom.engine.sourcing.trip import Trip

WALL = Decimal(10**12)  #: what a unit costs that a node has no capacity for; far more than leaving it out


#: What a node has of a share on a day: its units, and what all of them cost more by its load.
Held = tuple[Stowed, Load]


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


#: A service on a day, when it delivers, what its shipment costs, and the shares that it takes.
Ride = tuple[Day, Route, date, Linear, tuple[Share | None, ...]]


def day_of(site: Site, when: Dates, waits: bool, tariff: Tariff) -> Day:
    """The day; raises Unknown."""
    rates, lane = tariff.rates, site.lane
    load: Load | None = NO_LOAD
    if rates.load:
        load = rates.ladder({**lane.context, "load": _loads(site, when, tariff)}) if rates.ladder else None
    if lane.capacity is None:
        return Day(site, when, waits, None, load, {})
    room = lane.capacity - tariff.load(site.node, when.ship_on)
    return Day(site, when, waits, room, load and _walled(load, room), {})


def brought(rank: int, ride: Ride, tariff: Tariff) -> Trip | None:
    """The trip that brings the cheapest units of each share that can go, None where none can; raises Unknown."""
    day, route, deliver_on, freight, carried = ride
    rates, held, exact = tariff.rates, day.held, freight.exact and route.linewise
    picks: list[Picks] = []
    before, per_weight = NO_LOAD, freight.per_weight
    by_lane = not rates.ride_matters and (tariff.due is None or deliver_on <= tariff.due)
    for line, share in enumerate(carried):
        if share is None:
            picks.append(())
            continue
        seen = share.context if by_lane else _seen(route, share, deliver_on)
        here = held[line] if line in held else _held(day, line, share, seen, tariff)
        if here is None:
            picks.append(())
            continue
        stowed, load = here
        base = freight.per_unit + rates.plain(seen) + load.least
        if per_weight and share.want.weight:
            base += per_weight * share.want.weight
        if len(stowed.runs) == 1:  # as it is most often
            cost, unit, count = stowed.runs[0]
            picks.append(((base + cost, rank, unit, count),))
        else:
            picks.append(tuple([(base + cost, rank, unit, count) for cost, unit, count in stowed.runs]))
        if not (stowed.in_turn and load.rising) or (before is not NO_LOAD and before.surcharge != load.surcharge):
            exact = False
        before = load
    if not any(picks):
        return None
    site, steps = day.site, before.surcharge or () if exact else ()
    service, fixed = route.service, freight.constant
    return Trip(rank, site.node, site.lane, site.shares, service, day.dates, deliver_on, fixed, tuple(picks), steps, exact)


def _seen(route: Route, share: Share, deliver_on: date) -> dict[str, object]:
    """What expressions see of a share with this service."""
    return {**share.context, "service": route.service.name, "days_late": days_late(share.want, deliver_on)}


def _held(day: Day, line: int, share: Share, seen: Mapping[str, object], tariff: Tariff) -> Held | None:
    """What there is of a share; the same for all services of the day unless the terms ask for them."""
    lots, found, rates = share.lots, None, tariff.rates
    if share.latest > day.dates.start:
        lots = tuple([lot for lot in lots if lot.usable_on <= day.dates.start])
    if lots:
        key = (share.want.together, len(lots), day.waits)
        known = share.stowed.get(key)
        if known is None:
            known = stowed(lots, rates.left, seen, share.want.together, day.waits)
            if not rates.ride_counts:
                share.stowed[key] = known
        found = known, day.load or _walled(_load(day, seen, lots, tariff), day.room)
    if not rates.ride_counts:
        day.held[line] = found
    return found


def _load(day: Day, context: Mapping[str, object], lots: Sequence[Lot], tariff: Tariff) -> Load:
    """The load's terms for each further unit of the day; no surcharge where they differ between units of a line."""
    found = [by_left(tariff.rates.load, {**context, "load": load}, lots) for load in _loads(day.site, day.dates, tariff)]
    if all(len(each) == 1 for each in found):
        return load_of({unit: each[0][2] for unit, each in enumerate(found)})
    return Load(min(cost for each in found for _, _, cost in each), None, False)


def _walled(load: Load, room: int | None) -> Load:
    """The load with a wall behind the room that is left: no unit is worth that much."""
    if room is None or load.surcharge is None:
        return load
    surcharge = (*(step for step in load.surcharge if step[0] < room), (room, WALL))
    return Load(load.least, surcharge, rising(surcharge))


def _loads(site: Site, when: Dates, tariff: Tariff) -> range:
    """The node's load of the day with each further unit of the order."""
    before = tariff.load(site.node, when.ship_on)
    return range(before + 1, before + tariff.quantity + 1)
