"""A ride: one service on one of a node's days, and the units of a share that can go with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from orderloom.dsl.program import Service
from orderloom.engine.lanes import Lane
from orderloom.engine.promise import Dates
from orderloom.engine.sourcing.costs import ZERO, Linear, days_late
from orderloom.engine.sourcing.picks import Pick, Picks, first
from orderloom.engine.sourcing.rates import NO_LOAD, Load, Sum, load_of
from orderloom.engine.sourcing.shares import Lot, Share
from orderloom.engine.sourcing.steps import Steps, rising
from orderloom.engine.sourcing.tariff import Tariff

WALL = Decimal(10**12)  #: what a unit costs that a node has no capacity for; far more than leaving it out


class Day(Struct, frozen=True, eq=False):
    """A day on which a node may ship; `waits` when it is not its first one. `load` is None where lines differ in it.

    No more than `room` units may ship (None: any number).
    """

    lane: Lane
    dates: Dates
    waits: bool
    load: Load | None
    room: int | None


class Ride(Struct, frozen=True, eq=False):
    """A service on a day; `cost` is that of its shipment."""

    rank: int
    day: Day
    service: Service
    deliver_on: date
    cost: Linear


Run = tuple[int, int, Decimal]  #: first unit, count, what each costs


class Brought(NamedTuple):
    """What a ride brings for one line; all as in `Trip`."""

    picks: Picks
    surcharge: Steps
    exact: bool


NOTHING = Brought((), (), True)


def day_of(lane: Lane, when: Dates, waits: bool, tariff: Tariff) -> Day:
    """The day, with the load's terms where they are the same for all lines; raises Unknown."""
    rates = tariff.rates
    room = None if lane.capacity is None else lane.capacity - tariff.stock.load(lane.node.id, when.ship_on)
    if rates.load is None:
        return Day(lane, when, waits, NO_LOAD, room)
    load = rates.ladder({**lane.context, "load": _loads(lane, when, tariff)}) if rates.ladder else None
    return Day(lane, when, waits, load, room)


def bring(ride: Ride, share: Share, tariff: Tariff) -> Brought:
    """The cheapest units of the share that can go; raises Unknown.

    Of equally dear units, a day that waits takes what comes last, so that stock on hand stays for others.
    """
    day = ride.day
    lots = [lot for lot in share.lots if lot.usable_on <= day.dates.start]
    if not lots:
        return NOTHING
    late = days_late(share.want, ride.deliver_on)
    context = share.context | {"service": ride.service.name, "days_late": late, "left": None, "load": None}
    load = _walled(day.load or _load(day.lane, day.dates, context, lots, tariff), day.room)
    base = _alike(ride.cost, share) + tariff.rates.plain(context) + load.least
    runs = _by_left(tariff.rates.left, context, lots)
    picks = sorted([_pick(base + cost, ride, number, count) for number, count, cost in runs])
    exact = load.surcharge is not None and rising(load.surcharge) and _taken_in_turn(runs, lots)
    return Brought(first(picks, share.want.together), load.surcharge or (), exact)


def _pick(cost: Decimal, ride: Ride, number: int, count: int) -> Pick:
    return cost, ride.rank, 1 - number - count if ride.day.waits else number, count


def _alike(cost: Linear, share: Share) -> Decimal:
    """What one more unit adds to the shipment's own cost."""
    return cost.per_unit + cost.per_weight * share.want.weight if cost.per_weight and share.want.weight else cost.per_unit


def _taken_in_turn(runs: Sequence[Run], lots: Sequence[Lot]) -> bool:
    """Whether cheapest first never takes a unit on hand before the one that must go first."""
    if len(runs) == 1:
        return True
    to_come = {lot.first for lot in lots if not lot.on_hand}
    return all(one[2] <= other[2] or other[0] in to_come for one, other in pairwise(runs))


def _by_left(cost: Sum | None, context: dict[str, object], lots: Sequence[Lot]) -> list[Run]:
    """The cost of each unit by its price and by what is left on hand after it, in runs of the same cost."""
    if cost is None:
        return [(lots[0].first, sum([lot.units for lot in lots]), ZERO)]
    found: list[Run] = []
    for lot in lots:
        for number, left in enumerate(lot.lefts, lot.first):
            each = cost({**context, "left": left, "purchase_price": lot.price})
            if found and found[-1][2] == each:
                found[-1] = (found[-1][0], found[-1][1] + 1, each)
            else:
                found.append((number, 1, each))
    return found


def _load(lane: Lane, when: Dates, context: dict[str, object], lots: Sequence[Lot], tariff: Tariff) -> Load:
    """The load's terms for each further unit of the day; no surcharge where they differ between units of a line."""
    found = [_by_left(tariff.rates.load, context | {"load": load}, lots) for load in _loads(lane, when, tariff)]
    if all(len(runs) == 1 for runs in found):
        return load_of([runs[0][2] for runs in found])
    return Load(min(cost for runs in found for _, _, cost in runs), None)


def _walled(load: Load, room: int | None) -> Load:
    """The load with a wall behind the room that is left: no unit is worth that much."""
    if room is None or load.surcharge is None:
        return load
    return Load(load.least, (*(step for step in load.surcharge if step[0] < room), (room, WALL)))


def _loads(lane: Lane, when: Dates, tariff: Tariff) -> range:
    """The node's load of the day with each further unit of the order."""
    before = tariff.stock.load(lane.node.id, when.ship_on)
    return range(before + 1, before + tariff.quantity + 1)
