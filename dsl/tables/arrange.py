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
    left = _found(grid.headings, range(border if marked else len(grid.headings)), inputs)
    free = [at for at in range(border, len(grid.headings)) if at not in left.values()]
    right = _found(grid.headings, free, outputs)
    notes = [at for at in range(len(grid.headings)) if at not in (*left.values(), *right.values())]
    if problems := _misfits(grid, notes, border, [x for x in inputs if x not in left], [x for x in outputs if x not in right]):
        return None, problems
    rows = tuple(_row(cells, [left[x] for x in inputs], [right[x] for x in outputs], notes) for cells in grid.rows)
    return Arranged(rows, tuple(grid.headings[at].text for at in notes)), ()


def _found(headings: Sequence[Written], among: Sequence[int], names: Sequence[str]) -> dict[str, int]:
    """Where these names stand, of those that do."""
    by_name = {headings[at].text: at for at in reversed(among)}
    return {name: by_name[name] for name in names if name in by_name}


def _misfits(grid: Grid, notes: Sequence[int], border: int, inputs: Sequence[str], outputs: Sequence[str]) -> Problems:
    """What is wrong with headings that no column takes, and with the names that have none: one word for one mistake."""
    strays = {at: grid.headings[at] for at in notes}
    problems: list[TableProblem] = []
    for name, what in (*((name, "input") for name in inputs), *((name, "output") for name in outputs)):
        meant = next((at for at, heading in strays.items() if heading.text == name or did_you_mean(heading.text, [name])), None)
        heading = strays.pop(meant) if meant is not None else None
        problems.append(_lost(name, what, heading, grid))
    return (*problems, *(_stray(heading) for at, heading in strays.items() if at < border))


def _lost(name: str, what: str, heading: Written | None, grid: Grid) -> TableProblem:
    """Why a column is not there: its heading is misspelt, stands on the other side, or is missing."""
    side = "before" if what == "input" else "after"
    if heading is not None and heading.text == name:
        words = f"{name} is an {what}, and stands on the other side of ||"
        return fault("E810", words, f"write its column {side} ||", at=heading)
    if heading is not None:
        return fault("E810", f"there is no {what} {heading.text}", f"did you mean {name}?", at=heading)
    where = f" {side} ||" if grid.inputs is not None else ""
    return fault("E810", f"no column is headed {name}, the {what}", f"add a column `{name}`{where}", at=grid.headings[0])


def _stray(heading: Written) -> TableProblem:
    words = f"{heading.text or 'a column without heading'} is no input of this table"
    return fault(
        "E810", words, "declare it under inputs:, delete the column, or write it after the outputs as a note", at=heading
    )


def _row(cells: Sequence[Written], left: Sequence[int], right: Sequence[int], notes: Sequence[int]) -> WrittenRow:
    return WrittenRow(
        tuple(cells[at] for at in left),
        tuple(cells[at] for at in right),
        tuple(cells[at].text for at in notes),
        cells[0].place,
    )
