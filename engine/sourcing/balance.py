"""Balance: the best way to spread lines over places where a further unit may cost more than the one before it, or has no room.

A minimum-cost flow with convex costs. It moves units along the cheapest chain of places, as many as cost the same, until no
chain saves anything (Ford and Fulkerson's successive shortest paths).
"""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations
from typing import NamedTuple

from msgspec import Struct

from orderloom.engine.sourcing.choice import Choice, Lines
from orderloom.engine.sourcing.picks import LEFT_OUT, Picks, first, left_out, units_of
from orderloom.engine.sourcing.steps import ZERO, Steps, next_step, step_at
from orderloom.engine.sourcing.trip import Problem

_MANY = 1 << 60  #: more units than anyone wants


class _Run(NamedTuple):
    """Units of the same cost."""

    cost: Decimal
    units: int


class _Move(NamedTuple):
    """Moves units of a line from a place to another, at this cost each."""

    cost: Decimal
    line: int
    units: int


class _Link(NamedTuple):
    """A link of a chain."""

    start: int
    end: int
    move: _Move


class Spread(Struct, frozen=True, eq=False):
    """Picks that each line may have at each place, the cheapest first, and how many units of them it has.

    A place has what units there cost on top, by their number, and room for so many.
    """

    picks: list[list[Picks]]
    taken: list[list[int]]
    surcharges: list[Steps]
    rooms: list[int]

    @property
    def places(self) -> range:
        """The places' indexes."""
        return range(len(self.surcharges))

    def load(self, place: int) -> int:
        """Units at the place."""
        return sum([taken[place] for taken in self.taken])

    def last(self, place: int) -> _Run:
        """What the last units at the place cost on top."""
        load, steps = self.load(place), self.surcharges[place]
        begin = max((start for start, _ in steps if start < load), default=0)
        return _Run(step_at(steps, load - 1), load - begin)

    def further(self, place: int) -> _Run:
        """What further units at the place would cost on top."""
        load, steps = self.load(place), self.surcharges[place]
        return _Run(step_at(steps, load), min(next_step(steps, load) or _MANY, self.rooms[place]) - load)

    def moves(self) -> dict[tuple[int, int], _Move]:
        """The cheapest move from one place to another, where there is any."""
        going: list[list[tuple[int, _Run]]] = [[] for _ in self.places]
        coming: list[dict[int, _Run]] = [{} for _ in self.places]
        for line, (row, counts) in enumerate(zip(self.picks, self.taken, strict=True)):
            for place, (picks, taken) in enumerate(zip(row, counts, strict=True)):
                last, following = _around(picks, taken)
                if taken:
                    going[place].append((line, last))
                if following.units:
                    coming[place][line] = following
        found: dict[tuple[int, int], _Move] = {}
        for start, end in permutations(self.places, 2):
            between = [_move(line, last, coming[end][line]) for line, last in going[start] if line in coming[end]]
            if between:
                found[start, end] = min(between)
        return found


def _move(line: int, last: _Run, following: _Run) -> _Move:
    return _Move(following.cost - last.cost, line, min(last.units, following.units))


def _around(picks: Picks, taken: int) -> tuple[_Run, _Run]:
    """The last of the units taken, and the next ones."""
    last, begin = _Run(ZERO, 0), 0
    for cost, _, _, count in picks:
        if taken < begin + count:
            return (_Run(cost, taken - begin) if taken > begin else last), _Run(cost, begin + count - taken)
        last, begin = _Run(cost, count), begin + count
    return last, _Run(ZERO, 0)


def balanced(choice: Choice, problem: Problem) -> Lines:
    """What each line takes so that all together costs least; the trips must be exact, and each of another node."""
    ranks = [*(trip.rank for trip in choice.trips), LEFT_OUT]
    picks: list[list[Picks]] = []
    for index, want in enumerate(problem.wants):
        picks.append([*(trip.picks[index] for trip in choice.trips), left_out(want.left_out, want.quantity)])
    taken = [[units_of(line, rank) for rank in ranks] for line in choice.lines]
    return settled(Spread(picks, taken, [*(trip.surcharge for trip in choice.trips), ()], [_MANY] * len(ranks)))


def settled(spread: Spread) -> Lines:
    """What each line takes so that all together costs least, of a spread that no chain within its places makes cheaper."""
    while chain := _cheapest_chain(spread):
        ends = spread.last(chain[-1].start), spread.further(chain[0].end)
        units = min(*(run.units for run in ends), *(link.move.units for link in chain))
        for start, end, move in chain:
            spread.taken[move.line][start] -= units
            spread.taken[move.line][end] += units
    return tuple(
        tuple(pick for picks, count in zip(row, taken, strict=True) for pick in first(picks, count))
        for row, taken in zip(spread.picks, spread.taken, strict=True)
    )


def _cheapest_chain(spread: Spread) -> list[_Link]:
    """The chain of moves that saves most, the last one first; empty where none saves anything."""
    moves = spread.moves()
    cost = {place: -spread.last(place).cost for place in spread.places}
    before: dict[int, int] = {}
    for _ in spread.places:
        for (start, end), move in moves.items():
            if cost[start] + move.cost < cost[end]:
                cost[end], before[end] = cost[start] + move.cost, start
    free = [(place, run) for place in before if (run := spread.further(place)).units > 0]
    saved, end = min(((cost[place] + run.cost, place) for place, run in free), default=(ZERO, 0))
    chain: list[_Link] = []
    while saved < 0 and end in before:
        start = before.pop(end)
        chain.append(_Link(start, end, moves[start, end]))
        end = start
    return chain
