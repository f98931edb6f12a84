"""What a reader of the stock has taken note of, item by item, so that it finds what has changed since and misses nothing.

A version of an item's stock that a reader has not noted is one that it has not seen, whoever wrote it and whenever that was
committed. An item is also looked at anew on each day and with each version of the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import Connection, select

from orderloom.engine.store import tables
from orderloom.engine.store.statements import run, upsert

_NOTE = upsert(tables.looks)


def unseen(connection: Connection, shard: int, reader: str, day: date, program: str, after: str, limit: int) -> dict[str, int]:
    """Items behind `after` that the reader has not looked at as they are now, in order, each with its version."""
    s, k = tables.stock.c, tables.looks.c
    known = (k.shard == s.shard) & (k.reader == reader) & (k.item == s.item)
    missed = k.item.is_(None) | (k.version != s.version) | (k.day != day) | (k.program != program)
    asked = select(s.item, s.version).join_from(tables.stock, tables.looks, known, isouter=True)
    asked = asked.where(s.shard == shard, s.item > after, missed).order_by(s.item).limit(limit)
    return dict(connection.execute(asked).all())


def note(connection: Connection, shard: int, reader: str, day: date, program: str, versions: Mapping[str, int]) -> None:
    """The reader has seen these versions."""
    rows = [(shard, reader, item, version, day.isoformat(), program) for item, version in versions.items()]
    run(connection, _NOTE, rows)


def versions(connection: Connection, shard: int, items: Iterable[str]) -> dict[str, int]:
    """The versions of these items' stock."""
    s = tables.stock.c
    asked = select(s.item, s.version).where(s.shard == shard, s.item.in_(sorted(items)))
    return dict(connection.execute(asked).all())
