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


def brought(rank: int, ride: Ride, tariff: Tariff) -> tuple[list[Picks], Steps, bool]:
    """The cheapest units of each share that can go, their surcharge, and whether that is exact; raises Unknown."""
    picks: list[Picks] = []
    surcharge, exact, held, freight = None, True, ride.day.held, ride.cost
    by_lane = not tariff.rates.ride_matters and (tariff.due is None or ride.deliver_on <= tariff.due)
    for line, share in enumerate(ride.carried):
        if share is None:
            picks.append(())
            continue
        seen = share.context if by_lane else _seen(ride, share)
        here = held[line] if line in held else _held(ride.day, line, share, seen, tariff)
        if here is None:
            picks.append(())
            continue
        base, weight = freight.per_unit + tariff.rates.plain(seen), share.want.weight
        if freight.per_weight and weight:
            base += freight.per_weight * weight
        base += here.least
        picks.append(tuple([(base + cost, rank, unit, count) for cost, unit, count in here.stowed.runs]))
        exact = exact and here.exact and (surcharge is None or surcharge == here.surcharge)
        surcharge = here.surcharge
    return picks, surcharge if exact and surcharge else (), exact and surcharge is not None


def _seen(ride: Ride, share: Share) -> dict[str, object]:
    """What expressions see of a share with this service."""
    return {**share.context, "service": ride.route.service.name, "days_late": days_late(share.want, ride.deliver_on)}


def _held(day: Day, line: int, share: Share, seen: Mapping[str, object], tariff: Tariff) -> Held | None:
    """What there is of a share; the same for all services of the day unless the terms ask for them."""
    lots = share.lots
    if share.latest > day.dates.start:
        lots = tuple([lot for lot in lots if lot.usable_on <= day.dates.start])
    found = _of_lots(day, share, seen, lots, tariff) if lots else None
    if not tariff.rates.ride_counts:
        day.held[line] = found
    return found


def _of_lots(day: Day, share: Share, seen: Mapping[str, object], lots: Sequence[Lot], tariff: Tariff) -> Held:
    load = day.load or _walled(_load(day, seen, lots, tariff), day.room)
    stowed, surcharge = _stowed(share, lots, day, seen, tariff.rates), load.surcharge
    exact = stowed.in_turn and surcharge is not None and (not surcharge or rising(surcharge))
    return Held(stowed, load.least, surcharge or (), exact)


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
