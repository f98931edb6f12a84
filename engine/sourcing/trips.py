"""The trips of a lane: every day on which the node may send something of the order, by every service, with its costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from orderloom.engine.promising.calendars import first_working_day
from orderloom.engine.promising.lanes import Lane, days_of
from orderloom.engine.promising.promise import Dates, dates
from orderloom.engine.sourcing.costs import Linear, Unknown, days_late, linear, shipment_view
from orderloom.engine.sourcing.days import further_days
from orderloom.engine.sourcing.ride import Day, Ride, brought, day_of
from orderloom.engine.sourcing.routes import Route, beats
from orderloom.engine.sourcing.shares import Share
from orderloom.engine.sourcing.site import Site
from orderloom.engine.sourcing.tariff import Tariff
from orderloom.engine.sourcing.trip import Trip

Shares = tuple[Share | None, ...]

SHIP = "ship"  #: the method that needs an address


def trips(sites: Sequence[Site], tariff: Tariff) -> tuple[Trip, ...]:
    """The trips of the sites, in turn; raises Unknown where a cost cannot be worked out.

    A later day is considered where it brings units that the days before it cannot, or where nodes may wait for each other.
    """
    days = [day for site in sites for day in _days_of(site, tariff)]
    rides = [ride for day in days for ride in _rides(day, tariff)]
    made: list[Trip] = []
    for ride in rides:
        trip = brought(len(made), ride, tariff)
        if trip is not None:
            made.append(trip)
    served = {trip.node for trip in made}
    if len(served) < len(sites):
        for site in sites:
            if site.node not in served:
                _check_transit(site.routes)
    return tuple(made)


def _days_of(site: Site, tariff: Tariff) -> list[Day]:
    lane, shares, waits = site.lane, site.shares, tariff.wait_until is not None
    begins = lane.begins.day
    for share in shares:
        if share is not None and share.latest > begins:
            waits = True
    days = _days(lane, shares, tariff.wait_until) if waits else [lane.first]
    if tariff.windows or lane.capacity is not None:
        delivered = [partial(_deliver_on, lane, route, tariff) for route in site.routes]
        days = further_days(lane, days, shares, tariff, delivered)
    if len(days) == 1:
        return [day_of(site, days[0], False, tariff)]
    return [day_of(site, when, when is not days[0], tariff) for when in days]


def _check_transit(routes: Sequence[Route]) -> None:
    """Raises Unknown where a service is not to be had since nobody knows how long it takes."""
    for route in routes:
        if route.transit is None and not route.asks and not route.timed:
            raise Unknown(f"the transit days of {route.service.name}", route.service.transit_days.origin)


def _days(lane: Lane, shares: Shares, wait_until: date | None) -> list[Dates]:
    """Distinct days on which work may start because supply has come that a line still needs, or to wait, the earliest first."""
    usable = {day for share in shares if share for day in share.days}
    found = {when.start: when for when in (dates(lane.begins, day) for day in usable)}
    if wait_until is not None:
        first = min(found)
        later = [dates(lane.begins, first + timedelta(days=days)) for days in range(1, (wait_until - first).days + 1)]
        found = {when.start: when for when in later} | found
    return [found[start] for start in sorted(found)]


def _rides(day: Day, tariff: Tariff) -> list[Ride]:
    """The services of a day, without those of which another one does the same for less.

    What takes everything, in time, is `unbeaten` (a bit by route, where costs are known before) and has its cost among `costs`.
    """
    found: list[Ride] = []
    costs: list[Linear] = []
    unbeaten, ship_on = 0, day.dates.ship_on
    shares, deliver_by, weighed, due = day.site.shares, tariff.deliver_by, tariff.weighed, tariff.due
    for route in day.site.routes:
        if route.worse & unbeaten or (tariff.picked_up and route.service.method == SHIP):
            continue
        deliver_on = ship_on + route.transit if route.transit is not None and route.any_day else _later(day, route, tariff)
        if deliver_on is None or (deliver_by is not None and deliver_on > deliver_by):
            continue
        carried = shares if tariff.any_day and not route.asks else _carried(day, route, deliver_on, shares, tariff)
        if carried is not shares and not any(carried):
            continue
        freight = route.freight
        cost = freight if weighed and type(freight) is Linear else _freight(day, route, deliver_on, carried, tariff)
        if costs and any(beats(other, cost) for other in costs):
            continue
        found.append((day, route, deliver_on, cost, carried))
        in_time = due is None or deliver_on <= due or _in_time(carried, deliver_on)
        if in_time and carried is shares and route.linewise and tariff.alike:
            costs.append(cost)
            if weighed:
                unbeaten |= route.bit
                if route.last:
                    break
    return found


def _later(day: Day, route: Route, tariff: Tariff) -> date | None:
    return _deliver_on(day.site.lane, route, tariff, day.dates)


def _in_time(shares: Shares, deliver_on: date) -> bool:
    return max([days_late(share.want, deliver_on) for share in shares if share]) == 0


def _freight(day: Day, route: Route, deliver_on: date, carried: Shares, tariff: Tariff) -> Linear:
    if route.freight is not None and tariff.weighed:
        if isinstance(route.freight, Unknown):
            raise route.freight
        return route.freight
    context = {**day.site.lane.context, "service": route.service.name}
    wants = [share.want for share in carried if share]
    return linear(tariff.rates.shipment_terms, context, wants, day.dates.ship_on, deliver_on)


def _deliver_on(lane: Lane, route: Route, tariff: Tariff, when: Dates) -> date | None:
    """The day of delivery; None where the transit days cannot be worked out."""
    ship_on, transit = when.ship_on, route.transit
    if route.timed:
        whole = shipment_view(((want, want.quantity) for want in tariff.wants), ship_on, ship_on)
        context = {**lane.context, "service": route.service.name, "shipment": whole}
        days = days_of(route.service.transit_days.evaluate(context))
        transit = None if days is None else timedelta(days)
    if transit is None:
        return None
    there = ship_on + transit
    return first_working_day(lane.calendars[route.service.delivers_on], there) if route.service.delivers_on else there


def _carried(day: Day, route: Route, deliver_on: date, shares: Shares, tariff: Tariff) -> Shares:
    """The shares that the service takes: what it takes alone it takes with others."""
    hard, when = tariff.late == "hard", route.service.when

    def takes(share: Share) -> bool:
        if _too_early(share, deliver_on) or (hard and days_late(share.want, deliver_on) > tariff.rates.policy.most_days_late):
            return False
        if when is None or not route.asks:
            return True
        alone = shipment_view([(share.want, 1)], day.dates.ship_on, deliver_on)
        return when.evaluate({**day.site.lane.context, "service": route.service.name, "shipment": alone}) is True

    found = tuple([share if share and takes(share) else None for share in shares])
    return shares if found == shares else found


def _too_early(share: Share, deliver_on: date) -> bool:
    wanted_from = share.want.line.want_from
    return wanted_from is not None and deliver_on < wanted_from
