"""Walks through the regions of a table's columns, with the set of rows that are left."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import reduce
from operator import and_

from orderloom.dsl.tables.regions import Region, regions_of
from orderloom.dsl.tables.table import Table

Path = tuple[Region, ...]
Choices = Sequence[Sequence[tuple[int, Region]]]  # for each column, its regions with the rows that they leave


class Walk:
    """The columns of a table in regions, those with few regions first, and the work that is left to spend.

    In the columns `nulls` null comes in as well, as it does wherever a cell names it.
    """

    def __init__(self, table: Table, work: int, nulls: Container[int] = ()) -> None:
        self.table, self.left = table, work
        regions = [regions_of(table, at, at in nulls) for at in range(len(table.inputs))]
        self.order = sorted(range(len(regions)), key=lambda at: len(regions[at]))
        self.columns = [sorted(regions[at], key=lambda region: region.unnamed) for at in self.order]

    def free(self, rows: Callable[[Region], int]) -> list[int]:
        """For each column, the rows that neither it nor any later column can refuse."""
        free = [self.table.index.everything]
        for regions in reversed(self.columns):
            free.append(reduce(and_, map(rows, regions), free[-1]))
        return free[::-1]

    def emptied(self, start: int, choices: Choices, free: Sequence[int]) -> Iterator[Path]:
        """The shortest paths on which no row of `start` is left, one for each set of rows on the way."""
        seen: set[tuple[int, int]] = set()

        def go(bits: int, path: Path) -> Iterator[Path]:
            at = len(path)
            if not bits:
                yield path
            elif not bits & free[at] and (at, bits) not in seen:
                seen.add((at, bits))
                for rows, region in choices[at]:
                    self.left -= 1
                    if self.left > 0:
                        yield from go(bits & rows, (*path, region))

        return go(start, ())

    def shared(self) -> Iterator[tuple[int, Path]]:
        """The paths through all columns on which two rows or more are sure, one for each set of rows on the way."""
        return self._paths(lambda _, bits: bits if bits & (bits - 1) else None, lambda region: region.sure)

    def met(self, marked: int | None, first: Sequence[int] = ()) -> Iterator[tuple[int, Path]]:
        """The paths through all columns on which a row of `marked` may answer, one for each set of rows; all where that is None.

        Of each set of rows in `first` only those are followed that come before one which is sure to answer, and that one.
        """
        free = self.free(lambda region: region.sure) if first else []

        def kept(at: int, bits: int) -> int | None:
            for rows in first:
                sure = bits & rows & free[at]
                bits &= ~rows | ((sure & -sure) << 1) - 1 if sure else -1
            return bits if marked is None or bits & marked else None

        return self._paths(kept, lambda region: region.may)

    def _paths(self, kept: Callable[[int, int], int | None], rows_of: Callable[[Region], int]) -> Iterator[tuple[int, Path]]:
        """The paths through all columns, one for each set of rows on the way; those count that are `kept` at a column."""
        seen: set[tuple[int, int]] = set()

        def go(rows: int, path: Path) -> Iterator[tuple[int, Path]]:
            at = len(path)
            bits = kept(at, rows)
            if bits is None or (at, bits) in seen:
                return
            seen.add((at, bits))
            if at == len(self.columns):
                yield bits, path
                return
            for region in self.columns[at]:
                self.left -= 1
                if self.left > 0:
                    yield from go(bits & rows_of(region), (*path, region))

        return go(self.table.index.everything, ())

    def witness(self, path: Mapping[int, Region]) -> tuple[tuple[object, ...], bool]:
        """A value for each input, in the table's order, and whether one of those on the path is unnamed."""
        values = {at: regions[0].value for at, regions in zip(self.order, self.columns, strict=True) if regions}
        values |= {self.order[at]: region.value for at, region in path.items()}
        return tuple(values.get(at) for at in range(len(self.order))), any(region.unnamed for region in path.values())
