"""An outlook: what a unit of an item at a node will be worth to the demand that is still to come.

The price of a unit is what the best way to serve the demand ahead would lose without it, on average over several demands drawn
from the forecast. A unit for which there will be no other use is worth nothing; one that spares another node a long way is
worth the difference; one that is the last of its kind, what it costs not to serve a customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from orderloom.dsl.program import Sourcing
from orderloom.engine.duals import Lane, Market, prices
from orderloom.engine.forecast import Demanded, Expected, drawn, remaining
from orderloom.engine.order import Order
from orderloom.engine.reach import Reached, customers, reach
from orderloom.engine.stock import Key
from orderloom.engine.world import World

SAMPLES = 10  #: demands that are drawn; more make the prices steadier
CENT = Decimal("0.01")


class Outlook(Struct, frozen=True):
    """The price of a unit by item and node, and when it was worked out; what is not in it is worth nothing."""

    made_at: datetime
    prices: dict[Key, Decimal]


def outlook(policy: Sourcing, forecast: Iterable[Expected], latest: Sequence[Order], world: World, at: datetime) -> Outlook:
    """The outlook of this moment.

    `latest` are orders of late, from which is known who the customers are; none of them, no outlook. Equal input gives equal
    prices.
    """
    world = World(world.program, world.catalog, world.stock)  # what is worked out anew must not weigh in it
    expected = {key: units for key, units in remaining(forecast, at.date()).items() if _known(key, world)}
    reached = _reached(policy, expected, latest, world, at)
    demands = [key for key in expected if key in reached]
    supplies = _free(reached)
    lanes = _lanes(demands, reached, {key: index for index, key in enumerate(supplies)})
    market = Market(list(supplies.values()), len(demands), lanes)
    wanted = [[drawn(expected[key], f"{key[0]} {key[1]}", n, SAMPLES) for key in demands] for n in range(SAMPLES)]
    found = prices(market, wanted) if lanes else []
    worth = {key: Decimal(price).quantize(CENT) for key, price in zip(supplies, found, strict=False)}
    return Outlook(at, {key: price for key, price in worth.items() if price})


def _known(key: Demanded, world: World) -> bool:
    item, region = key
    return item in world.catalog.items and region in world.catalog.nodes


def _reached(
    policy: Sourcing, expected: Mapping[Demanded, Decimal], latest: Sequence[Order], world: World, at: datetime
) -> dict[Demanded, Reached]:
    found: dict[Demanded, Reached] = {}
    regions = sorted({region for _, region in expected})
    for region, near in customers(latest, regions, world).items():
        items = [item for item, wanted_in in expected if wanted_in == region]
        if near:
            found |= {(item, region): each for item, each in reach(policy, region, near, items, world, at).items()}
    return found


def _free(reached: Mapping[Demanded, Reached]) -> dict[Key, int]:
    """Units that may be promised, at any date, to any region."""
    return {(item, node): units for (item, _), costs in sorted(reached.items()) for node, units in costs.free.items()}


def _lanes(demands: Sequence[Demanded], reached: Mapping[Demanded, Reached], supplies: Mapping[Key, int]) -> list[Lane]:
    """Lanes that save something against not serving."""
    found = []
    for demand, (item, region) in enumerate(demands):
        costs = reached[item, region]
        for node, cost in costs.costs.items():
            saves = costs.not_served - cost
            if saves > 0:
                found.append(Lane(demand, supplies[item, node], float(saves)))
    return found
