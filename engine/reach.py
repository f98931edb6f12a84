"""What it costs to serve a region from each node, by the policy's own terms: as for one of the latest orders from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from msgspec.structs import replace

from orderloom.dsl.functions import distance_in_miles
from orderloom.dsl.program import Sourcing
from orderloom.engine.catalog import Catalog, Item
from orderloom.engine.order import Address, Line, Order
from orderloom.engine.sourcing.costs import Unknown
from orderloom.engine.sourcing.demand import Demand
from orderloom.engine.sourcing.sites import Case, Site, sites, trips_of
from orderloom.engine.sourcing.solve import case_of, weighed
from orderloom.engine.sourcing.tariff import tariff
from orderloom.engine.sourcing.trip import Trip
from orderloom.engine.world import World

BASKET = 20  #: items that are asked for at once; it changes nothing but the time that it takes

#: Which part of a shipment's fixed cost one unit bears. The region's own node often sends something to the customer anyway.
OWN_SHARE = Decimal("0.5")
OTHER_SHARE = Decimal("0.8")


class Reached(NamedTuple):
    """What a unit of an item costs a region from each node that may send it, how many these have, and what none costs."""

    costs: dict[str, Decimal]
    free: dict[str, int]
    not_served: Decimal


def customers(orders: Iterable[Order], regions: Sequence[str], world: World) -> dict[str, list[Order]]:
    """The orders by the region's node that is nearest to them; where a region has none, all of them as if placed next door."""
    found: dict[str, list[Order]] = {region: [] for region in regions}
    for order in orders:
        nearest = _nearest(order, regions, world)
        if nearest is not None:
            found[nearest].append(order)
    return {region: near or [_next_door(each, region, world.catalog) for each in orders] for region, near in found.items()}


def reach(
    policy: Sourcing, region: str, near: Sequence[Order], items: Sequence[str], world: World, at: datetime
) -> dict[str, Reached]:
    """What a unit of each item costs the region; the baskets are in turn those of the region's customers."""
    found: dict[str, Reached] = {}
    for number, basket in enumerate(_baskets(items)):
        order = _asking(near[number % len(near)], basket, world.catalog, at)
        try:
            case = case_of(policy, Demand(order, tuple((item, 1) for item in basket)), world, at)
            found |= _reached(case, region)
        except Unknown:
            continue  # an order that cannot be worked out tells nothing
    return found


def _reached(case: Case, region: str) -> dict[str, Reached]:
    found = [site for pool in sites(case)[0] for site in pool]
    trips, _ = trips_of(found, tariff(case.policy, case.promising, case.wants, case.world.stock))
    return {want.line.item: _of_line(index, found, trips, case, region) for index, want in enumerate(case.wants)}


def _of_line(index: int, found: Iterable[Site], trips: Iterable[Trip], case: Case, region: str) -> Reached:
    free = {site.node: share.available.total for site in found if (share := site.shares[index])}
    costs: dict[str, Decimal] = {}
    for trip in trips:
        if trip.picks[index]:
            cost = trip.fixed * (OWN_SHARE if trip.node == region else OTHER_SHARE) + trip.picks[index][0][0]
            costs[trip.node] = min(cost, costs.get(trip.node, cost))
    dearest = max(costs.values(), default=Decimal(0))
    return Reached(costs, free, case.wants[index].left_out if weighed(case.policy) else dearest)


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
