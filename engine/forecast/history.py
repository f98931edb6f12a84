"""History of demand: what the customers of each region wanted week by week, and what that lets expect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from orderloom.dsl.functions import distance_in_miles
from orderloom.engine.catalog import Catalog
from orderloom.engine.forecast.expected import Demanded, Expected
from orderloom.engine.forecast.trend import ahead
from orderloom.engine.order import Order

WEEK = 7
CENT = Decimal("0.01")


def region_of(order: Order, regions: Sequence[str], catalog: Catalog) -> str | None:
    """The region that the order's demand counts for, by its node: where it is picked up, else the nearest to the customer.

    Where no place is known it is the first node of the customer's region, else the node that sold it; None where that is none.
    """
    if order.pickup_node in regions:
        return order.pickup_node
    if order.ship_to is not None:
        place = {"lat": order.ship_to.lat, "lon": order.ship_to.lon}
        miles = [(distance_in_miles(catalog.node_views[region], place), region) for region in regions]
        near = min(((far, region) for far, region in miles if far is not None), default=None)
        if near is not None:
            return near[1]
        same = [region for region in regions if catalog.nodes[region].region == order.ship_to.region is not None]
        if same:
            return min(same)
    return order.selling_node if order.selling_node in regions else None


def weekly(orders: Iterable[Order], regions: Sequence[str], catalog: Catalog, today: date) -> dict[Demanded, list[int]]:
    """Units wanted in each whole week from the first order until yesterday, the oldest first; weeks are counted back from today.

    What was cancelled later was wanted, too.
    """
    first, wanted = today, Counter[tuple[Demanded, int]]()
    for order in orders:
        day, region = order.placed_at.date(), region_of(order, regions, catalog)
        first = min(first, day)
        if region is not None and day < today:
            for line in order.sourced_lines:
                wanted[(line.item, region), (today - day - timedelta(days=1)).days // WEEK] += line.quantity
    weeks = (today - first).days // WEEK
    found: dict[Demanded, list[int]] = {}
    for (key, back), units in wanted.items():
        if back < weeks:
            found.setdefault(key, [0] * weeks)[weeks - 1 - back] += units
    return found


def proposed(history: dict[Demanded, list[int]], today: date, weeks: int) -> tuple[Expected, ...]:
    """What to expect of each item and region in each of the next weeks, from today on."""
    return tuple(
        Expected(item, region, today + timedelta(days=WEEK * number), WEEK, units)
        for (item, region), series in sorted(history.items())
        for number, units in enumerate(ahead(series, weeks))
    )


def overlap(one: Expected, begins: date, days: int) -> Decimal:
    """Units of what is expected that fall into these days."""
    first, last = max(one.begins, begins), min(one.begins + timedelta(days=one.days), begins + timedelta(days=days))
    return one.units * max(0, (last - first).days) / one.days


def up_to(expected: Iterable[Expected], day: date) -> tuple[Expected, ...]:
    """What is expected before this day; what goes on beyond it is cut."""
    return tuple(
        Expected(each.item, each.region, each.begins, min(each.days, (day - each.begins).days), _before(each, day))
        for each in expected
        if each.begins < day
    )


def _before(expected: Expected, day: date) -> Decimal:
    """The units before the day, to the hundredth; all of them where it ends by then."""
    part = overlap(expected, expected.begins, (day - expected.begins).days)
    return part if part == expected.units else part.quantize(CENT)
