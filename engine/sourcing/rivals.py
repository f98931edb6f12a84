"""Rivals: lines of one item that are not alike, and share what each node has of it. A unit goes to one of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from orderloom.engine.sourcing.balance import Spread, settled
from orderloom.engine.sourcing.choice import Choice, Lines
from orderloom.engine.sourcing.picks import LEFT_OUT, Picks, Span, left_out, span
from orderloom.engine.sourcing.trip import Problem, Trip

_Cell = tuple[str, int, int]  #: node, and units of its stock that are alike to all lines and trips


def contested(choice: Choice, problem: Problem) -> bool:
    """Whether two lines of an item take the same unit."""
    return bool(problem.rivals) and any(_overlap(choice, problem, group) for group in problem.rivals)


def _overlap(choice: Choice, problem: Problem, group: Sequence[int]) -> bool:
    spans: dict[str, list[Span]] = {}
    for index in group:
        for pick in choice.lines[index]:
            if pick[1] != LEFT_OUT:
                spans.setdefault(problem.trips[pick[1]].node, []).append(span(pick))
    return any(one[1] > other[0] for taken in spans.values() for one, other in pairwise(sorted(taken)))


def shared(choice: Choice, problem: Problem) -> Lines:
    """What each line takes so that all together costs least and no unit goes to two; the trips have no surcharges."""
    lines = list(choice.lines)
    for group in problem.rivals:
        if _overlap(choice, problem, group):
            for index, picks in zip(group, _shared(choice.trips, group, problem), strict=True):
                lines[index] = picks
    return tuple(lines)


def _shared(trips: Sequence[Trip], group: Sequence[int], problem: Problem) -> Lines:
    wants = [problem.wants[index] for index in group]
    cells = _cells(trips, group)
    picks = [
        [*(_at(cell, trips, index) for cell in cells), left_out(want.left_out, want.quantity)]
        for index, want in zip(group, wants, strict=True)
    ]
    taken = [[0] * len(cells) + [want.quantity] for want in wants]
    rooms = [end - start for _, start, end in cells]
    return settled(Spread(picks, taken, [()] * (len(cells) + 1), [*rooms, sum(want.quantity for want in wants)]))


def _cells(trips: Sequence[Trip], group: Sequence[int]) -> list[_Cell]:
    """Each node's stock, cut wherever a run of a line's equally dear units, or a supply, begins or ends."""
    cuts: dict[str, set[int]] = {}
    for trip in trips:
        for index in group:
            share = trip.shares[index]
            if share and trip.picks[index]:
                at = cuts.setdefault(trip.node, set())
                at.update(edge for pick in trip.picks[index] for edge in span(pick))
                at.update(lot.first for lot in share.lots)
    return [(node, start, end) for node, edges in sorted(cuts.items()) for start, end in pairwise(sorted(edges))]


def _at(cell: _Cell, trips: Sequence[Trip], index: int) -> Picks:
    """The cheapest way to bring a line the units of the cell; none where no trip does."""
    node, start, end = cell
    found = [
        (cost, rank, start, end - start)
        for trip in trips
        if trip.node == node
        for cost, rank, unit, count in trip.picks[index]
        if _within((start, end), span((cost, rank, unit, count)))
    ]
    return (min(found),) if found else ()


def _within(one: Span, other: Span) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]
