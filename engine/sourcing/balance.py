"""Balance: the best way to spread the lines over trips of which a further unit may cost more than the one before it.

A minimum-cost flow with convex costs. It starts with every line's own cheapest units and moves single units along the
cheapest chain of trips, one unit a link, until no chain saves anything (Ford and Fulkerson's successive shortest paths).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from orderloom.engine.sourcing.choice import Choice, Lines
from orderloom.engine.sourcing.trip import LEFT_OUT, Pick, Problem

_ZERO = Decimal(0)


class _Move(NamedTuple):
    """Moves one unit of a line between two places; places are trips by their index, the last one is out."""

    cost: Decimal
    line: int


@dataclass(slots=True, eq=False)
class _Spread:
    """Picks that each line may have at each place, the cheapest first, and how many of them it has."""

    picks: list[list[Sequence[Pick]]]
    taken: list[list[int]]
    surcharges: list[tuple[Decimal, ...]]

    @property
    def places(self) -> range:
        return range(len(self.surcharges))

    def surcharge(self, place: int, more: int) -> Decimal:
        """What the last unit at the place costs more (0 for `more`), or what the next one would (1)."""
        index = sum([taken[place] for taken in self.taken]) - 1 + more
        surcharge = self.surcharges[place]
        return surcharge[index] if 0 <= index < len(surcharge) else _ZERO

    def move(self, start: int, end: int) -> _Move | None:
        """The cheapest move of one unit between the places, None where there is none."""
        moves = [
            _Move(picks[end][taken[end]][0] - picks[start][taken[start] - 1][0], line)
            for line, (picks, taken) in enumerate(zip(self.picks, self.taken, strict=True))
            if taken[start] and taken[end] < len(picks[end])
        ]
        return min(moves, default=None)


def balanced(choice: Choice, problem: Problem) -> Lines:
    """What each line takes so that all together costs least; the trips must be exact, and each of another node."""
    spread = _spread(choice, problem)
    while chain := _cheapest_chain(spread):
        for start, end, line in chain:
            spread.taken[line][start] -= 1
            spread.taken[line][end] += 1
    return tuple(
        tuple(pick for place in spread.places for pick in picks[place][: taken[place]])
        for picks, taken in zip(spread.picks, spread.taken, strict=True)
    )


def _spread(choice: Choice, problem: Problem) -> _Spread:
    ranks = [*(trip.rank for trip in choice.trips), LEFT_OUT]
    picks: list[list[Sequence[Pick]]] = []
    for index, want in enumerate(problem.wants):
        out = tuple((want.left_out, LEFT_OUT, n) for n in range(want.quantity))
        picks.append([*(trip.picks[index] for trip in choice.trips), out])
    taken = [[sum(rank == each for _, rank, _ in line) for each in ranks] for line in choice.lines]
    return _Spread(picks, taken, [*(trip.surcharge for trip in choice.trips), ()])


def _cheapest_chain(spread: _Spread) -> list[tuple[int, int, int]]:
    """The chain of moves that saves most, as (from, to, line); empty where none saves anything."""
    moves = {(a, b): move for a, b in product(spread.places, repeat=2) if a != b and (move := spread.move(a, b))}
    cost = {place: -spread.surcharge(place, 0) for place in spread.places}
    before: dict[int, int] = {}
    for _ in spread.places:
        for (start, end), move in moves.items():
            if cost[start] + move.cost < cost[end]:
                cost[end], before[end] = cost[start] + move.cost, start
    saved, end = min(((cost[place] + spread.surcharge(place, 1), place) for place in before), default=(_ZERO, 0))
    chain: list[tuple[int, int, int]] = []
    if saved >= 0:
        return chain
    while end in before:
        start = before.pop(end)
        chain.append((start, end, moves[start, end].line))
        end = start
    return chain
