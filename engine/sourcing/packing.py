"""Packing: the best way to spread the lines over a given set of trips, at its true cost.

Each line for itself takes its cheapest units; that is the best way unless a further unit of a trip costs more than the one
before it (a surcharge), or the trips' figures are mere bounds. Then every way is tried.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import prod

from orderloom.engine.sourcing.balance import balanced
from orderloom.engine.sourcing.choice import Choice, Lines, surcharges, unused
from orderloom.engine.sourcing.costs import ZERO, Unknown
from orderloom.engine.sourcing.flow import spread
from orderloom.engine.sourcing.picks import LEFT_OUT, Picks, Span, cost_of, first, left_out, span, without
from orderloom.engine.sourcing.pricing import contents, shipment_costs
from orderloom.engine.sourcing.rivals import contested, shared
from orderloom.engine.sourcing.tariff import Tariff
from orderloom.engine.sourcing.trip import Problem, Trip

_WAYS = 2_000  #: ways to spread the lines over one set of trips that are tried before each line takes its own cheapest
_COUNTED = 50  #: units of a line up to which the ways are counted, not bounded

Used = tuple[tuple[str, Span], ...]  #: nodes, and units of their stock


class Packing:
    """Settles choices of one problem; `doubt` is the least that a choice may cost for which not every way was tried."""

    def __init__(self, problem: Problem, tariff: Tariff) -> None:
        self.problem = problem
        self.tariff = tariff
        self.doubt: Decimal | None = None

    def __call__(self, choice: Choice) -> Choice | None:
        """The best way to use every one of the trips, at its true cost; None where there is none."""
        exact = all(trip.exact for trip in choice.trips)
        if len(choice.trips) > 1:
            choice = Choice(tuple(_by_rank(choice.trips)), choice.lines, choice.cost)
        surcharged, rivals = surcharges(choice) > 0, contested(choice, self.problem)
        if exact and not surcharged and not rivals:
            return None if unused(choice) else choice
        if exact and not surcharged:
            level = Choice(choice.trips, shared(choice, self.problem), ZERO)
            if not surcharges(level):
                return self._priced(level, exact)
        if exact and not rivals:
            apart = len({trip.node for trip in choice.trips}) == len(choice.trips)
            level = Choice(choice.trips, (balanced if apart else spread)(choice, self.problem), ZERO)
            if not contested(level, self.problem):
                return self._priced(level, exact)
        return self._tried(choice, exact)

    def _tried(self, choice: Choice, exact: bool) -> Choice | None:
        """The best of every way to spread the lines, or the plainest one where there are too many."""
        moving = {index for index, picks in enumerate(choice.lines) if not exact or self._surcharged(picks)}
        moving |= {index for group in self.problem.rivals for index in group}
        if prod(_count(choice.trips, index, self.problem.wants[index].quantity) for index in moving) > _WAYS:
            self.doubt = choice.cost if self.doubt is None else min(self.doubt, choice.cost)
            ways: Iterable[Lines] = [shared(choice, self.problem)]
        else:
            ways = self._ways(choice, moving, 0, {})
        priced = (self._priced(Choice(choice.trips, lines, ZERO), exact) for lines in ways)
        return min((way for way in priced if way), key=lambda way: way.cost, default=None)

    def _surcharged(self, picks: Picks) -> bool:
        """Whether a surcharge can make a line leave its cheapest units."""
        return any(rank != LEFT_OUT and self.problem.trips[rank].surcharge for _, rank, _, _ in picks)

    def _ways(self, choice: Choice, moving: Container[int], index: int, used: Mapping[str, Used]) -> Iterator[Lines]:
        """Every way to spread the lines from this one on; `used` are the units of each item that others have."""
        if index == len(choice.lines):
            yield ()
            return
        item, want = self.problem.wants[index].line.item, self.problem.wants[index]
        taken = used.get(item, ())
        spreads = _taken(_by_rank(choice.trips), index, want.quantity, taken) if index in moving else [choice.lines[index]]
        for picks in spreads:
            missing = want.quantity - sum([pick[3] for pick in picks])
            mine = tuple((self.problem.trips[pick[1]].node, span(pick)) for pick in picks if pick[1] != LEFT_OUT)
            for others in self._ways(choice, moving, index + 1, {**used, item: (*taken, *mine)}):
                yield ((*picks, *left_out(want.left_out, missing)), *others)

    def _priced(self, choice: Choice, exact: bool) -> Choice | None:
        if unused(choice):
            return None
        cost = self._cost(choice) if exact else self._true_cost(choice)
        return None if cost is None else Choice(choice.trips, choice.lines, cost)

    def _cost(self, choice: Choice) -> Decimal:
        fixed = sum([trip.fixed for trip in choice.trips], self.problem.extra * (len(choice.trips) - 1))
        return fixed + sum([cost_of(picks) for picks in choice.lines], surcharges(choice))

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


def _by_rank(trips: Iterable[Trip]) -> list[Trip]:
    """The trips in order; of a node's trips the earlier days first."""
    return sorted(trips, key=lambda trip: trip.rank)


def _left_out(lines: Lines) -> Decimal:
    return sum([cost_of(tuple(pick for pick in picks if pick[1] == LEFT_OUT)) for picks in lines], ZERO)


def _count(trips: Sequence[Trip], index: int, needed: int) -> int:
    """In how many ways up to so many units of a line can be taken from the trips, at most."""
    caps = [min(needed, sum([pick[3] for pick in trip.picks[index]])) for trip in trips]
    if needed > _COUNTED:
        return prod([cap + 1 for cap in caps])
    ways = [1] + [0] * needed
    for cap in caps:
        ways = [sum(ways[max(0, units - cap) : units + 1]) for units in range(needed + 1)]
    return sum(ways)


def _taken(trips: Sequence[Trip], index: int, needed: int, used: Used) -> Iterator[Picks]:
    """Every way to take up to so many units of a line from the trips, of each the cheapest first; the first are filled first."""
    if not trips:
        yield ()
        return
    trip, *rest = trips
    spans = [taken for node, taken in used if node == trip.node]
    free = [part for pick in trip.picks[index] for part in without(pick, spans)]
    for count in range(min(needed, sum([pick[3] for pick in free])), -1, -1):
        picks = first(free, count)
        for others in _taken(rest, index, needed - count, (*used, *((trip.node, span(pick)) for pick in picks))):
            yield (*picks, *others)
