"""A table as written: headings and rows of texts, each with its place in the source; and the faults in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from msgspec import Struct


@dataclass(frozen=True, slots=True)
class Written:
    """The text of one cell. `offset` is where it starts in the source's text, `place` is what an analyst calls it.

    In a sheet (`bare`) words and days need no quotes, and nothing at all means any value.
    """

    text: str
    offset: int = field(default=0, compare=False)
    place: str = field(default="", compare=False)
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Headings, and rows of as many cells. `inputs` of the columns stand to the left of `||`; None where nothing marks it.

    `drawn` is the text in which the offsets count, where the source itself is no text: a line for each of its rows.
    """

    headings: tuple[Written, ...]
    rows: tuple[tuple[Written, ...], ...]
    inputs: int | None = None
    drawn: str = field(default="", compare=False, repr=False)


class WrittenRow(Struct, frozen=True):
    """One row, its cells sorted to the columns that the table declares."""

    cells: tuple[Written, ...]
    results: tuple[Written, ...]
    notes: tuple[str, ...] = ()
    place: str = ""


class TableProblem(Struct, frozen=True):
    """A fault in a table: a code, words, and the cell.

    `row` counts from 0 without the heading, `column` counts inputs and then outputs; None where the fault is in the heading
    or in the whole. `start` and `end` are offsets in the cell's text, which begins at `offset` of the source and is
    called `place`.
    """

    code: str
    message: str
    hint: str = ""
    row: int | None = None
    column: int | None = None
    start: int = 0
    end: int = 0
    offset: int = 0
    place: str = ""


Problems = tuple[TableProblem, ...]


def fault(
    code: str, message: str, hint: str = "", *, row: int | None = None, column: int | None = None, at: Written | None = None
) -> TableProblem:
    """A problem with the whole of a cell's text."""
    if at is None:
        return TableProblem(code, message, hint, row, column)
    return TableProblem(code, message, hint, row, column, 0, len(at.text), at.offset, at.place)
