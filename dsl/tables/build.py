"""From texts to a table: every cell read, every fault with its row and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.feel.problem import Problem
from orderloom.dsl.feel.scope import Scope
from orderloom.dsl.feel.types import ANY, Simple, Type
from orderloom.dsl.tables.cell import Cell, points
from orderloom.dsl.tables.grid import Problems, TableProblem, Written, WrittenRow, fault
from orderloom.dsl.tables.policies import FIGURES, RANKED, Policy
from orderloom.dsl.tables.read import read_cell, read_result
from orderloom.dsl.tables.table import Input, Output, Row, Table, table_of

T = TypeVar("T")
Read = tuple[T | None, tuple[Problem, ...]]


class InputSpec(Struct, frozen=True):
    """An input column; `allowed` are unary tests that every value of it passes."""

    name: str
    type: Type = ANY
    allowed: str | None = None


class OutputSpec(Struct, frozen=True):
    """An output column; `allowed` is a list of values, the highest priority first, `default` an expression."""

    name: str
    type: Type = ANY
    allowed: str | None = None
    default: str | None = None


class TableSpec(Struct, frozen=True):
    """A decision table as written."""

    policy: Policy
    inputs: tuple[InputSpec, ...]
    outputs: tuple[OutputSpec, ...]
    rows: tuple[WrittenRow, ...]
    annotations: tuple[str, ...] = ()


def build(spec: TableSpec, scope: Scope) -> tuple[Table | None, Problems]:
    """The table with its index, or None and all its faults. `scope` is what cells and results may speak of."""
    inputs, wrong_inputs = _all(_input(column, at, scope) for at, column in enumerate(spec.inputs))
    outputs, wrong_outputs = _all(_output(column, len(spec.inputs) + at, scope) for at, column in enumerate(spec.outputs))
    problems = [*_policy_faults(spec, outputs), *wrong_inputs, *wrong_outputs]
    if problems:
        return None, tuple(problems)
    cells, wrong_cells = _all(
        _column([row.cells[at] for row in spec.rows], at, partial(read_cell, column=column, scope=scope))
        for at, column in enumerate(inputs)
    )
    results, wrong_results = _all(
        _column([row.results[at] for row in spec.rows], len(inputs) + at, partial(read_result, column=column, scope=scope))
        for at, column in enumerate(outputs)
    )
    problems = sorted([*wrong_cells, *wrong_results], key=lambda problem: problem.row or 0)
    if problems:
        return None, tuple(problems)
    rows = zip(spec.rows, zip(*cells, strict=True), zip(*results, strict=True), strict=True)
    table = table_of(
        spec.policy, inputs, outputs, (Row(tests, puts, row.notes, row.place) for row, tests, puts in rows), spec.annotations
    )
    return table, ()


def _all(parts: Iterable[tuple[T, Problems]]) -> tuple[list[T], list[TableProblem]]:
    found = list(parts)
    return [value for value, _ in found], [problem for _, problems in found for problem in problems]


def _column(texts: Sequence[Written], column: int, read: Callable[[Written], Read[T]]) -> tuple[list[T], Problems]:
    """Every cell of one column; equal texts are read once."""
    known: dict[Written, Read[T]] = {}
    values, problems = [], []
    for row, written in enumerate(texts):
        if written not in known:
            known[written] = read(written)
        value, found = known[written]
        problems += [_placed(problem, written, row, column) for problem in found]
        if value is not None:
            values.append(value)
    return values, tuple(problems)


def _placed(problem: Problem, at: Written, row: int | None, column: int) -> TableProblem:
    return TableProblem(problem.code, problem.message, problem.hint, row, column, problem.start, problem.end, at.offset, at.place)


def _input(column: InputSpec, at: int, scope: Scope) -> tuple[Input, Problems]:
    if column.allowed is None:
        return Input(column.name, column.type, _listed(column.type)), ()
    written = Written(column.allowed, place="allowed")
    cell, problems = read_cell(written, Input(column.name, column.type), scope)
    return Input(column.name, column.type, cell), tuple(_placed(problem, written, None, at) for problem in problems)


def _output(column: OutputSpec, at: int, scope: Scope) -> tuple[Output, Problems]:
    cell, default = _listed(column.type), None
    problems: list[TableProblem] = []
    if column.allowed is not None:
        written = Written(column.allowed, place="allowed")
        cell, found = read_cell(written, Input(column.name, column.type), scope)
        problems += [_placed(problem, written, None, at) for problem in found]
    output = Output(column.name, column.type, cell)
    if column.default is not None:
        written = Written(column.default, place="default")
        default, found = read_result(written, output, scope)
        problems += [_placed(problem, written, None, at) for problem in found]
    return replace(output, default=default), tuple(problems)


def _listed(kind: Type) -> Cell | None:
    """The values that a type lists, as a cell."""
    if not isinstance(kind, Simple) or not kind.values:
        return None
    return Cell(", ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in kind.values), points(kind.values))


def _policy_faults(spec: TableSpec, outputs: Sequence[Output]) -> Iterator[TableProblem]:
    if spec.policy in FIGURES and len(outputs) != 1:
        yield fault("E815", f"{spec.policy} needs one output, and the table has {len(outputs)}", "make a decision of each output")
    if spec.policy in RANKED and not any(output.allowed for output in outputs):
        yield fault("E815", f"{spec.policy} needs the allowed values of an output", "list them, the highest priority first")
