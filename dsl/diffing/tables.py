"""How two decision tables decide differently: exactly, as far as their cells are constants.

Both are walked as one table (pairs.py), only where a row may answer that is not in both alike. A path through the walk stands for
all inputs that the same rows accept; its witness is asked of both decisions as a whole, and nothing is said that they do not say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from orderloom.dsl.diffing.found import Case, Verdict
from orderloom.dsl.diffing.pairs import Pair, reads, reads_without_row
from orderloom.dsl.diffing.probe import context_of, contexts
from orderloom.dsl.diffing.samples import Path as Names
from orderloom.dsl.diffing.samples import Reading, Space, Words, reading, space
from orderloom.dsl.feel.arithmetic import arithmetic
from orderloom.dsl.program import Decision
from orderloom.dsl.questions import Question, Told, ask
from orderloom.dsl.tables import Policy, Row, Table
from orderloom.dsl.tables.extent import extent, shown
from orderloom.dsl.tables.findings import MOST_COLUMNS
from orderloom.dsl.tables.index import rows_of
from orderloom.dsl.tables.kinds import KINDS
from orderloom.dsl.tables.regions import Region
from orderloom.dsl.tables.table import same
from orderloom.dsl.tables.walk import Walk

WORK = 300_000  # intersections of rows, as for the proofs of one table
MOST = 50  #: cases of one table
EXTRA = 60  #: inputs besides the columns that are tried on one path, where cells or results are worked out
GROWTH = 3_000  #: neighbours of a witness that are looked at
_NO_ROW = -1  #: among rows: what holds where none answers

Rows = tuple[int, ...]


class _Found(Struct, frozen=True):
    """A path on which the answers differ: the region of each column, in the pair's order, and both answers."""

    regions: tuple[Region, ...]
    extra: Mapping[Names, object]
    before: Told
    after: Told

    @property
    def strange(self) -> int:
        """How many of its values nothing names; null counts most."""
        return sum(each.unnamed + 2 * (each.value is None) for each in self.regions)


def compared(pair: Pair, words: Words) -> Verdict:
    """The cases that two tables decide differently, each class of inputs that the same rows answer once."""
    if len(pair.columns) > MOST_COLUMNS:
        return Verdict(unsure=f"they have more than {MOST_COLUMNS} columns")
    with arithmetic():
        return _compared(pair, words, Walk(pair.table, WORK, nulls=range(len(pair.columns))))


def _compared(pair: Pair, words: Words, walk: Walk) -> Verdict:
    best: dict[tuple[Rows, Rows], _Found] = {}
    doubtful = set[int]()
    for bits, path in walk.met(pair.marked, _first(pair)):
        found = _asked(pair, words, walk, bits, path)
        if isinstance(found, _Found):
            key = found.before.rows, found.after.rows
            best[key] = min(best.get(key, found), found, key=lambda each: each.strange)
        else:
            doubtful |= found
    ordered = sorted(best.items(), key=lambda each: (each[1].strange > 0, each[0][0] or each[0][1], each[0][1]))
    cases = tuple(_case(pair, walk, found) for _, found in ordered[:MOST])
    unsure = [f"{len(ordered) - MOST} more cases were found"] if len(ordered) > MOST else []
    unsure += ["the tables are too large to be compared whole"] if walk.left <= 0 else []
    acting = {row for before, _ in best for row in before} | {row + pair.split for _, after in best for row in after}
    acting |= {_NO_ROW} if any(not (before and after) for before, after in best) else set()
    unsure += (
        [f"no input was found that shows whether {_at(pair, doubtful - acting)} decides otherwise"] if doubtful - acting else []
    )
    return Verdict(cases, () if unsure else _idle(pair, acting), "; ".join(unsure))


def _first(pair: Pair) -> Sequence[int]:
    """The rows of each table whose first one answers alone; none where of a tested cell it is not sure that it accepts."""
    if pair.table.index.tested:
        return []
    old = (1 << pair.split) - 1
    parts = ((_logic(pair.old), old), (_logic(pair.new), pair.table.index.everything & ~old))
    return [rows for table, rows in parts if table.policy is Policy.FIRST]


def _logic(decision: Decision) -> Table:
    assert isinstance(decision.logic, Table)
    return decision.logic


def _asked(pair: Pair, words: Words, walk: Walk, bits: int, path: Sequence[Region]) -> _Found | set[int]:
    """What both decisions say on a path; where they do not differ, the rows of which that is not sure."""
    regions = tuple(region for _, region in sorted(zip(walk.order, path, strict=True), key=lambda each: each[0]))
    worked_out = _worked_out(pair, words, bits, regions)
    tries = [dict[Names, object]()] if worked_out is None else _extras(worked_out)
    for extra in tries:
        before, after = told(pair, regions, extra)
        if not same(before.value, after.value):
            return _Found(regions, extra, before, after)
    if worked_out is None:
        return set()
    now = tuple(row + pair.split for row in after.rows)
    doubtful = set() if _key(pair, before.rows) == _key(pair, now) else {*before.rows, *now}
    doubtful |= {row for row in (*before.rows, *now) if reads(_row(pair, row), pair.renamed)}
    doubtful |= {_NO_ROW} if not (before.rows and now) and reads_without_row(_logic(pair.new), pair.renamed) else set()
    if any(_is_tested(_row(pair, row)) for row in rows_of(bits)):  # other inputs of the path may meet other rows
        doubtful |= set(rows_of(bits if pair.marked is None else bits & pair.marked))
    return doubtful


