"""Published availability: what has changed since a publication, item by item and node by node.

A publication brings the store's record of what is known outside up to date, and gives every figure that changed its number.
Whoever asks says the number of the last publication that came, so an answer that is lost is asked for again, and any number of
receivers may ask. An item whose stock changes meanwhile has a version that was not seen: the next publication looks at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, bindparam, select, tuple_, update

from orderloom.dsl.program import Program
from orderloom.engine import wire
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.ledger.stock import Key
from orderloom.engine.refused import Refused
from orderloom.engine.store import Store, tables
from orderloom.engine.store.looks import newer, note, unseen_by
from orderloom.engine.store.statements import insert_new, run, upsert

TOTAL = ""  #: in place of the node, for all nodes together
PAGE = 10_000  #: figures that are read at once

_PUBLICATION = insert_new(tables.publications)
_PUBLISH = upsert(tables.published)
_CATALOG = select(tables.workspace.c.catalog).where(tables.workspace.c.shard == bindparam("shard"))


class Figure(Struct, frozen=True):
    """Units of an item that may be promised at once at a node (`TOTAL`: at all of them), as it was found at a moment."""

    item: str
    node: str
    available: int
    as_of: datetime


class Publication(Struct, frozen=True):
    """What has changed up to the publication `token`, which is to be said when asking again."""

    token: int
    figures: Iterator[Figure]


def publish(
    store: Store, program: Program, method: str, now: datetime, since: int = 0, total: bool = False
) -> Publication | Refused:
    """What may be promised at once to whoever asks for the method, where that has changed since the publication `since`.

    Without one that is everything. `total` adds up all nodes of an item.
    """
    lookup = Lookup(store, program)
    with store.writing() as connection:
        run(connection, _PUBLICATION, [(store.shard, method, 0)])
        rules = f"{program.digest}/{connection.execute(_CATALOG, {'shard': store.shard}).scalar_one()}"
    for seen in unseen_by(store, _reader(method), now.date(), rules):
        found = _available(lookup, seen, method, now)
        with store.writing() as connection:
            _record(connection, store.shard, method, seen, found, rules, now)
    with store.reading() as connection:
        token = _number(connection, store.shard, method)
    if since > token:
        return Refused(f"this store never published {since} for {method}; the last one is {token}")
    return Publication(token, _figures(store, method, since, token, total))


def difference(before: Mapping[Key, int], now: Mapping[Key, int]) -> dict[Key, int]:
    """The figures of `now` that are new or not what they were."""
    return {key: units for key, units in now.items() if before.get(key) != units}


# --- within ---------------------------------------------------------------------------------------------------------------


def _reader(method: str) -> str:
    return f"publish/{method}"


def _available(lookup: Lookup, items: Iterable[str], method: str, now: datetime) -> dict[Key, int]:
    """Units by item and node, and by item in total."""
    found: dict[Key, int] = {}
    for item, answers in lookup.available(items, method, now).items():
        by_node = {(item, answer.node): answer.by(now.date()) for answer in answers}
        found |= by_node
        if by_node:
            found[item, TOTAL] = sum(by_node.values())
    return found


def _record(
    connection: Connection, shard: int, method: str, seen: Mapping[str, int], found: Mapping[Key, int], rules: str, now: datetime
) -> None:
    """Takes in what was found of these versions of items, but for items of which another publication saw a newer one."""
    number = _number(connection, shard, method, lock=True) + 1
    reader = _reader(method)
    late = newer(connection, shard, reader, seen)
    fresh = {item: version for item, version in seen.items() if item not in late}
    t = tables.published.c
    known = select(t.item, t.node, t.available).where(t.shard == shard, t.method == method, t.item.in_(sorted(fresh)))
    before = {(item, node): units for item, node, units in connection.execute(known)}
    changed = difference(before, {key: units for key, units in found.items() if key[0] in fresh})
    if changed:
        moment = wire.moment_text(now)
        run(connection, _PUBLISH, [(shard, method, *key, units, number, moment) for key, units in changed.items()])
        p = tables.publications
        connection.execute(update(p).where(p.c.shard == shard, p.c.method == method).values(number=number))
    note(connection, shard, reader, now.date(), rules, fresh)


def _number(connection: Connection, shard: int, method: str, lock: bool = False) -> int:
    """The number of the last publication; with the lock nobody else publishes for the method until the transaction ends."""
    p = tables.publications.c
    asked = select(p.number).where(p.shard == shard, p.method == method)
    return int(connection.execute(asked.with_for_update() if lock else asked).scalar_one())


def _figures(store: Store, method: str, since: int, token: int, total: bool) -> Iterator[Figure]:
    """What was published after `since`, up to `token`, a page at a time. What changes meanwhile comes with a later token."""
    t = tables.published.c
    key = tuple_(t.number, t.item, t.node)
    asked = select(t.number, t.item, t.node, t.available, t.at).where(t.shard == store.shard, t.method == method)
    asked = asked.where(t.number <= token, t.node == TOTAL if total else t.node != TOTAL)
    last = (since + 1, "", "")
    while True:
        with store.reading() as connection:
            rows = connection.execute(asked.where(key > last).order_by(t.number, t.item, t.node).limit(PAGE)).all()
        for row in rows:
            yield Figure(row.item, row.node, row.available, row.at)
        if len(rows) < PAGE:
            return
        last = (rows[-1].number, rows[-1].item, rows[-1].node)
