"""A sourcing problem as a mixed-integer programme, solved by HiGHS.

    minimise    fixed costs of the trips that go + units x their costs + surcharges + extra shipments + what is left out
    such that   a line has what it wants or leaves it out; a trip that brings something goes; no unit of a node's stock is
                taken twice; a node has one service a day; the limits of shipments and of places at the counter are kept

HiGHS counts in floats, so what it says is a hint and no more (see `large`). It is imported when an order needs it and not
before, because loading it takes longer than most plans. One thread, no chance: the same every time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct, field

from orderloom.engine.sourcing.choice import PICKUP
from orderloom.engine.sourcing.picks import span, units_of
from orderloom.engine.sourcing.ride import WALL
from orderloom.engine.sourcing.trip import Problem, Trip

if TYPE_CHECKING:
    import highspy

_NODES = 2_000  #: branches of HiGHS' own search: work, not time, so that a plan does not hang on the speed of the machine
_SECONDS = 30.0  #: where even that takes too long
_INFINITE = float("inf")


class Worth(NamedTuple):
    """What a unit of each line is worth to the plan, and one shipment less; trips of which it would take more than half."""

    units: tuple[Decimal, ...]
    shipment: Decimal
    trips: tuple[Trip, ...]


class Proposal(NamedTuple):
    """Trips that together are cheap, and what any plan of them costs at least."""

    trips: tuple[Trip, ...]
    bound: Decimal


class _Part(NamedTuple):
    """Units of a node's stock, from one to before another, that a trip may bring for a line; `column` is how many it does."""

    column: int
    trip: Trip
    line: int
    start: int
    end: int


class _Programme(Struct, eq=False):
    """Costs and upper bounds of the columns, which are whole numbers from 0; rows with their bounds."""

    costs: list[float] = []
    most: list[float] = []
    low: list[float] = []
    high: list[float] = []
    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = []
    values: list[float] = []

    def column(self, cost: Decimal, most: float) -> int:
        """A new column; its number."""
        self.costs.append(float(cost))
        self.most.append(most)
        return len(self.costs) - 1

    def row(self, low: float, high: float, plus: Iterable[int], minus: Iterable[int] = (), times: float = 1) -> None:
        """A new row: low <= the columns of `plus` less `times` those of `minus` <= high."""
        for columns, value in ((plus, 1.0), (minus, -times)):
            for column in columns:
                self.columns.append(column)
                self.values.append(value)
        self.starts.append(len(self.columns))
        self.low.append(low)
        self.high.append(high)


def worth(problem: Problem, left_out: Sequence[Decimal]) -> Worth:
    """Where leaving out a unit of a line costs this much: the duals of the programme without whole numbers."""
    programme, _ = _programme(problem, left_out, problem.trips)
    found, lines = _run(programme, whole=False).getSolution(), len(problem.wants)
    *units, shipment = [_decimal(dual) for dual in list(found.row_dual)[: lines + 1]]
    half = tuple(trip for trip, value in zip(problem.trips, found.col_value, strict=False) if value > 0.5)
    return Worth(tuple(units), max(Decimal(0), -shipment), half)


def proposal(problem: Problem, left_out: Sequence[Decimal], trips: Sequence[Trip]) -> Proposal:
    """The best plan of these trips, as far as HiGHS came with it."""
    programme, parts = _programme(problem, left_out, trips)
    solver = _run(programme, whole=True)
    values = list(solver.getSolution().col_value)
    going = {part.trip.rank for part in parts if values and values[part.column] > 0.5}
    chosen = tuple(trip for trip in trips if trip.rank in going)
    return Proposal(chosen, _decimal(solver.getInfo().mip_dual_bound))


def _programme(problem: Problem, left_out: Sequence[Decimal], trips: Sequence[Trip]) -> tuple[_Programme, list[_Part]]:
    programme = _Programme()
    goes = [programme.column(trip.fixed + problem.extra, 1) for trip in trips]
    parts = list(_parts(problem, programme, trips))
    _add_lines(problem, programme, parts, left_out)
    programme.row(0, _INFINITE if problem.max_shipments is None else problem.max_shipments, goes)
    _add_trips(problem, programme, parts, trips)
    _add_stock(problem, programme, parts)
    _add_days(programme, trips)
    _add_counters(problem, programme, trips)
    if problem.extra:
        programme.row(0, _INFINITE, goes, [programme.column(-problem.extra, 1)])
    return programme, parts


def _parts(problem: Problem, programme: _Programme, trips: Sequence[Trip]) -> Iterator[_Part]:
    """The picks, cut wherever another pick of the same stock begins or ends."""
    picks = [(trip, line, pick) for trip in trips for line, picks in enumerate(trip.picks) for pick in picks]
    cuts: dict[tuple[str, str], set[int]] = defaultdict(set)
    for trip, line, pick in picks:
        cuts[trip.node, problem.wants[line].line.item].update(span(pick))
    for trip, line, pick in picks:
        start, end = span(pick)
        for a, b in pairwise(sorted(cut for cut in cuts[trip.node, problem.wants[line].line.item] if start <= cut <= end)):
            yield _Part(programme.column(pick[0], b - a), trip, line, a, b)


