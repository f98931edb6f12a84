"""Runs: what each of many units costs by a number that changes from unit to unit, asked for only where it can change."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from orderloom.dsl.program import CostTerm
from orderloom.engine.sourcing.costs import ZERO, amount

Starts = dict[int, Decimal]  #: from which unit on, counted from 0, each costs how much


def runs(terms: Iterable[CostTerm], context: Mapping[str, object], name: str, values: Sequence[int]) -> Starts:
    """The costs of units for which `name` has one of the values each, one after the other; raises Unknown."""
    each = [_of_term(term, context, name, values) for term in terms]
    if len(each) == 1:
        return each[0]
    found: Starts = {}
    for start in sorted({start for starts in each for start in starts}):
        found[start] = sum([cost_at(starts, start) for starts in each], ZERO)
    return found


def cost_at(starts: Starts, unit: int) -> Decimal:
    """What this unit costs."""
    return starts[max(start for start in starts if start <= unit)]


def sum_of(starts: Starts, units: int) -> Decimal:
    """What the first so many units cost together."""
    ends = [*list(starts)[1:], units]
    return sum([cost * (end - start) for (start, cost), end in zip(starts.items(), ends, strict=True)], ZERO)


def _of_term(term: CostTerm, context: Mapping[str, object], name: str, values: Sequence[int]) -> Starts:
    seen = dict(context)

    def cost(value: int) -> Decimal:
        seen[name] = value
        return amount(term, seen)

    first = cost(values[0])
    if len(values) == 1:
        return {0: first}
    if term.formula.shape is not None and name in term.formula.shape.turns:
        turn = bisect_left(values, True, key=lambda value: cost(value) != first)
        return {0: first} if turn == len(values) else {0: first, turn: cost(values[turn])}
    found, last = {0: first}, first
    for unit, value in enumerate(values):
        each = cost(value)
        if each != last:
            found[unit] = last = each
    return found
