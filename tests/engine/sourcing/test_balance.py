"""Balancing surcharged trips against every way to spread the lines over them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import groupby, product
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from orderloom.dsl.program import Formula, Origin, Service
from orderloom.engine.promising.promise import Dates
from orderloom.engine.sourcing.balance import balanced
from orderloom.engine.sourcing.choice import Choice, start, surcharges, with_trip
from orderloom.engine.sourcing.picks import Pick, cost_of, first
from orderloom.engine.sourcing.steps import steps
from orderloom.engine.sourcing.trip import Problem, Trip

MONDAY = date(2026, 3, 2)
HERE = Origin("promising.yaml", 1)
PARCEL = Service("parcel", "ship", None, Formula("1", HERE, lambda context: 1), HERE)
OUT = Decimal(30)

costs = st.lists(st.integers(0, 9), max_size=3).map(sorted)
rising = st.lists(st.integers(0, 6), min_size=6, max_size=6).map(sorted)
tables = st.lists(st.tuples(st.tuples(costs, costs), rising), min_size=1, max_size=3)


def problem_of(table, quantities) -> Problem:
    trips = []
    for rank, (lines, surcharge) in enumerate(table):
        picks = tuple(tuple(runs(line[:quantity], rank)) for line, quantity in zip(lines, quantities, strict=True))
        node = f"N{rank}"
        lane = SimpleNamespace(node=SimpleNamespace(id=node))
        extra = steps({unit: Decimal(each) for unit, each in enumerate(surcharge)})
        trips.append(Trip(rank, node, lane, (), PARCEL, Dates(MONDAY, MONDAY), MONDAY, Decimal(0), picks, extra, exact=True))
    wants = tuple(SimpleNamespace(quantity=quantity, left_out=OUT) for quantity in quantities)
    return Problem(tuple(trips), wants, Decimal(0), None, Decimal(0), ())


def runs(costs: list[int], rank: int) -> Iterator[Pick]:
    """Units of the same cost in one pick."""
    unit = 0
    for cost, group in groupby(costs):
        count = len(list(group))
        yield Decimal(cost), rank, unit, count
        unit += count


def whole_cost(trips, lines) -> Decimal:
    return sum((cost_of(picks) for picks in lines), surcharges(Choice(trips, lines, Decimal(0))))


def least_cost(problem: Problem) -> Decimal:
    """By trying how many units of each line each trip takes."""
    ways = []
    for index, want in enumerate(problem.wants):
        counts = product(*(range(sum(pick[3] for pick in trip.picks[index]) + 1) for trip in problem.trips))
        ways.append([each for each in counts if sum(each) <= want.quantity])
    found = []
    for way in product(*ways):
        lines = tuple(
            tuple(pick for trip, count in zip(problem.trips, counts, strict=True) for pick in first(trip.picks[index], count))
            for index, counts in enumerate(way)
        )
        missing = sum(want.quantity - sum(pick[3] for pick in line) for want, line in zip(problem.wants, lines, strict=True))
        found.append(whole_cost(problem.trips, lines) + missing * OUT)
    return min(found)


@given(tables, st.tuples(st.integers(0, 3), st.integers(0, 3)))
def test_no_spread_is_cheaper(table, quantities):
    problem = problem_of(table, quantities)
    choice = start(problem)
    for trip in problem.trips:
        choice = with_trip(choice, trip, problem)
        assert choice is not None
    lines = balanced(choice, problem)
    assert [sum(pick[3] for pick in line) for line in lines] == list(quantities)
    assert whole_cost(problem.trips, lines) == least_cost(problem)