def _add_lines(problem: Problem, programme: _Programme, parts: Sequence[_Part], left_out: Sequence[Decimal]) -> None:
    of_line: dict[int, list[int]] = defaultdict(list)
    for part in parts:
        of_line[part.line].append(part.column)
    for line, want in enumerate(problem.wants):
        out = programme.column(left_out[line], want.quantity)
        programme.row(want.quantity, want.quantity, [*of_line[line], out])


def _add_trips(problem: Problem, programme: _Programme, parts: Sequence[_Part], trips: Sequence[Trip]) -> None:
    """A trip that brings something goes, and its further units cost more; one that goes brings something."""
    brought: dict[tuple[int, int], list[_Part]] = defaultdict(list)
    for part in parts:
        brought[part.trip.rank, part.line].append(part)
    for column, trip in enumerate(trips):
        everything = []
        for line, want in enumerate(problem.wants):
            columns = [part.column for part in brought[trip.rank, line]]
            most = min(want.quantity, units_of(trip.picks[line], trip.rank))
            if columns:
                programme.row(-_INFINITE, 0, columns, [column], most)
            everything += columns
        programme.row(0, _INFINITE, everything, [column])
        _add_surcharge(trip, programme, everything, sum(want.quantity for want in problem.wants))


def _add_surcharge(trip: Trip, programme: _Programme, units: Sequence[int], wanted: int) -> None:
    """Each step of the surcharge takes no more than its units, and together they take all."""
    if trip.surcharge:
        starts = [0, *(start for start, _ in trip.surcharge), max(wanted, trip.surcharge[-1][0])]
        costs = [Decimal(0), *(cost for _, cost in trip.surcharge)]
        steps = [
            programme.column(cost, b - a if cost < WALL else 0) for cost, (a, b) in zip(costs, pairwise(starts), strict=True)
        ]
        programme.row(0, 0, steps, units)


def _add_stock(problem: Problem, programme: _Programme, parts: Sequence[_Part]) -> None:
    taken: dict[tuple[str, str, int, int], list[int]] = defaultdict(list)
    for part in parts:
        taken[part.trip.node, problem.wants[part.line].line.item, part.start, part.end].append(part.column)
    for (_, _, start, end), columns in taken.items():
        if len(columns) > 1:
            programme.row(0, end - start, columns)


def _add_days(programme: _Programme, trips: Sequence[Trip]) -> None:
    of_day: dict[object, list[int]] = defaultdict(list)
    for column, trip in enumerate(trips):
        of_day[trip.node, trip.dates.ship_on].append(column)
    for columns in of_day.values():
        if len(columns) > 1:
            programme.row(0, 1, columns)


def _add_counters(problem: Problem, programme: _Programme, trips: Sequence[Trip]) -> None:
    if problem.pickup_places is None:
        return
    counters: dict[str, int] = {}
    for column, trip in enumerate(trips):
        if trip.service.method == PICKUP and trip.node not in problem.counters:
            if trip.node not in counters:
                counters[trip.node] = programme.column(Decimal(0), 1)
            programme.row(0, 1, [counters[trip.node]], [column])
    programme.row(0, max(0, problem.pickup_places - len(problem.counters)), counters.values())


# --- HiGHS -------------------------------------------------------------------------------------------------------------


def _run(programme: _Programme, whole: bool) -> highspy.Highs:
    import highspy

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    options: dict[str, Any] = {
        "threads": 1, "random_seed": 0, "mip_rel_gap": 0.0, "mip_abs_gap": 1e-7, "mip_max_nodes": _NODES, "time_limit": _SECONDS,
    }  # fmt: skip
    for name, value in options.items():
        solver.setOptionValue(name, value)
    model = _model(programme)
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(programme.costs)
    solver.passModel(model)
    solver.run()
    return solver


def _decimal(value: float) -> Decimal:
    """To six places; 0 for what is no number, as where no bound was found."""
    return Decimal(repr(round(value, 6))) if isfinite(value) else Decimal(0)


def _model(programme: _Programme) -> highspy.HighsLp:
    import highspy
    import numpy as np

    model = highspy.HighsLp()
    columns, rows = len(programme.costs), len(programme.low)
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_ = np.array(programme.costs)
    model.col_lower_, model.col_upper_ = np.zeros(columns), np.array(programme.most, dtype=np.float64)
    model.row_lower_, model.row_upper_ = np.array(programme.low), np.array(programme.high)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.num_col_, model.a_matrix_.num_row_ = columns, rows
    model.a_matrix_.start_ = np.array(programme.starts, dtype=np.int32)
    model.a_matrix_.index_ = np.array(programme.columns, dtype=np.int32)
    model.a_matrix_.value_ = np.array(programme.values)
    return model
