"""What it costs to serve a region from each node, by the policy's own terms: as for one of the latest orders from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import cycle, islice
from typing import NamedTuple

from msgspec.structs import replace

from orderloom.dsl.functions import distance_in_miles
from orderloom.dsl.program import Sourcing
from orderloom.engine.catalog import Catalog, Item
from orderloom.engine.forecast import Demanded
from orderloom.engine.order import Address, Line, Order
from orderloom.engine.sourcing.costs import Unknown
from orderloom.engine.sourcing.demand import Demand
from orderloom.engine.sourcing.sites import Case, sites, trips_of
from orderloom.engine.sourcing.solve import case_of, weighed
from orderloom.engine.sourcing.tariff import tariff
from orderloom.engine.sourcing.trip import Trip
from orderloom.engine.world import World

BASKET = 20  #: items that are asked for at once; it changes nothing but the time that it takes
CUSTOMERS = 3  #: orders of a region that each item is asked for with

#: Which part of a shipment's fixed cost one unit bears. The region's own node often sends something to the customer anyway.
OWN_SHARE = Decimal("0.5")
OTHER_SHARE = Decimal("0.8")

ZERO = Decimal(0)


class Way(NamedTuple):
    """What a unit of an item costs a region: from each node that may send it, and when it is not served."""

    costs: Mapping[str, Decimal]
    not_served: Decimal


def ways(
    policy: Sourcing, demanded: Iterable[Demanded], latest: Sequence[Order], world: World, at: datetime
) -> dict[Demanded, Way]:
    """The ways to serve each demand, on average over some of the latest orders from the region."""
    world = World(world.program, world.catalog, world.stock)  # an outlook that is there must not weigh in the next
    by_region: dict[str, list[str]] = {}
    for item, region in sorted(demanded):
        if item in world.catalog.items and region in world.catalog.nodes:
            by_region.setdefault(region, []).append(item)
    found: dict[Demanded, Way] = {}
    for region, near in customers(latest, sorted(by_region), world).items():
        if near:
            found |= {(item, region): way for item, way in _to_region(policy, region, near, by_region[region], world, at)}
    return found


def customers(orders: Iterable[Order], regions: Sequence[str], world: World) -> dict[str, list[Order]]:
    """The orders by the region's node that is nearest to them; where a region has none, all of them as if placed next door."""
    found: dict[str, list[Order]] = {region: [] for region in regions}
    for order in orders:
        nearest = _nearest(order, regions, world)
        if nearest is not None:
            found[nearest].append(order)
    return {region: near or [_next_door(each, region, world.catalog) for each in orders] for region, near in found.items()}


def _to_region(
    policy: Sourcing, region: str, near: Sequence[Order], items: Sequence[str], world: World, at: datetime
) -> Iterator[tuple[str, Way]]:
    """Ways by item. Each basket is asked for with the next few of the orders, so that all of them are heard."""
    turn = cycle(near)
    for basket in _baskets(items):
        orders = islice(turn, min(CUSTOMERS, len(near)))
        heard = [way for order in orders if (way := _asked(policy, region, _asking(order, basket, world.catalog, at), world, at))]
        yield from ((item, _mean([each[item] for each in heard])) for item in basket if heard)


def _asked(policy: Sourcing, region: str, order: Order, world: World, at: datetime) -> dict[str, Way] | None:
    """The ways for one order, by item; None where its costs cannot be worked out: it tells nothing."""
    try:
        case = case_of(policy, Demand(order, tuple((line.id, 1) for line in order.lines)), world, at)
        found = [site for pool in sites(case)[0] for site in pool]
        trips, _ = trips_of(found, tariff(case.rates, case.policy.late, case.wants, case.world.stock))
    except Unknown:
        return None
    return {want.line.item: _of_line(index, trips, case, region) for index, want in enumerate(case.wants)}


def _of_line(index: int, trips: Iterable[Trip], case: Case, region: str) -> Way:
    costs: dict[str, Decimal] = {}
    for trip in trips:
        if trip.picks[index]:
            cost = trip.fixed * (OWN_SHARE if trip.node == region else OTHER_SHARE) + trip.picks[index][0][0]
            costs[trip.node] = min(cost, costs.get(trip.node, cost))
    return Way(costs, case.wants[index].left_out if weighed(case.policy) else max(costs.values(), default=ZERO))


def _mean(heard: Sequence[Way]) -> Way:
    """The mean of several customers' ways; a node counts where it may serve at least half of them."""
    costs = {}
    for node in sorted({node for way in heard for node in way.costs}):
        known = [way.costs[node] for way in heard if node in way.costs]
        if 2 * len(known) >= len(heard):
            costs[node] = sum(known, ZERO) / len(known)
    return Way(costs, sum((way.not_served for way in heard), ZERO) / len(heard))


def _baskets(items: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(items)
    while basket := list(islice(rest, BASKET)):
        yield basket


def _asking(order: Order, items: Sequence[str], catalog: Catalog, at: datetime) -> Order:
    """The order as if placed now, shipped, with one unit of each item, wanted as soon as its own first line."""
    first = order.lines[0]
    want_by = None if first.want_by is None else at.date() + (first.want_by - order.placed_at.date())
    lines = tuple(_line(first, catalog.items[item], want_by) for item in items)
    return replace(order, placed_at=at, pickup_node=None, lines=lines)


def _line(like: Line, item: Item, want_by: date | None) -> Line:
    """A line for one unit; an item with a `unit_price` of its own sells for that."""
    price = item.attributes.get("unit_price", like.unit_price)
    return replace(like, id=item.id, item=item.id, quantity=1, unit_price=price, method="ship", want_by=want_by)


def _nearest(order: Order, regions: Sequence[str], world: World) -> str | None:
    if order.ship_to is None:
        return None
    place = {"lat": order.ship_to.lat, "lon": order.ship_to.lon}
    miles = [(distance_in_miles(world.catalog.node_views[region], place), region) for region in regions]
    return min(((far, region) for far, region in miles if far is not None), default=(None, None))[1]


def _next_door(order: Order, region: str, catalog: Catalog) -> Order:
    node = catalog.nodes[region]
    return replace(order, ship_to=replace(order.ship_to or Address(), lat=node.lat, lon=node.lon))