def told(pair: Pair, regions: Sequence[Region], extra: Mapping[Names, object]) -> tuple[Told, Told]:
    """What both decisions answer, asked as a whole."""
    values: dict[Names, object] = {}
    columns: tuple[dict[str, object], dict[str, object]] = ({}, {})
    plain = pair.fields
    for at, (column, region) in enumerate(zip(pair.columns, regions, strict=True)):
        if at in plain:
            values[plain[at]] = region.value
        for side, decision, place in ((0, pair.old, column.before), (1, pair.new, column.after)):
            if place is not None:
                columns[side][tuple(decision.inputs)[place]] = region.value
    context = context_of({**extra, **values})
    return ask(pair.old, Question(context, columns[0])), ask(pair.new, Question(context, columns[1]))


def _worked_out(pair: Pair, words: Words, bits: int, regions: Sequence[Region]) -> Space | None:
    """What cells and results that are no constants read besides the columns; None where all are constants."""
    rows = list(rows_of(bits))
    sides = (pair.old, [row for row in rows if row < pair.split]), (pair.new, [row for row in rows if row >= pair.split])
    found = [_read_by(decision, [_row(pair, row) for row in own], words) for decision, own in sides]
    if found == [None, None]:
        return None
    read = (found[0] or Reading()) | (found[1] or Reading())
    taken = set(pair.fields.values())
    paths = frozenset(path for path in read.paths if path not in taken)
    near = {(KINDS[type(each.value)], each.value) for each in regions if type(each.value) in KINDS}
    return space(Reading(paths, read.constants | near), words, {**pair.old.given, **pair.new.given})


def _read_by(decision: Decision, rows: Iterable[Row], words: Words) -> Reading | None:
    """What rows of a decision read that are worked out, with its own `where`; None where all are constants."""
    rows, defaults = list(rows), [each.default for each in _logic(decision).outputs if each.default is not None]
    cells = {cell.text for row in rows for cell in row.cells if cell.test is not None}
    results = {each.text for row in rows for each in row.results if each.evaluate is not None}
    results |= {each.text for each in defaults if each.evaluate is not None}
    if not cells and not results:
        return None
    read = reading(cells, words, tests=True) | reading(results, words)
    read |= reading([formula.text for formula in decision.where.values()], words)
    return Reading(frozenset(path for path in read.paths if path[0] not in decision.where), read.constants)


def _extras(worked_out: Space) -> Iterator[Mapping[Names, object]]:
    for at, context in enumerate(contexts(worked_out)):
        if at >= EXTRA:
            return
        yield {(name,): value for name, value in context.items()}


def _key(pair: Pair, rows: Rows) -> list[object]:
    """What rows put out, as it is written."""
    return [[" ".join(result.text.split()) for result in _row(pair, row).results] for row in rows]


def _row(pair: Pair, row: int) -> Row:
    """A row of the two tables as one."""
    return _logic(pair.old).rows[row] if row < pair.split else _logic(pair.new).rows[row - pair.split]


def _is_tested(row: Row) -> bool:
    return any(cell.test is not None for cell in row.cells)


def _case(pair: Pair, walk: Walk, found: _Found) -> Case:
    plain = pair.fields
    given = {".".join(plain.get(at, (column.name,))): found.regions[at].value for at, column in enumerate(pair.columns)}
    given |= {".".join(path): value for path, value in found.extra.items()}
    return Case(
        {name: shown(value) for name, value in given.items()},
        shown(found.before.value),
        shown(found.after.value),
        _around(pair, walk, found),
        tuple(_logic(pair.old).rows[row].place for row in found.before.rows),
        tuple(_logic(pair.new).rows[row].place for row in found.after.rows),
    )


def _around(pair: Pair, walk: Walk, found: _Found) -> dict[str, str]:
    """The inputs around a witness that the same rows of both tables answer, grown column by column."""
    index = pair.table.index
    if index.tested:
        return {column.name: shown(region.value) for column, region in zip(pair.columns, found.regions, strict=True)}
    of_column = dict(zip(walk.order, walk.columns, strict=True))
    box = [[region.may] for region in found.regions]
    left = GROWTH
    for at in range(len(box)):
        others = [index.everything]
        for other, mays in enumerate(box):
            others = others if other == at else list({rows & may for rows in others for may in mays})
        for may in {region.may for region in of_column[at]} - set(box[at]):
            left -= len(others)
            if left > 0 and all(_rows(pair, rows & may) == (found.before.rows, found.after.rows) for rows in others):
                box[at].append(may)
    said = {column.name: extent(pair.table, at, box[at]) for at, column in enumerate(pair.columns)}
    return {name: text for name, text in said.items() if text != "-"}


def _rows(pair: Pair, bits: int) -> tuple[Rows, Rows]:
    """The rows of both tables that answer, of those that accept an input."""
    old, new = _logic(pair.old), _logic(pair.new)
    return _firing(old, bits & (1 << pair.split) - 1), _firing(new, bits >> pair.split)


def _firing(table: Table, bits: int) -> Rows:
    rows = tuple(rows_of(bits))
    return table.fired(rows) if len(rows) > 1 else rows


def _idle(pair: Pair, acting: set[int]) -> tuple[str, ...]:
    """Where rows stand that were changed without changing any answer; of one that stands in another's place, the new one."""
    idle = [rows for rows in pair.edits if acting.isdisjoint(rows)]
    return tuple(_at(pair, rows[-1:]) for rows in idle) if pair.marked is not None else ()


def _at(pair: Pair, rows: Collection[int]) -> str:
    """Where rows stand; those of the old table are called so."""
    said = (_row(pair, row).place + (" (old)" if row < pair.split else "") for row in sorted(rows) if row != _NO_ROW)
    return ", ".join((*said, *(["the default"] if _NO_ROW in rows else [])))
