"""The trips of a lane: every day on which the node may send something of the order, by every service, with its costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import partial

from orderloom.dsl.program import Service, Sourcing
from orderloom.engine.promising.calendars import first_working_day
from orderloom.engine.promising.lanes import Lane, days_of
from orderloom.engine.promising.promise import Dates, dates
from orderloom.engine.sourcing.costs import Linear, Unknown, days_late, linear, shipment_view
from orderloom.engine.sourcing.days import further_days
from orderloom.engine.sourcing.demand import Want
from orderloom.engine.sourcing.ride import NOTHING, Day, Ride, bring, day_of
from orderloom.engine.sourcing.shares import Lot, Share
from orderloom.engine.sourcing.tariff import Tariff
from orderloom.engine.sourcing.trip import Trip

Shares = tuple[Share | None, ...]

SHIP = "ship"  #: the method that needs an address


def trips(lane: Lane, shares: Shares, tariff: Tariff, rank: int) -> Iterator[Trip]:
    """The trips of a lane, ranks counted from `rank`; raises Unknown where a cost cannot be worked out.

    A later day is considered where it brings units that the days before it cannot, or where nodes may wait for each other.
    """
    before = rank
    days = _days(lane, shares, tariff.wait_until)
    if tariff.windows or lane.capacity is not None:
        days = further_days(lane, days, shares, tariff, partial(_delivered, lane, tariff))
    for when in days:
        day = day_of(lane, when, when != days[0], tariff)
        unbeaten: list[Ride] = []
        for service in tariff.rates.services:
            trip = _trip(day, service, shares, tariff, rank, unbeaten)
            if trip is not None:
                yield trip
                rank += 1
    if rank == before:
        _check_transit(lane, tariff)


def _check_transit(lane: Lane, tariff: Tariff) -> None:
    """Raises Unknown where a service is not to be had since nobody knows how long it takes."""
    for service in tariff.rates.services:
        context = {**lane.context, "service": service.name}
        asks = service.name in tariff.rates.taken_by_shipment or service.name in tariff.rates.timed_by_shipment
        usable = not asks and (service.when is None or service.when(context) is True)
        if usable and days_of(service.transit_days(context)) is None:
            raise Unknown(f"the transit days of {service.name}", service.transit_days.origin)


def _days(lane: Lane, shares: Shares, wait_until: date | None) -> list[Dates]:
    """Distinct days on which work may start because supply has come that a line still needs, or to wait, the earliest first."""
    usable = {lot.usable_on for share in shares if share for lot in share.lots if _of_use(lot, share)}
    found = {when.start: when for when in (dates(lane.begins, day) for day in usable)}
    if wait_until is not None:
        first = min(found)
        later = [dates(lane.begins, first + timedelta(days=days)) for days in range(1, (wait_until - first).days + 1)]
        found = {when.start: when for when in later} | found
    return [found[start] for start in sorted(found)]


def _of_use(lot: Lot, share: Share) -> bool:
    """Whether a line may need it: fewer units than are wanted come before it at no higher price."""
    first = (lot.usable_on, lot.first)
    before = sum([each.units for each in share.lots if (each.usable_on, each.first) < first and each.price <= lot.price])
    return before < share.want.together


def _trip(day: Day, service: Service, shares: Shares, tariff: Tariff, rank: int, unbeaten: list[Ride]) -> Trip | None:
    """The trip of a service, None where there is none or where one of the unbeaten rides does the same for less."""
    context = {**day.lane.context, "service": service.name}
    asks = service.name in tariff.rates.taken_by_shipment
    if service.when is not None and not asks and service.when.evaluate(context) is not True:
        return None
    if service.method == SHIP and _picked_up_only(context["order"]):
        return None
    if unbeaten and _beaten(unbeaten, context, tariff):
        return None
    deliver_on = _deliver_on(day.lane, day.dates, service, tariff, context)
    if deliver_on is None or (tariff.deliver_by is not None and deliver_on > tariff.deliver_by):
        return None
    carried = _carried(day, service, deliver_on, shares, tariff, context)
    wants = [share.want for share in carried if share]
    if not wants:
        return None
    ride = Ride(rank, day, service, deliver_on, _freight(tariff, context, wants, day.dates.ship_on, deliver_on))
    if any(_beats(other.cost, ride.cost) for other in unbeaten):
        return None
    everything = carried == shares and _linewise(service) and not tariff.rates.service_matters
    if everything and _alike(tariff.rates.policy) and not any(days_late(want, deliver_on) for want in wants):
        unbeaten.append(ride)
    return _made(ride, shares, carried, tariff)


def _picked_up_only(order: object) -> bool:
    """Whether an order has nowhere to be shipped to, whatever a service's own condition says."""
    return isinstance(order, Mapping) and order["pickup_node"] is not None and order["ship_to"] is None


