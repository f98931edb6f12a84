"""An index by column: from an input's value to the set of rows that accept it, as the bits of an int.

A look-up costs one search a column and one AND, so that its time hardly depends on the number of rows. A column's rows are
kept by the class of the value, because True == 1 == Decimal(1) as keys. Cells that are no constants have their bit
set everywhere; their tests run only for rows that all other cells let through.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from orderloom.dsl.tables.cell import Cell, Test
from orderloom.dsl.tables.kinds import KINDS, Kind, feel_value


class Points(Struct, frozen=True):
    """Rows by single values of one kind; `rest` are those that accept every other value."""

    exact: Mapping[object, int]
    rest: int

    def bits(self, value: object) -> int:
        return self.exact.get(value, self.rest)


class Stretches(Struct, frozen=True):
    """Rows by stretches between sorted bounds: `rows[2 * i]` accept what lies below `bounds[i]`, `rows[2 * i + 1]` the bound."""

    bounds: Sequence[Any]
    rows: Sequence[int]

    def bits(self, value: object) -> int:
        at, bounds = bisect_left(self.bounds, value), self.bounds
        return self.rows[2 * at + (at < len(bounds) and bounds[at] == value)]


Lookup = Points | Stretches
Group = tuple[Cell, int]  #: a cell and the rows that it stands in


class Column(Struct, frozen=True):
    """The rows by the value of one input; values that no index holds (lists, times) are tried cell by cell."""

    by_kind: Mapping[Kind, Lookup]
    by_class: Mapping[type, Lookup]
    null: int
    cells: tuple[Cell, ...]

    def bits(self, value: object) -> int:
        lookup = self.by_class.get(type(value))
        if lookup is not None:
            return lookup.bits(value)
        if value is None:
            return self.null
        known = feel_value(value)
        return self.by_class[type(known)].bits(known) if type(known) in KINDS else _accepting(grouped(self.cells), known)


class Index(Struct, frozen=True):
    """All columns, and for rows with cells that must be tested, those tests with their columns."""

    columns: tuple[Column, ...]
    everything: int
    tested: int
    tests: Mapping[int, tuple[tuple[int, Test], ...]]

    def matching(self, values: Sequence[object], context: Mapping[str, object]) -> int:
        """The rows that accept these values, one value for each column."""
        found = self.everything
        for column, value in zip(self.columns, values, strict=True):
            lookup = column.by_class.get(type(value))
            found &= column.bits(value) if lookup is None else lookup.bits(value)
        if found & self.tested:
            return self._proved(found, values, context)
        return found

    def _proved(self, found: int, values: Sequence[object], context: Mapping[str, object]) -> int:
        for row in rows_of(found & self.tested):
            if not all(test(context, values[column]) for column, test in self.tests[row]):
                found ^= 1 << row
        return found


def rows_of(bits: int) -> Iterator[int]:
    """The rows in a set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def index_of(rows: Sequence[Sequence[Cell]], width: int) -> Index:
    """The index over rows of cells; `width` is the number of columns."""
    tests = {
        at: found
        for at, cells in enumerate(rows)
        if (found := tuple((column, cell.test) for column, cell in enumerate(cells) if cell.test is not None))
    }
    columns = tuple(_column([cells[at] for cells in rows]) for at in range(width))
    return Index(columns, (1 << len(rows)) - 1, sum(1 << row for row in tests), tests)


def _column(cells: Sequence[Cell]) -> Column:
    groups = grouped(cells)
    by_kind = {kind: _lookup(kind, groups) for kind in Kind}
    by_class = {cls: by_kind[kind] for cls, kind in KINDS.items()}
    return Column(by_kind, by_class, _accepting(groups, None), tuple(cells))


def grouped(cells: Sequence[Cell]) -> tuple[Group, ...]:
    """Each cell with all rows that share it: columns of large tables hold few different ones."""
    found: dict[int, Group] = {}
    for row, cell in enumerate(cells):
        _, rows = found.get(id(cell), (cell, 0))
        found[id(cell)] = cell, rows | 1 << row
    return tuple(found.values())


def _accepting(groups: Sequence[Group], value: object) -> int:
    """The rows that may accept a value, those with a test among them."""
    return sum(rows for cell, rows in groups if cell.test is not None or cell.accepts(value, {}))


def _lookup(kind: Kind, groups: Sequence[Group]) -> Lookup:
    """Each cell turns its rows on and off at its edges; a sweep over them in order gives the rows of every stretch."""
    start = 0
    turns: dict[Any, list[int]] = {}
    for cell, rows in groups:
        below, edges = (True, ()) if cell.test is not None else cell.edges(kind)
        start |= rows * below
        for value, is_after in edges:
            turns.setdefault(value, [0, 0])[is_after] ^= rows
    bounds = sorted(turns)
    stretches = [start]
    for value in bounds:
        for change in turns.pop(value):  # what does not change is kept once
            stretches.append(stretches[-1] ^ change if change else stretches[-1])
    if all(between == start for between in stretches[::2]):
        return Points(dict(zip(bounds, stretches[1::2], strict=True)), start)
    return Stretches(bounds, stretches)
