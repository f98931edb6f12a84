"""An outlook: what a unit of an item at a node will be worth to the demand that is still to come.

The price of a unit is what the best way to serve the demand ahead would lose without it, on average over several demands drawn
from the forecast. A unit for which there will be no other use is worth nothing; one that spares another node a long way is
worth the difference; one that is the last of its kind, what it costs not to serve a customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from orderloom.dsl.program import Sourcing
from orderloom.engine.ahead.market import Lane, Market
from orderloom.engine.ahead.ways import Way
from orderloom.engine.forecast.expected import Demanded, drawn
from orderloom.engine.ledger.stock import Key
from orderloom.engine.promising.availability import availability
from orderloom.engine.views import position_view
from orderloom.engine.world import World

SAMPLES = 15  #: demands that are drawn; more make the prices steadier
CENT = Decimal("0.01")


def outlook(
    policy: Sourcing, expected: Mapping[Demanded, Decimal], ways: Mapping[Demanded, Way], world: World
) -> dict[Key, Decimal]:
    """The price of a unit by item and node, from the units that are still expected and the ways to serve them.

    What is worth nothing is not in it. A demand without ways is left out. Equal input gives equal prices.
    """
    from orderloom.engine.ahead.duals import prices  # the solver takes long to load, and few commands ask for it

    demands = sorted(key for key in expected if key in ways)
    supplies = _free(policy, sorted({item for item, _ in demands}), world)
    lanes = _lanes(demands, ways, {key: index for index, key in enumerate(supplies)})
    market = Market(list(supplies.values()), len(demands), lanes)
    wanted = [[drawn(expected[key], " ".join(key), n, SAMPLES) for key in demands] for n in range(SAMPLES)]
    found = prices(market, wanted) if lanes else []
    worth = {key: Decimal(price).quantize(CENT) for key, price in zip(supplies, found, strict=False)}
    return {key: price for key, price in worth.items() if price}


def _free(policy: Sourcing, items: Iterable[str], world: World) -> dict[Key, int]:
    """Units that may be promised of the items, at any date, to somebody who is not known yet."""
    promising, found = world.program.promising[policy.promising], {}
    for item in items:
        for node in sorted(world.stock.nodes_of(item)):
            position = world.stock.position(item, node)
            context = {"node": world.catalog.node_views[node], "item": world.catalog.item_views[item]}
            if position is not None:
                context["position"] = position_view(position, world.program.attributes)
            found[item, node] = availability(position, promising, context, item, node).total
    return found


def _lanes(demands: Sequence[Demanded], ways: Mapping[Demanded, Way], supplies: Mapping[Key, int]) -> list[Lane]:
    """Lanes that save something against not serving."""
    found = []
    for demand, (item, region) in enumerate(demands):
        way = ways[item, region]
        for node, cost in way.costs.items():
            saves = way.not_served - cost
            if saves > 0 and (item, node) in supplies:
                found.append(Lane(demand, supplies[item, node], float(saves)))
    return found
