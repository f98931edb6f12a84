"""The rows of a decision, wherever they stand: in a text table, in lists, in a CSV or XLSX file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from posixpath import dirname, join, normpath

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.diagnostics import Diagnostic, at_start
from orderloom.dsl.fields import Located
from orderloom.dsl.source import Source, Span
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax import Decision
from orderloom.dsl.tables.arrange import arrange
from orderloom.dsl.tables.grid import Grid, Problems, TableProblem, Written, WrittenRow
from orderloom.dsl.tables.sheets import parse_csv, parse_xlsx
from orderloom.dsl.tables.text import parse_text

Place = Callable[[TableProblem], Span]

SHEETS = (".csv", ".xlsx")


class Rows(Struct, frozen=True):
    """Rows in the order of the table's columns, and where a problem with one of them stands in the files."""

    rows: tuple[WrittenRow, ...]
    annotations: tuple[str, ...]
    place: Place


Read = tuple[Rows | None, tuple[Diagnostic, ...]]


def read_rows(decision: Decision, inputs: Sequence[str], outputs: Sequence[str], files: Mapping[str, Source]) -> Read:
    """The rows of a decision that has a table, or None and what is wrong with them."""
    if decision.table is not None:
        return _from_text(decision.table, inputs, outputs)
    if decision.file is not None:
        return _from_file(decision.file, inputs, outputs, files)
    return _from_lists(decision, inputs, outputs)


def as_diagnostic(problem: TableProblem, place: Place) -> Diagnostic:
    """The problem at its line and column; one in a sheet says its cell too."""
    span = place(problem)
    words = f"{problem.message} (in {problem.place})" if span.path.endswith(".xlsx") and problem.place else problem.message
    return Diagnostic(problem.code, words, span, hint=problem.hint)


def _from_text(table: Located[str], inputs: Sequence[str], outputs: Sequence[str]) -> Read:
    def place(problem: TableProblem) -> Span:
        return table.node.part(problem.offset + problem.start, problem.offset + problem.end)

    def line(row: WrittenRow) -> str:
        offset = (*row.cells, *row.results)[0].offset
        return f"{table.span.path}:{table.node.part(offset, offset).line}"

    return _arranged(parse_text(table.value), inputs, outputs, place, line)


def _from_file(file: Located[str], inputs: Sequence[str], outputs: Sequence[str], files: Mapping[str, Source]) -> Read:
    source = file_of(file, files)
    if source is None:
        path = _path(file)
        hint = hint_for(path, [name for name in files if name.endswith(SHEETS)])
        return None, (Diagnostic("E853", f"there is no CSV or XLSX file {path}", file.span, hint=hint),)
    if source.path.endswith(".csv"):
        return _from_csv(source, inputs, outputs)
    return _from_xlsx(source, inputs, outputs)


def file_of(file: Located[str], files: Mapping[str, Source]) -> Source | None:
    """The file that a decision names, None where there is no such sheet."""
    source = files.get(_path(file))
    return source if source is not None and source.path.endswith(SHEETS) else None


def _path(file: Located[str]) -> str:
    return normpath(join(dirname(file.span.path), file.value))


def _from_csv(source: Source, inputs: Sequence[str], outputs: Sequence[str]) -> Read:
    def place(problem: TableProblem) -> Span:
        return Span(source, problem.offset + problem.start, problem.offset + problem.end)

    return _arranged(
        parse_csv(source.text), inputs, outputs, place, lambda row: f"{source.path}:{row.place.removeprefix('line ')}"
    )


def _from_xlsx(source: Source, inputs: Sequence[str], outputs: Sequence[str]) -> Read:
    grid, problems = parse_xlsx(source.content)
    drawn = Source(source.path, grid.drawn.encode(), source.pack) if grid is not None else source

    def place(problem: TableProblem) -> Span:
        if grid is None:
            return at_start(source)
        return Span(drawn, problem.offset + problem.start, problem.offset + problem.end)

    return _arranged((grid, problems), inputs, outputs, place, lambda row: f"{source.path}:{row.place}")


def _from_lists(decision: Decision, inputs: Sequence[str], outputs: Sequence[str]) -> Read:
    width = len(inputs) + len(outputs)
    found = []
    for row in decision.rows:
        if not width <= len(row) <= width + 1:
            words = f"this row has {len(row)} cells, and {width} are needed"
            place = row[0].span if row else decision.name.span
            found.append(
                Diagnostic("E811", words, place, hint=f"in this order: {', '.join((*inputs, *outputs))}, and a note if you like")
            )
    if found:
        return None, tuple(found)
    rows = tuple(_listed(row, len(inputs), width) for row in decision.rows)

    return Rows(rows, ("note",), partial(_cell, decision)), ()


def _cell(decision: Decision, problem: TableProblem) -> Span:
    if problem.row is None:
        return decision.name.span
    return decision.rows[problem.row][problem.column or 0].node.part(problem.start, problem.end)


def _listed(row: Sequence[Located[str]], inputs: int, width: int) -> WrittenRow:
    cells = [Written(cell.value.strip(), bare=True) for cell in row]
    notes = tuple(cell.value for cell in row[width:]) or ("",)
    return WrittenRow(tuple(cells[:inputs]), tuple(cells[inputs:width]), notes, f"{row[0].span.path}:{row[0].span.line}")


def _arranged(
    parsed: tuple[Grid | None, Problems],
    inputs: Sequence[str],
    outputs: Sequence[str],
    place: Place,
    line: Callable[[WrittenRow], str],
) -> Read:
    grid, problems = parsed
    if grid is None or problems:
        return None, tuple(as_diagnostic(problem, place) for problem in problems)
    arranged, problems = arrange(grid, inputs, outputs)
    if arranged is None:
        return None, tuple(as_diagnostic(problem, place) for problem in problems)
    rows = tuple(replace(row, place=line(row)) for row in arranged.rows)
    return Rows(rows, arranged.annotations, place), ()
