"""Inputs at each side of every edge of a table: those of which its author should know what he has decided."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.tables.index import rows_of
from orderloom.dsl.tables.kinds import Kind
from orderloom.dsl.tables.regions import kinds_of, samples
from orderloom.dsl.tables.table import Table

Values = tuple[object, ...]


def boundaries(table: Table) -> Iterator[Values]:
    """For each row an input that it accepts, and this with each of its values moved to both sides of each edge of the row's cell.

    Rows with a test that is worked out, and rows that accept nothing of what may come in, are left out.
    """
    columns = [_sorted(table, at) for at in range(len(table.inputs))]
    seen: list[Values] = []
    for row in rows_of(table.index.everything & ~table.index.tested):
        base = [next((value for value in values if _takes(table, at, row, value)), None) for at, values in enumerate(columns)]
        if all(_takes(table, at, row, value) for at, value in enumerate(base)):
            moved = [(at, value) for at, values in enumerate(columns) for value in _edges(table, at, row, values)]
            for each in (tuple(base), *((*base[:at], value, *base[at + 1 :]) for at, value in moved)):
                if each not in seen:
                    seen.append(each)
                    yield each


def _sorted(table: Table, at: int) -> list[object]:
    """The bounds of a column, and values between and beside them, in order."""
    column, declared = table.index.columns[at], table.inputs[at]
    found: list[object] = []
    for kind in kinds_of(declared, column):
        values = [value for value, _ in samples(kind, column.by_kind[kind], declared)]
        found += values if kind is Kind.STRING else sorted(values)  # type: ignore[type-var]
    return found


def _takes(table: Table, at: int, row: int, value: object) -> bool:
    return bool(table.index.columns[at].bits(value) >> row & 1)


def _edges(table: Table, at: int, row: int, values: list[object]) -> Iterator[object]:
    """Those of the values next to which the row begins or ends."""
    inside = [_takes(table, at, row, value) for value in values]
    yield from (value for place, value in enumerate(values) if len(set(inside[max(0, place - 1) : place + 2])) > 1)
