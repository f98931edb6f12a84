"""Sets of regions of a column in the words of a cell: `(600..900]`, `"gold", "silver"`, `not("other")`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import groupby

from orderloom.dsl.feel.strings import text_of
from orderloom.dsl.tables.index import Lookup, Points, Stretches
from orderloom.dsl.tables.kinds import Kind
from orderloom.dsl.tables.regions import kinds_of, regions_of
from orderloom.dsl.tables.table import Table


def extent(table: Table, at: int, rows: Collection[int]) -> str:
    """The values of one input that are accepted by one of these sets of rows; `-` where those are all values."""
    column, declared = table.index.columns[at], table.inputs[at]
    if {region.may for region in regions_of(table, at, nulls=True)} <= set(rows):
        return "-"
    kinds = kinds_of(declared, column)
    parts = [part for kind in kinds for part in _of_kind(kind, column.by_kind[kind], rows)]
    listed = declared.allowed
    if listed is not None and not listed.negated and all(span.point for span in listed.spans):
        parts = [shown(span.low) for span in listed.spans if span.low is not None and column.bits(span.low) in rows]
    return ", ".join([*parts, *(["null"] if column.null in rows else [])]) or "-"


def shown(value: object) -> str:
    """A value as a cell has it."""
    return text_of([value])[1:-1]


def _of_kind(kind: Kind, lookup: Lookup, rows: Collection[int]) -> Iterator[str]:
    if kind is Kind.BOOLEAN:
        yield from (shown(value) for value in (True, False) if lookup.bits(value) in rows)
    elif isinstance(lookup, Points):
        named = [value for value, bits in lookup.exact.items() if bits in rows]
        others = [value for value, bits in lookup.exact.items() if bits not in rows]
        if lookup.rest not in rows:
            yield from map(shown, named)
        else:
            yield f"not({', '.join(map(shown, others))})" if others else f"any {kind}"
    else:
        yield from _stretches(lookup, rows)


def _stretches(lookup: Stretches, rows: Collection[int]) -> Iterator[str]:
    """Stretches that adjoin are one: even places lie between bounds, odd ones are bounds."""
    ends = lookup.bounds
    for inside, run in groupby(range(len(lookup.rows)), lambda place: lookup.rows[place] in rows):
        if inside:
            places = list(run)
            low, high = places[0], places[-1]
            yield _interval(
                shown(ends[(low - 1) // 2]) if low else None,
                shown(ends[high // 2]) if high < len(lookup.rows) - 1 else None,
                low % 2 == 1,
                high % 2 == 1,
            )


def _interval(low: str | None, high: str | None, low_closed: bool, high_closed: bool) -> str:
    if low is not None and low == high:
        return low
    if low is None and high is None:
        return "any value"
    if low is None:
        return f"<{'=' if high_closed else ''} {high}"
    if high is None:
        return f">{'=' if low_closed else ''} {low}"
    return f"{'[' if low_closed else '('}{low}..{high}{']' if high_closed else ')'}"
