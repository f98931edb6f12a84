"""A ride: one service on one of a node's days, and the units of a share that can go with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from orderloom.dsl.program import CostTerm, Service
from orderloom.engine.promising.lanes import Lane
from orderloom.engine.promising.promise import Dates
from orderloom.engine.sourcing.costs import ZERO, Linear, days_late, total
from orderloom.engine.sourcing.picks import Pick, Picks, first
from orderloom.engine.sourcing.rates import NO_LOAD, Load, load_of
from orderloom.engine.sourcing.runs import runs
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
    if not rates.load:
        return Day(lane, when, waits, NO_LOAD, room)
    load = rates.ladder({**lane.context, "load": _loads(lane, when, tariff)}) if rates.ladder else None
    return Day(lane, when, waits, load, room)


def bring(ride: Ride, share: Share, tariff: Tariff) -> Brought:
    """The cheapest units of the share that can go; raises Unknown.

    Of equally dear units, a day that waits takes what comes last, so that stock on hand stays for others; what would have to be
    ordered is taken last on every day.
    """
    day = ride.day
    lots = [lot for lot in share.lots if lot.usable_on <= day.dates.start]
    if not lots:
        return NOTHING
    late = days_late(share.want, ride.deliver_on)
    context = share.context | {"service": ride.service.name, "days_late": late, "left": None, "load": None}
    load = _walled(day.load or _load(day.lane, day.dates, context, lots, tariff), day.room)
    base = _alike(ride.cost, share) + tariff.rates.plain(context) + load.least
    found = _by_left(tariff.rates.left, context, lots)
    planned = [range(lot.first, lot.first + lot.units) for lot in lots if lot.planned]
    turned = [day.waits and not any(number in units for units in planned) for number, _, _ in found]
    picks = sorted([_pick(base + run[2], ride, run, turn) for run, turn in zip(found, turned, strict=True)])
    exact = load.surcharge is not None and rising(load.surcharge) and _taken_in_turn(found, lots)
    return Brought(first(picks, share.want.together), load.surcharge or (), exact)


def _pick(cost: Decimal, ride: Ride, run: Run, turned: bool) -> Pick:
    number, count, _ = run
    return cost, ride.rank, 1 - number - count if turned else number, count


def _alike(cost: Linear, share: Share) -> Decimal:
    """What one more unit adds to the shipment's own cost."""
    return cost.per_unit + cost.per_weight * share.want.weight if cost.per_weight and share.want.weight else cost.per_unit


def _taken_in_turn(found: Sequence[Run], lots: Sequence[Lot]) -> bool:
    """Whether cheapest first never takes a unit on hand before the one that must go first."""
    if len(found) == 1:
        return True
    to_come = {lot.first for lot in lots if not lot.on_hand}
    return all(one[2] <= other[2] or other[0] in to_come for one, other in pairwise(found))


def _by_left(terms: Sequence[CostTerm], context: dict[str, object], lots: Sequence[Lot]) -> list[Run]:
    """The cost of each unit by its price and by what is left on hand after it, in runs of the same cost."""
    if not terms:
        here = [lot for lot in lots if not lot.planned]
        together = [(here[0].first, sum([lot.units for lot in here]), ZERO)] if here else []
        return together + [(lot.first, lot.units, ZERO) for lot in lots if lot.planned]
    found: list[Run] = []
    for lot in lots:
        for start, count, cost in _of_lot(terms, context, lot):
            if found and found[-1][2] == cost and not lot.planned:
                found[-1] = (found[-1][0], found[-1][1] + count, cost)
            else:
                found.append((start, count, cost))
    return found


def _of_lot(terms: Sequence[CostTerm], context: dict[str, object], lot: Lot) -> list[Run]:
    priced = {**context, "purchase_price": lot.price, "left": lot.left}
    if lot.units == 1 or not lot.on_hand:
        return [(lot.first, lot.units, total(terms, priced))]
    starts = runs(terms, priced, "left", lot.lefts)
    ends = [*list(starts)[1:], lot.units]
    return [(lot.first + start, end - start, cost) for (start, cost), end in zip(starts.items(), ends, strict=True)]


def _load(lane: Lane, when: Dates, context: dict[str, object], lots: Sequence[Lot], tariff: Tariff) -> Load:
    """The load's terms for each further unit of the day; no surcharge where they differ between units of a line."""
    found = [_by_left(tariff.rates.load, context | {"load": load}, lots) for load in _loads(lane, when, tariff)]
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
