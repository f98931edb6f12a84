"""Customers: who is asked, in the place of all who are still to come, what a unit costs a region."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from msgspec.structs import replace

from orderloom.dsl.functions import distance_in_miles
from orderloom.engine.catalog import Catalog, Item
from orderloom.engine.order import Address, Line, Order
from orderloom.engine.world import World


def customers(orders: Iterable[Order], regions: Sequence[str], world: World) -> dict[str, list[Order]]:
    """The orders by the region's node that is nearest to them; where a region has none, all of them as if placed next door."""
    found: dict[str, list[Order]] = {region: [] for region in regions}
    for order in orders:
        nearest = _nearest(order, regions, world)
        if nearest is not None:
            found[nearest].append(order)
    return {region: near or [_next_door(each, region, world.catalog) for each in orders] for region, near in found.items()}


def asking(order: Order, items: Sequence[str], catalog: Catalog, at: datetime) -> Order:
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
