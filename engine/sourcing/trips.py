"""The trips of a lane: every day on which the node may send something of the order, by every service, with its costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from orderloom.dsl.program import CostTerm, Promising, Service, Sourcing
from orderloom.engine.lanes import Lane
from orderloom.engine.promise import Dates, dates
from orderloom.engine.sourcing.costs import ZERO, Linear, days_late, linear, reads, shipment_view, terms_of, total
from orderloom.engine.sourcing.demand import Want
from orderloom.engine.sourcing.shares import Share
from orderloom.engine.sourcing.trip import Pick, Trip
from orderloom.engine.stock import Stock


@dataclass(frozen=True, slots=True, eq=False)
class Tariff:
    """What the trips of one order are worked out from, besides the lane.

    `load_terms` are the unit terms that ask for the node's load of the day. `late` is as in the policy.
    """

    services: tuple[Service, ...]
    shipment_terms: tuple[CostTerm, ...]
    unit_terms: tuple[CostTerm, ...]
    load_terms: tuple[CostTerm, ...]
    late: str
    wants: tuple[Want, ...]
    stock: Stock

    @property
    def quantity(self) -> int:
        """Units that are wanted."""
        return sum(want.quantity for want in self.wants)


def tariff(policy: Sourcing, promising: Promising, wants: tuple[Want, ...], stock: Stock) -> Tariff:
    """The tariff of an order."""
    shipment, unit = terms_of(policy, "shipment"), terms_of(policy, "unit")
    load = tuple(term for term in unit if reads(term.formula, "load"))
    return Tariff(promising.services, shipment, unit, load, policy.late, wants, stock)


@dataclass(frozen=True, slots=True, eq=False)
class _Ride:
    """One service on one day: what is known before its lines are looked at."""

    lane: Lane
    service: Service
    dates: Dates
    deliver_on: date
    waits: bool
    rank: int


def trips(lane: Lane, shares: tuple[Share | None, ...], tariff: Tariff, rank: int) -> Iterator[Trip]:
    """The trips of a lane, ranks counted from `rank`; raises Unknown where a cost cannot be worked out.

    A later day is considered where it brings units that the days before it cannot.
    """
    days = _days(lane, [share for share in shares if share])
    for when in days:
        for service in tariff.services:
            transit = _transit(service, lane, tariff.wants, when)
            if transit is None:
                continue
            ride = _Ride(lane, service, when, when.ship_on + timedelta(days=transit), when != days[0], rank)
            trip = _trip(ride, shares, tariff)
            if trip is not None:
                yield trip
                rank += 1


def _days(lane: Lane, shares: Sequence[Share]) -> list[Dates]:
    """Distinct days on which work may start because supply has come that a line still needs, the earliest first."""
    found: dict[date, Dates] = {}
    for share in shares:
        for unit in share.units[: share.want.quantity]:
            when = dates(lane.begins, unit.usable_on)
            found[when.start] = when
    return [found[start] for start in sorted(found)]


def _transit(service: Service, lane: Lane, wants: Sequence[Want], when: Dates) -> int | None:
    context = lane.context | {"service": service.name}
    context["shipment"] = shipment_view(((want, want.quantity) for want in wants), when.ship_on, when.ship_on)
    value = service.transit_days(context)
    return int(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and value >= 0 else None


def _trip(ride: _Ride, shares: tuple[Share | None, ...], tariff: Tariff) -> Trip | None:
    carried = [share if share and _carries(ride, share, tariff.late) else None for share in shares]
    wants = [share.want for share in carried if share]
    if not wants:
        return None
    context = ride.lane.context | {"service": ride.service.name}
    cost = linear(tariff.shipment_terms, context, wants, ride.dates.ship_on, ride.deliver_on)
    found = [_picks(ride, share, cost, tariff) if share else _NOTHING for share in carried]
    if not any(each.picks for each in found):
        return None
    surcharges = {each.surcharge for each in found if each.picks}
    exact = cost.exact and _linewise(ride.service) and all(each.exact for each in found) and len(surcharges) == 1
    return Trip(
        ride.rank, ride.lane, shares, ride.service, ride.dates, ride.deliver_on,
        cost.constant, tuple(each.picks for each in found), surcharges.pop() if exact else (), exact,
    )  # fmt: skip


def _carries(ride: _Ride, share: Share, late: str) -> bool:
    """Whether the service takes this line. What it takes together it takes alone."""
    if late == "hard" and days_late(share.want, ride.deliver_on):
        return False
    if ride.service.when is None:
        return True
    alone = shipment_view([(share.want, 1)], ride.dates.ship_on, ride.deliver_on)
    return ride.service.when(ride.lane.context | {"service": ride.service.name, "shipment": alone}) is True


def _linewise(service: Service) -> bool:
    return service.when is None or (service.when.shape is not None and service.when.shape.linewise)


class _Brought(NamedTuple):
    """What a trip brings for one line; `surcharge` and `exact` as in Trip."""

    picks: tuple[Pick, ...]
    surcharge: tuple[Decimal, ...]
    exact: bool


_NOTHING = _Brought((), (), True)


def _picks(ride: _Ride, share: Share, cost: Linear, tariff: Tariff) -> _Brought:
    """The cheapest units of the share that can go.

    Of equally dear units, a trip that waits takes what comes last, so that stock on hand stays for others.
    """
    left = [unit.left for unit in share.units if unit.usable_on <= ride.dates.start]
    if not left:
        return _NOTHING
    base = cost.per_unit + (cost.per_weight * (share.want.weight or ZERO) if cost.per_weight else ZERO)
    late = days_late(share.want, ride.deliver_on)
    context = share.context | {"service": ride.service.name, "days_late": late, "left": None, "load": None}
    costs = _by_left([term for term in tariff.unit_terms if term not in tariff.load_terms], context, left)
    loaded, surcharge = _by_load(tariff, context, left, ride) if tariff.load_terms else (ZERO, ())
    sign = -1 if ride.waits else 1
    picks = sorted((base + loaded + each, ride.rank, sign * index) for index, each in enumerate(costs))
    known = surcharge is not None and list(surcharge) == sorted(surcharge)
    return _Brought(tuple(picks[: share.want.quantity]), surcharge or (), known and _taken_in_turn(costs, left))


def _taken_in_turn(costs: list[Decimal], left: list[int]) -> bool:
    """Whether cheapest first never takes a unit on hand before the one that must go first."""
    return all(one <= other for one, other, a, b in zip(costs, costs[1:], left, left[1:], strict=False) if b < a)


def _by_left(terms: Sequence[CostTerm], context: dict[str, object], left: list[int]) -> list[Decimal]:
    """The cost of each unit; worked out once for all where no term asks what is left."""
    if not any(reads(term.formula, "left") for term in terms):
        return [total(terms, context)] * len(left)
    return [total(terms, context | {"left": each}) for each in left]


def _by_load(
    tariff: Tariff, context: dict[str, object], left: list[int], ride: _Ride
) -> tuple[Decimal, tuple[Decimal, ...] | None]:
    """The least that the terms of the day's load ask for a unit, and what each further unit of the shipment costs more.

    No surcharge where these terms are not the same for each unit of the line.
    """
    before = tariff.stock.load(ride.lane.node.id, ride.dates.ship_on)
    found = [_by_left(tariff.load_terms, context | {"load": before + n}, left) for n in range(1, tariff.quantity + 1)]
    least = min(min(costs) for costs in found)
    alike = all(len(set(costs)) == 1 for costs in found)
    surcharge = tuple(costs[0] - least for costs in found)
    return least, (surcharge if any(surcharge) else ()) if alike else None
