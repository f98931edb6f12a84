"""Picks: units that a line may have, in runs of equal cost. A line of 100,000 units is as few picks as one of 3.

A pick is (cost of each unit, rank of the trip that brings it, first unit, count). Units of a node's stock are counted from 0
as in its share; those of a pick are the numbers `range(unit, unit + count)` without their sign, so that a run which takes the
last units first counts up from below 0. A unit that is left out has the rank `LEFT_OUT`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

Pick = tuple[Decimal, int, int, int]
Picks = tuple[Pick, ...]
Span = tuple[int, int]  #: units from the first to before the second

LEFT_OUT = 1 << 30

_ZERO = Decimal(0)


def left_out(cost: Decimal, quantity: int) -> Picks:
    """Units of a line without a source."""
    return ((cost, LEFT_OUT, 0, quantity),) if quantity else ()


def cost_of(picks: Picks) -> Decimal:
    """What the units of the picks cost together."""
    if len(picks) == 1:
        cost, _, _, count = picks[0]
        return cost if count == 1 else cost * count
    return sum([cost * count for cost, _, _, count in picks], _ZERO)


def units_of(picks: Iterable[Pick], rank: int) -> int:
    """How many units come with the trip of this rank."""
    return sum([count for _, other, _, count in picks if other == rank])


def first(picks: Iterable[Pick], quantity: int) -> Picks:
    """The first so many units of the picks."""
    if type(picks) is tuple and picks and (most := picks[0][3]) >= quantity > 0:
        return picks[:1] if most == quantity else ((*picks[0][:3], quantity),)
    found = []
    for pick in picks:
        if pick[3] >= quantity:
            if quantity:
                found.append(pick if pick[3] == quantity else (*pick[:3], quantity))
            break
        found.append(pick)
        quantity -= pick[3]
    return tuple(found)


def span(pick: Pick) -> Span:
    """The units of a node's stock that the pick takes."""
    _, _, unit, count = pick
    return (unit, unit + count) if unit >= 0 else (1 - unit - count, 1 - unit)


def without(pick: Pick, spans: Iterable[Span]) -> Iterator[Pick]:
    """The parts of the pick that take none of these units."""
    cost, rank, unit, count = pick
    free = [(unit, unit + count)]
    for start, end in spans:
        low, high = (start, end) if unit >= 0 else (1 - end, 1 - start)
        free = [part for a, b in free for part in ((a, min(b, low)), (max(a, high), b)) if part[0] < part[1]]
    return ((cost, rank, a, b - a) for a, b in free)
