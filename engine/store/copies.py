"""Copies of a store: a backup is a copy into a file, a move to another database is a copy of which the first is given up."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Text, func, select

from orderloom.engine.refused import Refused
from orderloom.engine.store import tables
from orderloom.engine.store.address import place
from orderloom.engine.store.partitions import make_between
from orderloom.engine.store.store import Store

_CHUNK = 2_000  #: rows at a time

Told = Callable[[int, int], None]


def copy(source: Store, target: Store, told: Told = lambda done, total: None) -> int | Refused:
    """Copies everything, as it was at one moment, into a store that has nothing yet; how many rows. Nobody is held up.

    All or nothing: a copy that is cut off leaves the target as it was.
    """
    with source.reading() as reader, target.writing() as writer:
        return _copied(reader, writer, told)


def move(source: Store, target: Store, told: Told = lambda done, total: None) -> int | Refused:
    """As `copy`, but nobody writes to the source meanwhile, and from then on opening it tells where it went."""
    with source.writing() as reader, target.writing() as writer:
        reader.execute(select(tables.workspace.c.name).with_for_update()).one()
        rows = _copied(reader, writer, told)
        if not isinstance(rows, Refused):
            reader.execute(tables.workspace.update().values(moved_to=place(target.engine.url)))
    return rows


def counts(connection: Connection) -> dict[str, int]:
    """Rows by table."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables.metadata.sorted_tables
    }


def _copied(reader: Connection, writer: Connection, told: Told) -> int | Refused:
    there = {name: rows for name, rows in counts(writer).items() if rows and name != tables.workspace.name}
    if there:
        return Refused(f"there is something in the target already: {', '.join(sorted(there))}")
    total, done = sum(counts(reader).values()), 0
    writer.execute(tables.workspace.delete())
    first, last = reader.execute(_SPAN).one()
    if first is not None:
        make_between(writer, first, last)
    for table in tables.metadata.sorted_tables:
        with reader.execute(select(table).execution_options(yield_per=_CHUNK)) as found:
            for rows in found.mappings().partitions():
                writer.execute(table.insert(), [dict(row) for row in rows])
                done += len(rows)
                told(done, total)
    writer.execute(tables.workspace.update().values(moved_to=None))
    return done


#: The first and the last moment of the history.
_SPAN = select(func.min(tables.history.c.at, type_=Text), func.max(tables.history.c.at, type_=Text))
