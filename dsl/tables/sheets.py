"""Tables kept in CSV files and in sheets of XLSX workbooks: a row of headings, then the rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO

from orderloom.dsl.feel.values import from_python
from orderloom.dsl.tables.grid import Grid, Problems, Written, fault

_FIELD = re.compile(r'(?:[ \t]*"(?P<quoted>(?:[^"]|"")*)"[ \t]*|(?P<plain>[^,\r\n]*))(?P<end>,|\r\n|\n|\r|\Z)')

_BAR = " | "

Rows = list[tuple[Written, ...]]


def parse_csv(text: str) -> tuple[Grid | None, Problems]:
    """The grid of a CSV file (RFC 4180); offsets count from the start of the text, places are lines from 1."""
    rows: Rows = []
    row: list[Written] = []
    line = 1
    for found in _FIELD.finditer(text, len(text) - len(text.removeprefix("\ufeff"))):
        row.append(_field(found, line))
        line += found[0].count("\n")
        if found["end"] != ",":
            rows.append(tuple(row))
            row = []
    return _grid(rows)


def _field(found: re.Match[str], line: int) -> Written:
    group = "plain" if found["quoted"] is None else "quoted"
    text = found[group].replace('""', '"') if group == "quoted" else found[group]
    return Written(text.strip(), found.start(group) + len(text) - len(text.lstrip()), f"line {line}", bare=True)


def parse_xlsx(content: bytes, sheet: str | None = None) -> tuple[Grid | None, Problems]:
    """The grid of a sheet, the first where none is named; places are the sheet's own, such as C7.

    Offsets count in the sheet drawn as text, a line for each row, its cells apart by ` | `.
    """
    from openpyxl import (
        load_workbook,  # here, since it takes as long to import as all the rest of a command, which seldom needs it
    )

    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        if sheet is not None and sheet not in book.sheetnames:
            return None, (fault("E816", f"there is no sheet {sheet}", "the workbook has: " + ", ".join(book.sheetnames)),)
        page = book[sheet] if sheet is not None else book.worksheets[0]
        lines = list(page.iter_rows(values_only=True))
    except Exception as error:  # openpyxl raises whatever a damaged file makes it stumble over
        return None, (fault("E816", f"this is no workbook that can be read: {error}", "save it as .xlsx"),)
    return _drawn(lines)


def _drawn(lines: Sequence[Sequence[object]]) -> tuple[Grid | None, Problems]:
    rows: Rows = []
    drawn: list[str] = []
    offset = 0
    for line, values in enumerate(lines, 1):
        texts = [" ".join(_text(value).splitlines()) for value in values]
        rows.append(_written(line, texts, offset))
        drawn.append(_BAR.join(texts) + "\n")
        offset += len(drawn[-1])
    grid, problems = _grid(rows)
    return replace(grid, drawn="".join(drawn)) if grid is not None else None, problems


def _written(line: int, texts: Sequence[str], offset: int) -> tuple[Written, ...]:
    from openpyxl.utils import get_column_letter

    cells = []
    for column, text in enumerate(texts, 1):
        cells.append(Written(text, offset, f"{get_column_letter(column)}{line}", bare=True))
        offset += len(text) + len(_BAR)
    return tuple(cells)


def _text(value: object) -> str:
    """A sheet's value as FEEL writes it."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return format(Decimal(repr(value)), "f").removesuffix(".0")
        case datetime() if value.time() == time():
            return f'@"{from_python(value.date())}"'
        case date() | time() | timedelta():
            return f'@"{from_python(value)}"'
        case _:
            return str(value).strip()


def _grid(lines: Rows) -> tuple[Grid | None, Problems]:
    """Blank lines and what is blank beyond the headings does not count."""
    lines = [line for line in lines if any(cell.text for cell in line)]
    if not lines:
        return None, (fault("E810", "the table is empty", "begin with a row of headings"),)
    width = max(at for at, cell in enumerate(lines[0], 1) if cell.text)
    rows = [_fitted(line, width) for line in lines[1:]]
    problems = [
        fault("E811", f"this row has more cells than the {width} headings", row=at, column=width, at=line[width])
        for at, line in enumerate(lines[1:])
        if any(cell.text for cell in line[width:])
    ]
    return Grid(lines[0][:width], tuple(rows)), tuple(problems)


def _fitted(line: Sequence[Written], width: int) -> tuple[Written, ...]:
    last = line[-1]
    missing = Written("", last.offset + len(last.text), last.place, bare=True)
    return (*line[:width], *[missing] * (width - len(line)))
