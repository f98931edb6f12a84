"""Packing: the best way to spread the lines over a given set of trips, at its true cost.

Each line for itself takes its cheapest units; that is the best way unless a further unit of a trip costs more than the one
before it (a surcharge), or the trips' figures are mere bounds. Then every way is tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product
from math import prod

from orderloom.engine.sourcing.balance import balanced
from orderloom.engine.sourcing.choice import Choice, Lines
from orderloom.engine.sourcing.costs import ZERO, Unknown
from orderloom.engine.sourcing.pricing import contents, shipment_costs
from orderloom.engine.sourcing.search import surcharges, unused
from orderloom.engine.sourcing.tariff import Tariff
from orderloom.engine.sourcing.trip import LEFT_OUT, Pick, Problem, Trip

_WAYS = 2_000  #: ways to spread the lines over one set of trips that are tried before each line takes its own cheapest


class Packing:
    """Settles choices of one problem; `doubt` is the least that a choice may cost for which not every way was tried."""

    def __init__(self, problem: Problem, tariff: Tariff) -> None:
        self.problem = problem
        self.tariff = tariff
        self.doubt: Decimal | None = None

    def __call__(self, choice: Choice) -> Choice | None:
        """The best way to use every one of the trips, at its true cost; None where there is none."""
        exact = all(trip.exact for trip in choice.trips)
        if exact and not surcharges(choice):
            return None if unused(choice) else choice
        if exact and len({trip.node for trip in choice.trips}) == len(choice.trips):
            return self._priced(Choice(choice.trips, balanced(choice, self.problem), ZERO), exact)
        moving = {index for index, picks in enumerate(choice.lines) if not exact or self._surcharged(picks)}
        many = prod(_count(choice.trips, index, len(choice.lines[index])) for index in moving) > _WAYS
        if many:
            self.doubt = choice.cost if self.doubt is None else min(self.doubt, choice.cost)
        spreads = [self._spreads(choice, index) if index in moving else [picks] for index, picks in enumerate(choice.lines)]
        ways = [choice.lines] if many else product(*spreads)
        priced = (self._priced(Choice(choice.trips, lines, ZERO), exact) for lines in ways)
        return min((way for way in priced if way), key=lambda way: way.cost, default=None)

    def _surcharged(self, picks: tuple[Pick, ...]) -> bool:
        """Whether a surcharge can make a line leave its cheapest units."""
        return any(rank != LEFT_OUT and self.problem.trips[rank].surcharge for _, rank, _ in picks)

    def _spreads(self, choice: Choice, index: int) -> Iterator[tuple[Pick, ...]]:
        """Every way to spread a line."""
        want = self.problem.wants[index]
        for taken in _taken(choice.trips, index, want.quantity, frozenset()):
            yield (*taken, *((want.left_out, LEFT_OUT, n) for n in range(want.quantity - len(taken))))

    def _priced(self, choice: Choice, exact: bool) -> Choice | None:
        if unused(choice):
            return None
        cost = self._cost(choice) if exact else self._true_cost(choice)
        return None if cost is None else Choice(choice.trips, choice.lines, cost)

    def _cost(self, choice: Choice) -> Decimal:
        fixed = sum([trip.fixed for trip in choice.trips], self.problem.extra * (len(choice.trips) - 1))
        return fixed + sum([pick[0] for picks in choice.lines for pick in picks], surcharges(choice))

    def _true_cost(self, choice: Choice) -> Decimal | None:
        loaded = contents(choice)
        cost = self.problem.extra * (len(choice.trips) - 1) + _left_out(choice.lines)
        try:
            for trip in choice.trips:
                costs = shipment_costs(trip, loaded[trip.rank], self.tariff)
                if costs is None:
                    return None
                cost += sum(costs.values(), ZERO)
        except Unknown:
            return None
        return cost


def _left_out(lines: Lines) -> Decimal:
    return sum((cost for picks in lines for cost, rank, _ in picks if rank == LEFT_OUT), ZERO)


def _count(trips: Sequence[Trip], index: int, needed: int) -> int:
    """In how many ways up to so many units of a line can be taken from the trips, at most."""
    ways = [1] + [0] * needed
    for trip in trips:
        cap = len(trip.picks[index])
        ways = [sum(ways[max(0, units - cap) : units + 1]) for units in range(needed + 1)]
    return sum(ways)


def _taken(trips: Sequence[Trip], index: int, needed: int, used: frozenset[tuple[str, int]]) -> Iterator[tuple[Pick, ...]]:
    """Every way to take up to so many units of a line from the trips, of each the cheapest first."""
    if not trips:
        yield ()
        return
    first, *rest = trips
    free = [pick for pick in first.picks[index] if (first.node, abs(pick[2])) not in used]
    for count in range(min(needed, len(free)) + 1):
        units = frozenset((first.node, abs(unit)) for _, _, unit in free[:count])
        for others in _taken(rest, index, needed - count, used | units):
            yield (*free[:count], *others)
