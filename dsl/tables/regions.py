"""A column cut into regions: in each, all values are accepted by the same rows, and one value stands for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from msgspec import Struct

from orderloom.dsl.feel.dates import Date, from_day_number
from orderloom.dsl.feel.durations import DaysDuration, MonthsDuration
from orderloom.dsl.feel.times import SECOND, parse_date_time
from orderloom.dsl.feel.types import Simple
from orderloom.dsl.tables.index import Column, Lookup, Points, grouped
from orderloom.dsl.tables.kinds import Kind
from orderloom.dsl.tables.table import Input, Table


class Region(Struct, frozen=True):
    """`may` are the rows that accept the value or have a test that might, `sure` those that do without a test.

    `unnamed`: a value such as any other text, that neither a cell nor a declaration names.
    """

    value: object
    may: int
    sure: int
    unnamed: bool = False


def regions_of(table: Table, at: int, nulls: bool = False) -> tuple[Region, ...]:
    """The regions of one input; with `nulls`, and where a cell names null, also that of null, the last one.

    A column whose values have no order here is one region, with null for any value.
    """
    column, declared = table.index.columns[at], table.inputs[at]
    groups = grouped(column.cells)
    tested = sum(rows for cell, rows in groups if cell.test is not None)
    named = may_be_null(declared) and any(span.kind is None for cell, _ in groups if not cell.negated for span in cell.spans)
    found: dict[int, Region] = {}
    for kind in kinds_of(declared, column):
        for value, unnamed in samples(kind, column.by_kind[kind], declared):
            may = column.by_kind[kind].bits(value)
            if may not in found or (found[may].unnamed and not unnamed):
                found[may] = Region(value, may, may & ~tested, unnamed)
    if (nulls or named) and (found or tested or column.null != table.index.everything):
        found = found or {may: Region(SOMETHING, may, may & ~tested, unnamed=named) for may in (column.bits(SOMETHING),)}
        found.setdefault(column.null, Region(None, column.null, column.null & ~tested, unnamed=not named))
    return tuple(found.values()) or (_whole(column, table.index.everything),)


def may_be_null(declared: Input) -> bool:
    """Whether null may come in: unless `allowed` says what occurs. A type that lists its values says nothing of null."""
    listed = isinstance(declared.type, Simple) and bool(declared.type.values)
    return listed or declared.allowed is None or declared.allowed.accepts(None, {})


def kinds_of(declared: Input, column: Column) -> list[Kind]:
    """The kind that the column's type names; for a column without type, the kinds that its cells name."""
    if isinstance(declared.type, Simple) and declared.type.name in set(Kind):
        return [Kind(declared.type.name)]
    spans = [span for cell in (*column.cells, declared.allowed) if cell is not None for span in cell.spans]
    return [kind for kind in Kind if any(span.kind is kind for span in spans)]


def _whole(column: Column, everything: int) -> Region:
    return Region(None, everything, sum(rows for cell, rows in grouped(column.cells) if cell.any))


def samples(kind: Kind, lookup: Lookup, declared: Input) -> Iterator[tuple[object, bool]]:
    """Values that reach every stretch between bounds, with whether they are unnamed; only those that may come in."""
    allowed = declared.allowed
    limits = {end for span in allowed.spans if span.kind is kind for end in (span.low, span.high)} if allowed else set()
    named: set[Any] = {True, False} if kind is Kind.BOOLEAN else {*_bounds(lookup), *limits} - {None}
    values = [(value, False) for value in sorted(named)]
    if kind is Kind.STRING and isinstance(lookup, Points):
        values.append((_other(named), True))
    elif kind is not Kind.BOOLEAN:
        values += [(value, isinstance(lookup, Points)) for value in between(kind, sorted(named))]
    return ((value, unnamed) for value, unnamed in values if allowed is None or allowed.accepts(value, {}))


def _other(named: set[Any]) -> str:
    """A text that is none of these."""
    text = "other"
    while text in named:
        text += "?"
    return text


def _bounds(lookup: Lookup) -> Sequence[Any]:
    return list(lookup.exact) if isinstance(lookup, Points) else lookup.bounds


def between(kind: Kind, bounds: Sequence[Any]) -> Iterator[Any]:
    """A value below the bounds, above them, and between each two of them, where there is one."""
    before, middle, after, sample = STEPS[kind]
    if not bounds:
        yield sample
        return
    candidates = [(bounds[-1], after(bounds[-1]), None)]
    candidates += [(low, middle(low, high), high) for low, high in pairwise(bounds)]
    candidates += [(None, before(bounds[0]), bounds[0])]
    for low, value, high in candidates:
        if value is not None and (low is None or low < value) and (high is None or value < high):
            yield value


def _middle_number(low: Decimal, high: Decimal) -> Decimal:
    """A whole number where there is one."""
    whole = low // 1 + 1
    return whole if low < whole < high else (low + high) / 2


def _shifted(date: Date, days: int) -> Date | None:
    return from_day_number(date.number + days)


#: A value of no kind: it stands for all of a column that has no order.
SOMETHING: object = parse_date_time("2026-03-02T10:00:00Z")

HOUR = 3600 * SECOND
Steps = tuple[Callable[[Any], Any], Callable[[Any, Any], Any], Callable[[Any], Any], object]

#: By kind: a value before one, between two, after one, and one at all.
STEPS: Mapping[Kind, Steps] = {
    Kind.NUMBER: (lambda n: n - 1, _middle_number, lambda n: n + 1, Decimal(0)),
    Kind.STRING: (lambda text: "" if text else None, lambda low, _: f"{low} ", lambda text: f"{text} ", "other"),
    Kind.DATE: (lambda d: _shifted(d, -1), lambda low, _: _shifted(low, 1), lambda d: _shifted(d, 1), Date(2000, 1, 1)),
    Kind.DAYS: (
        lambda d: DaysDuration(d.nanos - HOUR),
        lambda low, high: DaysDuration((low.nanos + high.nanos) // 2),
        lambda d: DaysDuration(d.nanos + HOUR),
        DaysDuration(0),
    ),
    Kind.MONTHS: (
        lambda m: MonthsDuration(m.months - 1),
        lambda low, _: MonthsDuration(low.months + 1),
        lambda m: MonthsDuration(m.months + 1),
        MonthsDuration(0),
    ),
}
