"""A ride: one service on one of a node's days, and the units of a share that can go with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from orderloom.dsl.program import Service
from orderloom.engine.lanes import Lane
from orderloom.engine.promise import Dates
from orderloom.engine.sourcing.costs import ZERO, Linear, days_late
from orderloom.engine.sourcing.rates import NO_LOAD, Load, Sum, load_of
from orderloom.engine.sourcing.shares import Share
from orderloom.engine.sourcing.tariff import Tariff
from orderloom.engine.sourcing.trip import Pick


class Day(Struct, frozen=True, eq=False):
    """A day on which a node may ship; `waits` when it is not its first one. `load` is None where lines differ in it."""

    lane: Lane
    dates: Dates
    waits: bool
    load: Load | None


class Ride(Struct, frozen=True, eq=False):
    """A service on a day; `cost` is that of its shipment."""

    rank: int
    day: Day
    service: Service
    deliver_on: date
    cost: Linear


class Brought(NamedTuple):
    """What a ride brings for one line; all as in `Trip`."""

    picks: tuple[Pick, ...]
    surcharge: tuple[Decimal, ...]
    exact: bool


NOTHING = Brought((), (), True)


def day_of(lane: Lane, when: Dates, waits: bool, tariff: Tariff) -> Day:
    """The day, with the load's terms where they are the same for all lines; raises Unknown."""
    rates = tariff.rates
    if rates.load is None:
        return Day(lane, when, waits, NO_LOAD)
    load = rates.ladder({**lane.context, "load": _loads(lane, when, tariff)}) if rates.ladder else None
    return Day(lane, when, waits, load)


def bring(ride: Ride, share: Share, tariff: Tariff) -> Brought:
    """The cheapest units of the share that can go; raises Unknown.

    Of equally dear units, a day that waits takes what comes last, so that stock on hand stays for others.
    """
    day = ride.day
    left = [unit.left for unit in share.units if unit.usable_on <= day.dates.start]
    if not left:
        return NOTHING
    late = days_late(share.want, ride.deliver_on)
    context = share.context | {"service": ride.service.name, "days_late": late, "left": None, "load": None}
    load = day.load or _load(day.lane, day.dates, context, left, tariff)
    base = _alike(ride.cost, share) + tariff.rates.plain(context) + load.least
    costs = _by_left(tariff.rates.left, context, left)
    sign = -1 if day.waits else 1
    picks = sorted([(base + each, ride.rank, sign * index) for index, each in enumerate(costs)])
    exact = load.surcharge is not None and list(load.surcharge) == sorted(load.surcharge) and _taken_in_turn(costs, left)
    return Brought(tuple(picks[: share.want.quantity]), load.surcharge or (), exact)


def _alike(cost: Linear, share: Share) -> Decimal:
    """What one more unit adds to the shipment's own cost."""
    return cost.per_unit + cost.per_weight * share.want.weight if cost.per_weight and share.want.weight else cost.per_unit


def _taken_in_turn(costs: Sequence[Decimal], left: Sequence[int]) -> bool:
    """Whether cheapest first never takes a unit on hand before the one that must go first."""
    return len(left) == 1 or all(
        one <= other for one, other, a, b in zip(costs, costs[1:], left, left[1:], strict=False) if b < a
    )


def _by_left(cost: Sum | None, context: dict[str, object], left: Sequence[int]) -> list[Decimal]:
    """The cost of each unit by what is left on hand after it."""
    return [cost({**context, "left": each}) for each in left] if cost else [ZERO] * len(left)


def _load(lane: Lane, when: Dates, context: dict[str, object], left: Sequence[int], tariff: Tariff) -> Load:
    """The load's terms for each further unit of the day; no surcharge where they differ between units of a line."""
    found = [_by_left(tariff.rates.load, context | {"load": load}, left) for load in _loads(lane, when, tariff)]
    if all(len(set(costs)) == 1 for costs in found):
        return load_of([costs[0] for costs in found])
    return Load(min(min(costs) for costs in found), None)


def _loads(lane: Lane, when: Dates, tariff: Tariff) -> range:
    """The node's load of the day with each further unit of the order."""
    before = tariff.stock.load(lane.node.id, when.ship_on)
    return range(before + 1, before + tariff.quantity + 1)
