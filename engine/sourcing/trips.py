"""The trips of a lane: every day on which the node may send something of the order, by every service, with its costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

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
    """What the trips of one order are worked out from, besides the lane; `late` as in the policy."""

    services: tuple[Service, ...]
    shipment_terms: tuple[CostTerm, ...]
    unit_terms: tuple[CostTerm, ...]
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
    return Tariff(promising.services, shipment, unit, policy.late, wants, stock)


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
    picks = []
    exact = cost.exact and _linewise(ride.service)
    for share in carried:
        found, true = _picks(ride, share, cost, tariff) if share else ((), True)
        picks.append(found)
        exact = exact and true
    if not any(picks):
        return None
    return Trip(ride.rank, ride.lane, shares, ride.service, ride.dates, ride.deliver_on, cost.constant, tuple(picks), exact)


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


def _picks(ride: _Ride, share: Share, cost: Linear, tariff: Tariff) -> tuple[tuple[Pick, ...], bool]:
    """The cheapest units of the share that can go, and whether their costs are the true ones.

    Of equally dear units, a trip that waits takes what comes last, so that stock on hand stays for others.
    """
    base = cost.per_unit + (cost.per_weight * (share.want.weight or ZERO) if cost.per_weight else ZERO)
    usable = [unit for unit in share.units if unit.usable_on <= ride.dates.start]
    found, exact = _unit_costs(ride, share, [unit.left for unit in usable], tariff)
    sign = -1 if ride.waits else 1
    picks = sorted((base + each, ride.rank, sign * index) for index, each in enumerate(found))
    return tuple(picks[: share.want.quantity]), exact and _taken_in_turn(found, [unit.left for unit in usable])


def _taken_in_turn(costs: list[Decimal], left: list[int]) -> bool:
    """Whether cheapest first never takes a unit on hand before the one that must go first."""
    return all(one <= other for one, other, a, b in zip(costs, costs[1:], left, left[1:], strict=False) if b < a)


def _unit_costs(ride: _Ride, share: Share, left: list[int], tariff: Tariff) -> tuple[list[Decimal], bool]:
    terms = tariff.unit_terms
    late = days_late(share.want, ride.deliver_on)
    context = share.context | {"service": ride.service.name, "days_late": late, "left": None, "load": None}
    if not any(reads(term.formula, "load") for term in terms):
        return _by_left(terms, context, left), True
    before = tariff.stock.load(ride.lane.node.id, ride.dates.ship_on)
    found = [_by_left(terms, context | {"load": before + n}, left) for n in range(1, tariff.quantity + 1)]
    return [min(costs) for costs in zip(*found, strict=True)], all(costs == found[0] for costs in found)


def _by_left(terms: tuple[CostTerm, ...], context: dict[str, object], left: list[int]) -> list[Decimal]:
    """The cost of each unit; worked out once for all where no term asks what is left."""
    if not any(reads(term.formula, "left") for term in terms):
        return [total(terms, context)] * len(left)
    return [total(terms, context | {"left": each}) for each in left]
