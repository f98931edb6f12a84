"""Limits that speak of several lines at once: the whole order or nothing, groups that leave or arrive together.

The search knows nothing of them. It solves the problem without them; where its best choice keeps them, it is the best of all.
Where a group is torn, the problem falls into cases that between them leave out no choice that keeps the group: none of it
goes, or all of it goes with this trip (or on this day), one case for each. A case whose best choice is no better than one that is
known is not looked into (branch and bound: Land and Doig, 1960).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from orderloom.dsl.program import Formula, Sourcing
from orderloom.engine.sourcing.choice import Choice, preference, start
from orderloom.engine.sourcing.demand import Want
from orderloom.engine.sourcing.picks import LEFT_OUT, Picks, cost_of, first, left_out, units_of
from orderloom.engine.sourcing.search import Found
from orderloom.engine.sourcing.trip import DAY, ORDER, SHIPMENT, Binds, Group, Problem, Trip

_CASES = 2_000  #: that are looked into before the best so far is settled for


class _Case(NamedTuple):
    """A part of the problem, and what its choices cost at least."""

    problem: Problem
    least: Decimal


def within_limits(problem: Problem, solve: Callable[[Problem], Found]) -> Found:
    """The best choices that tear no group of the problem; `solve` finds those of a problem, whatever its groups."""
    if not problem.groups:
        return solve(problem)
    nothing, missing = start(problem), problem.missing
    kept = Found([(preference(problem, nothing), nothing)])
    cases, looked = [_Case(problem, -missing)], 0
    while cases and looked < _CASES:
        case, least = cases.pop()
        if least > kept.best[0][1].cost:
            continue
        found, looked = solve(case), looked + 1
        kept.lower(found.bound)
        for key, choice in found.best:
            if choice.cost < missing and torn(problem, choice) is None:
                kept.offer(key, choice)
        key, best = found.best[0]
        group = torn(problem, best) if best.cost < missing and key < kept.best[0][0] else None
        if group is not None:
            cases += sorted(_cases(case, group, best.cost), key=lambda each: -each.least)
    for _, least in cases:
        kept.lower(least)
    return kept


def groups_of(policy: Sourcing, wants: Sequence[Want], base: Mapping[str, object]) -> tuple[Group, ...]:
    """The groups that the policy's limits make of the lines."""
    whole = policy.all_or_nothing is not None and policy.all_or_nothing(base) is True
    groups = [Group(tuple(range(len(wants))), ORDER)] if whole else []
    groups += _named(policy.ship_together, SHIPMENT, wants, base) + _named(policy.deliver_together, DAY, wants, base)
    return (*groups, *_made_up(wants))


def _made_up(wants: Sequence[Want]) -> list[Group]:
    """Components of one line, which leave in one shipment."""
    parts: dict[str, list[int]] = {}
    for index, want in enumerate(wants):
        if want.line.part_of is not None and not want.line.apart:
            parts.setdefault(want.line.part_of, []).append(index)
    return [Group(tuple(lines), SHIPMENT) for lines in parts.values() if len(lines) > 1]


def _named(formula: Formula | None, binds: Binds, wants: Sequence[Want], base: Mapping[str, object]) -> list[Group]:
    """The groups to which the formula gives names."""
    by_name: dict[object, list[int]] = {}
    if formula is not None:
        for line, want in enumerate(wants):
            by_name.setdefault(formula({**base, "line": want.view, "item": want.item_view}), []).append(line)
    by_name.pop(None, None)
    return [Group(tuple(lines), binds) for lines in by_name.values()]


def torn(problem: Problem, choice: Choice) -> Group | None:
    """A group that the choice does not keep, None where it keeps all."""
    return next((group for group in problem.groups if is_torn(group, choice)), None) if problem.groups else None


def is_torn(group: Group, choice: Choice) -> bool:
    """Whether the choice does not keep the group."""
    ranks = {pick[1] for line in group.lines for pick in choice.lines[line]}
    if LEFT_OUT in ranks or group.binds == ORDER:
        return LEFT_OUT in ranks and len(ranks) > 1
    return len(ranks if group.binds == SHIPMENT else {trip.deliver_on for trip in choice.trips if trip.rank in ranks}) > 1


# --- cases -------------------------------------------------------------------------------------------------------------


def _cases(problem: Problem, group: Group, least: Decimal) -> Iterator[_Case]:
    """Parts of the problem that between them have every choice that keeps the group, which costs at least so much."""
    yield _Case(_only(problem, group, ()), least)
    whole = _must(problem, group)
    if group.binds == ORDER:
        yield _Case(whole, least)
    elif group.binds == DAY:
        for day in sorted({trip.deliver_on for trip in problem.trips if any(trip.picks[line] for line in group.lines)}):
            yield _Case(_only(whole, group, [trip for trip in problem.trips if trip.deliver_on == day]), least)
    else:
        others = _apart(problem, group)
        for trip in problem.trips:
            if all(units_of(trip.picks[line], trip.rank) >= problem.wants[line].quantity for line in group.lines):
                yield _Case(_only(whole, group, [trip]), max(least, others + _with(trip, problem, group)))


def _must(problem: Problem, group: Group) -> Problem:
    """The problem in which all of the group goes."""
    wants = list(problem.wants)
    for line in group.lines:
        if line not in problem.must:
            wants[line] = replace(wants[line], left_out=wants[line].left_out + problem.missing)
    return replace(problem, wants=tuple(wants), must=problem.must.union(group.lines))


def _only(problem: Problem, group: Group, trips: Iterable[Trip]) -> Problem:
    """The problem in which only these trips bring anything of the group."""
    ranks = {trip.rank for trip in trips}
    return replace(problem, trips=tuple(trip if trip.rank in ranks else _without(trip, group) for trip in problem.trips))


def _without(trip: Trip, group: Group) -> Trip:
    picks = tuple(() if line in group.lines else picks for line, picks in enumerate(trip.picks))
    return trip if picks == trip.picks else replace(trip, picks=picks)


def _with(trip: Trip, problem: Problem, group: Group) -> Decimal:
    """What the group costs at least with the trip."""
    picks = [first(trip.picks[line], problem.wants[line].quantity) for line in group.lines]
    return sum([cost_of(each) for each in picks], trip.fixed)


def _apart(problem: Problem, group: Group) -> Decimal:
    """What the other lines, and the trips, cost at least."""
    least = sum([trip.fixed for trip in problem.trips if trip.fixed < 0], Decimal(0))
    for line, want in enumerate(problem.wants):
        if line not in group.lines:
            picks: Picks = tuple(pick for trip in problem.trips for pick in trip.picks[line])
            least += cost_of(first(sorted((*picks, *left_out(want.left_out, want.quantity))), want.quantity))
    return least
