"""The row that comes closest to an input which no row answers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import and_

from orderloom.dsl.tables.index import Column, Stretches, rows_of
from orderloom.dsl.tables.kinds import feel_value
from orderloom.dsl.tables.table import Table


def nearest(table: Table, values: Sequence[object]) -> tuple[int, int] | None:
    """A row that only one of its cells keeps from answering, and the column of that cell; None where there is no such row.

    Columns with an order come first: there it is the row that ends right below the value, or else begins right above it.
    Then the cell that refuses is as far right as can be, as the columns to the left mostly say what a row is about.
    """
    accepting = [column.bits(value) for column, value in zip(table.index.columns, values, strict=True)]
    for at in sorted(range(len(values)), key=lambda at: (_lookup(table.index.columns[at], values[at]) is None, -at)):
        column = table.index.columns[at]
        others = reduce(and_, accepting[:at] + accepting[at + 1 :], table.index.everything) & ~accepting[at]
        bits = next((bits & others for bits in _around(column, values[at]) if bits & others), 0)
        if bits:
            return next(rows_of(bits)), at
    return None


def _lookup(column: Column, value: object) -> Stretches | None:
    """The stretches of a column that has an order for this value."""
    found = column.by_class.get(type(feel_value(value)))
    return found if isinstance(found, Stretches) else None


def _around(column: Column, value: object) -> Iterator[int]:
    """The rows of the stretches below the value, downwards, then above it, and at last all."""
    lookup = _lookup(column, value)
    if lookup is not None:
        middle = 2 * bisect_left(lookup.bounds, feel_value(value))
        yield from lookup.rows[middle::-1]
        yield from lookup.rows[middle + 1 :]
    yield -1
