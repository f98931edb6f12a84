"""What it costs to serve a region from each node, by the policy's own terms: as for one of the latest orders from there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import cycle, islice
from typing import NamedTuple

from orderloom.dsl.program import Sourcing
from orderloom.engine.ahead.customers import asking, customers
from orderloom.engine.forecast.expected import Demanded
from orderloom.engine.order import Order
from orderloom.engine.sourcing import Demand, Singles, singles
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


def _to_region(
    policy: Sourcing, region: str, near: Sequence[Order], items: Sequence[str], world: World, at: datetime
) -> Iterator[tuple[str, Way]]:
    """Ways by item. Each basket is asked for with the next few of the orders, so that all of them are heard."""
    turn = cycle(near)
    for basket in _baskets(items):
        orders = [asking(each, basket, world.catalog, at) for each in islice(turn, min(CUSTOMERS, len(near)))]
        heard = [told for order in orders if (told := singles(policy, _one_each(order), world, at))]
        yield from ((item, _mean([_way(each[item], region) for each in heard])) for item in basket if heard)


def _one_each(order: Order) -> Demand:
    return Demand(order, tuple((line.id, 1) for line in order.sourced_lines))


def _way(told: Singles, region: str) -> Way:
    costs = {}
    for node, found in told.by_node.items():
        share = OWN_SHARE if node == region else OTHER_SHARE
        costs[node] = min(each.fixed * share + each.own for each in found)
    return Way(costs, max(costs.values(), default=ZERO) if told.not_served is None else told.not_served)


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
