"""What is wrong with a table as a whole: inputs that no row answers, rows that contradict each other, rows that never fire.

The search walks column by column through regions instead of values, keeps the set of rows that are left, and never walks
twice through the same set. A row with a test that only a look-up can decide counts as accepting when gaps are searched, as
refusing when overlaps are: what is found is always true. Each finding has a witness.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import islice
from operator import and_, or_
from typing import Literal

from msgspec import Struct

from orderloom.dsl.feel.arithmetic import arithmetic
from orderloom.dsl.tables.index import rows_of
from orderloom.dsl.tables.policies import Policy
from orderloom.dsl.tables.regions import Region, may_be_null
from orderloom.dsl.tables.table import Table, same
from orderloom.dsl.tables.walk import Walk

WORK = 300_000  # intersections of rows; about half a second for the largest tables
MOST = 20  # findings of one kind
MOST_COLUMNS = 200  # each is one level of the walk

ANSWERS_ONCE = frozenset({Policy.UNIQUE, Policy.ANY, Policy.FIRST, Policy.PRIORITY})

FindingKind = Literal["gap", "overlap", "shadowed"]


class Finding(Struct, frozen=True):
    """One fault of a table, with a value for each input that shows it; null stands for any value, but in the columns `nulls`.

    gap: no row accepts the witness. overlap: all `rows` do, and the policy forbids it. shadowed: the first of `rows` never
    fires; for the witness, which it accepts, the second fires instead (there is none when no value can come in).
    `unnamed`: the witness needs a value, such as any other text, that neither a cell nor a declaration names.
    """

    kind: FindingKind
    rows: tuple[int, ...]
    witness: tuple[object, ...]
    unnamed: bool = False
    nulls: frozenset[int] = frozenset()


class Search(Struct, frozen=True):
    """The findings, at most 20 of each kind; `complete` when the search came to its end within the bound on its work."""

    findings: tuple[Finding, ...]
    complete: bool


def findings(table: Table) -> tuple[Finding, ...]:
    """The findings of a bounded search; none means that none was found."""
    return search(table).findings


def search(table: Table, work: int = WORK) -> Search:
    """Gaps, overlaps and shadowed rows of a table, as far as its policy forbids them."""
    if len(table.inputs) > MOST_COLUMNS:
        return Search((), complete=False)
    with arithmetic():
        walk = Walk(table, work)
        found = [*islice(_gaps(walk), MOST), *islice(_overlaps(walk), MOST), *_never_fire(walk)]
    return Search(tuple(found), walk.left > 0)


def _gaps(walk: Walk) -> Iterator[Finding]:
    table = walk.table
    if table.policy not in ANSWERS_ONCE or any(output.default for output in table.outputs):
        return
    for at, regions in enumerate(walk.columns):
        yield from (_finding(walk, "gap", (), {at: region}) for region in regions if not region.may)
    free = walk.free(lambda region: region.may)
    for unnamed in (False, True):
        reached = [[region for region in column if region.may and (unnamed or not region.unnamed)] for column in walk.columns]
        choices = [[(region.may, region) for region in column] for column in reached]
        for path in walk.emptied(table.index.everything, choices, free):
            if any(region.unnamed for region in path) is unnamed:
                yield _finding(walk, "gap", (), dict(enumerate(path)))


def _overlaps(walk: Walk) -> Iterator[Finding]:
    if walk.table.policy not in (Policy.UNIQUE, Policy.ANY):
        return
    reported: list[int] = []
    for bits, path in walk.shared():
        rows = tuple(rows_of(bits))
        known = any(not bits & ~before for before in reported)
        if not known and (walk.table.policy is Policy.UNIQUE or _contradict(walk.table, rows)):
            reported.append(bits)
            yield _finding(walk, "overlap", rows, dict(enumerate(path)))


def _finding(walk: Walk, kind: FindingKind, rows: tuple[int, ...], path: Mapping[int, Region]) -> Finding:
    """Columns that the path does not reach take their first value."""
    witness, unnamed = walk.witness(path)
    several = {walk.order[at] for at, regions in enumerate(walk.columns) if len(regions) > 1}
    return Finding(kind, rows, witness, unnamed, frozenset(at for at in several if witness[at] is None))


def _contradict(table: Table, rows: Sequence[int]) -> bool:
    """Whether two rows put out different constants."""
    outputs = [table.outputs_of(row) for row in rows if table.rows[row].constant]
    return not all(same(output, outputs[0]) for output in outputs)


def _never_fire(walk: Walk) -> Iterator[Finding]:
    """The rows that are shadowed, and not just because nobody asked what becomes of null: a last row `-` takes that."""
    hidden = [*islice(_shadowed(walk), MOST)]
    if hidden:
        nulls = [at for at, declared in enumerate(walk.table.inputs) if may_be_null(declared)]
        also = {finding.rows[0] for finding in _shadowed(Walk(walk.table, WORK, nulls))}
        yield from (finding for finding in hidden if finding.rows[0] in also)


def _unreached(walk: Walk) -> int:
    """The rows with a cell that accepts nothing of what may come in."""
    reached = [reduce(or_, (region.may for region in regions), 0) for regions in walk.columns]
    return walk.table.index.everything & ~reduce(and_, reached, walk.table.index.everything)


def _shadowed(walk: Walk) -> Iterator[Finding]:
    unreached = _unreached(walk)
    yield from (_finding(walk, "shadowed", (row,), {}) for row in rows_of(unreached))
    free = walk.free(lambda region: region.sure)
    size = len(walk.table.rows) // 8 + 1
    marked = [[(region.sure, region, region.may.to_bytes(size, "little")) for region in regions] for regions in walk.columns]
    for row, earlier in _precedence(walk.table):
        byte, bit = divmod(row, 8)
        choices = [[(sure, region) for sure, region, may in column if may[byte] >> bit & 1] for column in marked]
        if not unreached >> row & 1 and next(walk.emptied(earlier, choices, free), None) is None and walk.left > 0:
            path = [regions[0][1] for regions in choices]
            bits = reduce(and_, (region.sure for region in path), earlier)
            yield _finding(walk, "shadowed", (row, next(rows_of(bits))), dict(enumerate(path)))


def _precedence(table: Table) -> Iterator[tuple[int, int]]:
    """Each row with the rows that win over it wherever both match, where the policy lets rows win."""
    ranks: list[tuple[tuple[int, ...], int]] = []
    if table.policy is Policy.FIRST:
        ranks = [((), at) for at in range(len(table.rows))]
    elif table.policy is Policy.PRIORITY:
        ranks = [(table.rank(table.outputs_of(at)), at) for at, row in enumerate(table.rows) if row.constant]
    earlier = 0
    for _, row in sorted(ranks):
        yield row, earlier
        earlier |= 1 << row
