"""Columns of a source to columns of the table, by their headings."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from orderloom.dsl.feel.suggest import did_you_mean
from orderloom.dsl.tables.grid import Grid, Problems, TableProblem, Written, WrittenRow, fault


class Arranged(Struct, frozen=True):
    """Rows in the table's order of columns; columns that the table does not declare are annotations."""

    rows: tuple[WrittenRow, ...]
    annotations: tuple[str, ...]


def arrange(grid: Grid, inputs: Sequence[str], outputs: Sequence[str]) -> tuple[Arranged | None, Problems]:
    """The grid's rows for these inputs and outputs. Every one needs a heading; the order of the headings is free."""
    marked = grid.inputs is not None
    border = grid.inputs or 0
    left, missing = _found(grid.headings, range(border if marked else len(grid.headings)), inputs, "input")
    free = [at for at in range(border, len(grid.headings)) if at not in left]
    right, missing_right = _found(grid.headings, free, outputs, "output")
    notes = [at for at in range(len(grid.headings)) if at not in left and at not in right]
    problems = [*missing, *missing_right, *(_stray(grid.headings[at], inputs) for at in notes if at < border)]
    if problems:
        return None, tuple(problems)
    rows = tuple(_row(cells, left, right, notes) for cells in grid.rows)
    return Arranged(rows, tuple(grid.headings[at].text for at in notes)), ()


def _found(
    headings: Sequence[Written], among: Sequence[int], names: Sequence[str], what: str
) -> tuple[list[int], list[TableProblem]]:
    by_name = {headings[at].text: at for at in reversed(among)}
    hint = "the headings are: " + ", ".join(headings[at].text for at in among)
    lost = [name for name in names if name not in by_name]
    problems = [fault("E810", f"no column is headed {name}, the {what}", hint, at=headings[0]) for name in lost]
    return [by_name[name] for name in names if name in by_name], problems


def _stray(heading: Written, inputs: Sequence[str]) -> TableProblem:
    hint = did_you_mean(heading.text, inputs) or "the inputs are: " + ", ".join(inputs)
    return fault("E810", f"{heading.text or 'a column without heading'} is no input of this table", hint, at=heading)


def _row(cells: Sequence[Written], left: Sequence[int], right: Sequence[int], notes: Sequence[int]) -> WrittenRow:
    return WrittenRow(
        tuple(cells[at] for at in left),
        tuple(cells[at] for at in right),
        tuple(cells[at].text for at in notes),
        cells[0].place,
    )
