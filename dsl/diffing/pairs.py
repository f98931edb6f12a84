"""Two tables as one: the rows of both under the columns of both, so that the walk that proves one table tells how two differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from orderloom.dsl.digest import canonical
from orderloom.dsl.feel.types import ANY, Simple, Type
from orderloom.dsl.program import Decision
from orderloom.dsl.tables import Cell, Input, Policy, Result, Row, Table
from orderloom.dsl.tables.table import table_of

_ANY_ORDER = frozenset({Policy.UNIQUE, Policy.ANY, Policy.SUM, Policy.MIN, Policy.MAX, Policy.COUNT})
_ANYTHING = Cell("-")
_PATH = re.compile(r"[a-z_]\w*(\.[a-z_]\w*)*")
_NAME = re.compile(r"[^\W\d]\w*")


class Column(Struct, frozen=True):
    """A column of one or both tables, by what it looks at; the numbers are its places in them, None where it is in one alone."""

    name: str
    looks_at: str
    before: int | None
    after: int | None


class Pair(Struct, frozen=True):
    """Two decisions with tables, and both tables as one: the rows of the old one, then those of the new one.

    `marked` are the rows that are not in both alike; None where every input may be answered otherwise. `edits` are these rows,
    an old one with the new one that stands in its place. `renamed` are the names of `where` that mean something else now: what
    reads them is not alike, however alike it is written.
    """

    old: Decision
    new: Decision
    columns: tuple[Column, ...]
    table: Table
    marked: int | None
    edits: tuple[tuple[int, ...], ...]
    renamed: frozenset[str] = frozenset()

    @property
    def fields(self) -> Mapping[int, tuple[str, ...]]:
        """The columns that look at single fields, with the way to each."""
        return {at: tuple(each.looks_at.split(".")) for at, each in enumerate(self.columns) if _PATH.fullmatch(each.looks_at)}

    @property
    def told_apart(self) -> bool:
        """Whether what a column of one table alone looks at can be given apart from what all others look at."""
        alone = [each for each in self.columns if each.before is None or each.after is None]
        return all(_PATH.fullmatch(each.looks_at) for each in alone) and not any(
            _overlap(one, other) for one in alone for other in self.columns if other is not one
        )

    @property
    def split(self) -> int:
        """The number of the old rows, which come first."""
        return len(_table(self.old).rows)


def paired(old: Decision, new: Decision) -> Pair:
    """The two as one."""
    before, after = _table(old), _table(new)
    renamed = _renamed(old, new)
    columns = _columns(old, new, renamed)
    inputs = tuple(_input(column, before, after) for column in columns)
    cells = [
        *(tuple(_ANYTHING if each.before is None else row.cells[each.before] for each in columns) for row in before.rows),
        *(tuple(_ANYTHING if each.after is None else row.cells[each.after] for each in columns) for row in after.rows),
    ]
    table = table_of(Policy.COLLECT, inputs, (), (Row(each, ()) for each in cells))
    keys = [
        (_row_key(tests, row), at < len(before.rows) if reads(row, renamed) else None)
        for at, (tests, row) in enumerate(zip(cells, (*before.rows, *after.rows), strict=True))
    ]
    same_frame = _frame(before) == _frame(after) and not reads_without_row(after, renamed)
    sides = keys[: len(before.rows)], keys[len(before.rows) :]
    alone = _without_like(*sides) if before.policy in _ANY_ORDER else _out_of_line(*sides)
    marked = sum(1 << row for row in alone) if same_frame else None
    return Pair(old, new, columns, table, marked, tuple(_edits(*sides, alone)), renamed)


def reads(row: Row, names: Collection[str]) -> bool:
    """Whether a cell or a result that is worked out may read one of these names."""
    return bool(names) and _read(names, *(c.text for c in row.cells if c.test), *(r.text for r in row.results if r.evaluate))


def reads_without_row(table: Table, names: Collection[str]) -> bool:
    """Whether what holds where no row answers may read one of these names."""
    return _read(names, *(each.default.text for each in table.outputs if each.default and each.default.evaluate))


def _read(names: Collection[str], *texts: str) -> bool:
    return any(not set(names).isdisjoint(_NAME.findall(text)) for text in texts)


def _renamed(old: Decision, new: Decision) -> frozenset[str]:
    """The names of `where` that are not the same on both sides, by themselves or by another one that they read."""
    before, after = _named(old), _named(new)
    found = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    for name, (_, others) in after.items():
        if others & found:
            found.add(name)
    return frozenset(found)


def _named(decision: Decision) -> dict[str, tuple[object, frozenset[str]]]:
    """Each name of `where`: what it says, and which of those before it that may read."""
    found: dict[str, tuple[object, frozenset[str]]] = {}
    for name, formula in decision.where.items():
        found[name] = canonical(formula), frozenset(found.keys() & set(_NAME.findall(formula.text)))
    return found


def _overlap(one: Column, other: Column) -> bool:
    """Whether the two look at the same, or one at a part of the other; what is no plain field may look at anything."""
    if not _PATH.fullmatch(other.looks_at):
        return re.search(rf"(?<![\w.]){re.escape(one.looks_at.split('.')[0])}(?!\w)", other.looks_at) is not None
    ways = one.looks_at.split("."), other.looks_at.split(".")
    return all(a == b for a, b in zip(*ways, strict=False))


def _table(decision: Decision) -> Table:
    assert isinstance(decision.logic, Table)
    return decision.logic


def _columns(old: Decision, new: Decision, renamed: frozenset[str]) -> tuple[Column, ...]:
    """The columns of the new table, then those that only the old one has; equal are those that look at the same."""
    before, after = _looks(old, "before", renamed), _looks(new, "after", renamed)
    names = tuple(old.inputs)
    both = [Column(name, text, before.get(text), at) for at, (name, text) in enumerate(zip(new.inputs, after, strict=True))]
    return (*both, *(Column(names[at], text, at, None) for text, at in before.items() if text not in after))


def _looks(decision: Decision, side: str, renamed: frozenset[str]) -> dict[str, int]:
    """Each column by what it looks at; one that reads a named value which is another now looks at something of its own."""
    found: dict[str, int] = {}
    for at, formula in enumerate(decision.inputs.values()):
        read = {path[0] for path in formula.shape.reads} if formula.shape is not None else renamed
        text = str(canonical(formula)) + (f" ({side})" if read & renamed else "")
        found[text if text not in found else f"{text} #{at}"] = at
    return found


def _input(column: Column, before: Table, after: Table) -> Input:
    """What may come in on either side."""
    sides = [table.inputs[at] for table, at in ((before, column.before), (after, column.after)) if at is not None]
    if len(sides) == 1:
        return Input(column.name, sides[0].type, sides[0].allowed)
    one, other = sides
    return Input(column.name, _either(one.type, other.type), _together(one.allowed, other.allowed))


def _either(one: Type, other: Type) -> Type:
    if one == other:
        return one
    alike = isinstance(one, Simple) and isinstance(other, Simple) and one.name == other.name
    return Simple(one.name) if alike and isinstance(one, Simple) else ANY


def _together(one: Cell | None, other: Cell | None) -> Cell | None:
    """What either lets in; anything where that cannot be said by spans."""
    if one is None or other is None or one.negated or other.negated or one.test or other.test:
        return one if one == other else None
    return Cell(one.text, tuple(dict.fromkeys((*one.spans, *other.spans))))


def _frame(table: Table) -> object:
    """What a table has besides rows and inputs."""
    outputs = [(c.name, str(c.type), _cell(c.allowed), _result(c.default) if c.default else None) for c in table.outputs]
    return table.policy, tuple(outputs)


def _row_key(cells: Sequence[Cell], row: Row) -> Hashable:
    return tuple(map(_cell, cells)), tuple(map(_result, row.results))


def _cell(cell: Cell | None) -> Hashable:
    """What a cell says, however it is written."""
    if cell is None:
        return None
    return " ".join(cell.text.split()) if cell.test is not None else (frozenset(cell.spans), cell.negated)


def _result(result: Result) -> Hashable:
    if result.evaluate is not None:
        return "formula", " ".join(result.text.split())
    return type(result.value).__name__, result.value


def _without_like(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[int]:
    """The rows that have no like anywhere."""
    there, here = Counter(after), Counter(before)
    gone = [row for row, key in enumerate(before) if not _take(there, key)]
    return gone + [len(before) + row for row, key in enumerate(after) if not _take(here, key)]


def _take(left: Counter[Hashable], key: Hashable) -> bool:
    left[key] -= 1
    return left[key] >= 0


def _out_of_line(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[int]:
    """The rows that have no like in the same place among the others."""
    found: list[int] = []
    for tag, start, end, begin, stop in _steps(before, after):
        found += [*range(start, end), *(len(before) + row for row in range(begin, stop))] if tag != "equal" else []
    return sorted(found)


def _edits(before: Sequence[Hashable], after: Sequence[Hashable], alone: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The rows that have no like, each with the one that stands in its place now."""
    left = set(alone)
    for tag, start, end, begin, stop in _steps(before, after) if alone else ():
        for old, new in zip(range(start, end), range(begin, stop), strict=False) if tag == "replace" else ():
            pair = old, len(before) + new
            if left.issuperset(pair):
                left.difference_update(pair)
                yield pair
    yield from ((row,) for row in sorted(left))


def _steps(before: Sequence[Hashable], after: Sequence[Hashable]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
