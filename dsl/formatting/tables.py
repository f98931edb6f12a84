"""Tables that are drawn as text, with their columns one below the other."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from orderloom.dsl.formatting.lines import Line
from orderloom.dsl.tables.text import parse_text, print_text


def aligned(lines: Iterable[Line]) -> list[Line]:
    """The lines, those of each table that can be read aligned."""
    found: list[Line] = []
    for table, group in groupby(lines, key=lambda line: line.table):
        together = list(group)
        found += _aligned(together) if table else together
    return found


def _aligned(lines: list[Line]) -> list[Line]:
    drawn = [line.code for line in lines if line.code]
    if not drawn:
        return lines
    indent = min(len(code) - len(code.lstrip()) for code in drawn)
    text = "\n".join(code[indent:] for code in drawn)
    grid, problems = parse_text(text)
    if grid is None or problems:
        return lines
    return [Line(" " * indent + row) for row in print_text(grid).splitlines()]