def _alike(policy: Sourcing) -> bool:
    """Whether it does not matter by which service, and on which day, a shipment arrives."""
    return policy.deliver_together is None and policy.pickup_places is None


def _made(ride: Ride, shares: Shares, carried: Shares, tariff: Tariff) -> Trip | None:
    found = [bring(ride, share, tariff) if share else NOTHING for share in carried]
    if not any(each.picks for each in found):
        return None
    surcharges = {each.surcharge for each in found if each.picks}
    exact = ride.cost.exact and _linewise(ride.service) and all(each.exact for each in found) and len(surcharges) == 1
    return Trip(
        rank=ride.rank,
        lane=ride.day.lane,
        shares=shares,
        service=ride.service,
        dates=ride.day.dates,
        deliver_on=ride.deliver_on,
        fixed=ride.cost.constant,
        picks=tuple(each.picks for each in found),
        surcharge=surcharges.pop() if exact else (),
        exact=exact,
    )


def _freight(tariff: Tariff, context: dict[str, object], wants: list[Want], ship_on: date, deliver_on: date) -> Linear:
    if tariff.rates.freight is not None and tariff.weighed:
        return tariff.rates.freight(context)
    return linear(tariff.rates.shipment_terms, context, wants, ship_on, deliver_on)


def _beaten(unbeaten: list[Ride], context: dict[str, object], tariff: Tariff) -> bool:
    """Whether a service is known to be beaten before its dates are worked out, and what it takes."""
    if tariff.rates.freight is None or not tariff.weighed:
        return False
    try:
        cost = tariff.rates.freight(context)
    except Unknown:  # which counts only where there is a trip
        return False
    return any(_beats(other.cost, cost) for other in unbeaten)


def _beats(a: Linear, b: Linear) -> bool:
    """Whether the first of two rides, which takes everything and in time, also costs less whatever is sent."""
    return a.exact and b.exact and a.constant < b.constant and a.per_weight <= b.per_weight and a.per_unit <= b.per_unit


def _delivered(lane: Lane, tariff: Tariff, when: Dates, service: Service) -> date | None:
    return _deliver_on(lane, when, service, tariff, {**lane.context, "service": service.name})


def _deliver_on(lane: Lane, when: Dates, service: Service, tariff: Tariff, context: dict[str, object]) -> date | None:
    """The day of delivery; None where the transit days cannot be worked out."""
    ship_on = when.ship_on
    if service.name in tariff.rates.timed_by_shipment:
        whole = shipment_view(((want, want.quantity) for want in tariff.wants), ship_on, ship_on)
        context = {**context, "shipment": whole}
    transit = days_of(service.transit_days.evaluate(context))
    if transit is None:
        return None
    there = ship_on + timedelta(days=transit)
    return first_working_day(lane.calendars[service.delivers_on], there) if service.delivers_on else there


def _carried(day: Day, service: Service, deliver_on: date, shares: Shares, tariff: Tariff, context: dict[str, object]) -> Shares:
    """The shares that the service takes: what it takes alone it takes with others."""
    asks, hard = service.name in tariff.rates.taken_by_shipment, tariff.late == "hard"
    early = tariff.windows and any(share and _too_early(share, deliver_on) for share in shares)
    if not asks and not hard and not early:
        return shares

    def takes(share: Share) -> bool:
        if _too_early(share, deliver_on) or (hard and days_late(share.want, deliver_on) > tariff.rates.policy.most_days_late):
            return False
        if service.when is None or not asks:
            return True
        alone = shipment_view([(share.want, 1)], day.dates.ship_on, deliver_on)
        return service.when.evaluate({**context, "shipment": alone}) is True

    return tuple([share if share and takes(share) else None for share in shares])


def _too_early(share: Share, deliver_on: date) -> bool:
    wanted_from = share.want.line.want_from
    return wanted_from is not None and deliver_on < wanted_from


def _linewise(service: Service) -> bool:
    return service.when is None or (service.when.shape is not None and service.when.shape.linewise)
