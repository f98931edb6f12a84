"""What a reader of the stock has taken note of, item by item, so that it finds what has changed since and misses nothing.

A version of an item's stock that a reader has not noted is one that it has not seen, whoever wrote it and whenever that was
committed. An item is also looked at anew on each day and with each version of the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import Connection, select

from orderloom.engine.store import Store, tables
from orderloom.engine.store.statements import run, upsert

CHUNK = 500  #: items that are looked at in one transaction

_NOTE = upsert(tables.looks)


def unseen_by(store: Store, reader: str, day: date, rules: str) -> Iterator[dict[str, int]]:
    """Items that the reader has not looked at as they are now, in order, so many at once, each with its version."""
    s, k = tables.stock.c, tables.looks.c
    known = (k.shard == s.shard) & (k.reader == reader) & (k.item == s.item)
    missed = k.item.is_(None) | (k.version != s.version) | (k.day != day) | (k.rules != rules)
    asked = select(s.item, s.version).join_from(tables.stock, tables.looks, known, isouter=True)
    asked = asked.where(s.shard == store.shard, missed).order_by(s.item).limit(CHUNK)
    after = ""
    while True:
        with store.reading() as connection:
            found = dict(connection.execute(asked.where(s.item > after)).all())
        if found:
            yield found
        if len(found) < CHUNK:
            return
        after = max(found)


def note(connection: Connection, shard: int, reader: str, day: date, rules: str, versions: Mapping[str, int]) -> None:
    """The reader has seen these versions."""
    rows = [(shard, reader, item, version, day.isoformat(), rules) for item, version in versions.items()]
    run(connection, _NOTE, rows)


def versions(connection: Connection, shard: int, items: Iterable[str]) -> dict[str, int]:
    """The versions of these items' stock."""
    s = tables.stock.c
    asked = select(s.item, s.version).where(s.shard == shard, s.item.in_(sorted(items)))
    return dict(connection.execute(asked).all())


def newer(connection: Connection, shard: int, reader: str, versions: Mapping[str, int]) -> set[str]:
    """Items of which the reader has noted a newer version than this."""
    k = tables.looks.c
    asked = select(k.item, k.version).where(k.shard == shard, k.reader == reader, k.item.in_(sorted(versions)))
    return {item for item, version in connection.execute(asked) if version > versions[item]}
