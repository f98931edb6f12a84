"""Lines of one item in one order: what one of them takes, the others cannot have.

Nothing is taken twice. How such lines share scarce stock is not proved the best: units may be left that a better split would use.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from orderloom.engine.sourcing.demand import Claim, Demand
from orderloom.engine.sourcing.pricing import contents
from orderloom.engine.sourcing.solve import Solution


def contested(demand: Demand) -> bool:
    """Whether two lines want one item."""
    items = [demand.order.line(line).item for line, quantity in demand.quantities if quantity > 0]
    return len(items) > len(set(items))


def claims(demand: Demand, solution: Solution) -> Mapping[Claim, int]:
    """The demand's claims, and new ones where lines of an item would take the same units: who has yielded most may keep them.

    They grow as long as two lines take the same unit, so solving anew with them comes to an end.
    """
    free, taken = _use(solution)
    grown = dict(demand.claimed)
    for (item, node, supply), by_line in taken.items():
        if sum(by_line.values()) > free[item, node, supply]:
            before = 0
            for line in _in_turn(item, demand):
                key = (line, node, supply)
                grown[key] = max(grown.get(key, 0), before)
                before += by_line.get(line, 0)
    return {key: quantity for key, quantity in grown.items() if quantity}


def _in_turn(item: str, demand: Demand) -> list[str]:
    """The lines of an item, those that most is claimed from first."""
    yielded: Counter[str] = Counter()
    for (line, _, _), quantity in demand.claimed.items():
        yielded[line] += quantity
    lines = [line for line, _ in demand.quantities if demand.order.line(line).item == item]
    return sorted(lines, key=lambda line: -yielded[line])


def _use(solution: Solution) -> tuple[dict[tuple[str, str, str], int], dict[tuple[str, str, str], dict[str, int]]]:
    """For each item, node and supply that the best choice uses: its free units, and what each line takes of them."""
    free: dict[tuple[str, str, str], int] = defaultdict(int)
    taken: dict[tuple[str, str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    trips = {trip.rank: trip for trip in solution.best.trips}
    for rank, parts in contents(solution.best).items():
        for share, units in parts:
            for unit in units:
                supply = share.available.free[unit.supply]
                key = (share.want.line.item, trips[rank].node, supply.supply)
                free[key] = max(free[key], supply.quantity)
                taken[key][share.want.line.id] += 1
    return free, taken
