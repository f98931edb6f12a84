"""Workers tell the store that they are there, every few seconds; what they tell is for people, no work depends on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Connection, bindparam, select, text

from orderloom.engine import wire
from orderloom.engine.store import tables
from orderloom.engine.store.statements import delete, run, upsert

BEAT = timedelta(seconds=5)  #: how often a worker tells
SILENT = timedelta(seconds=20)  #: a worker not heard of for so long is not alive any more
FORGOTTEN = timedelta(days=1)  #: then nobody asks after it either


class Doing(Struct, frozen=True, omit_defaults=True):
    """What a worker tells of itself, since it started: events applied, messages handed over, failed attempts, conflicts.

    `breakers` are those of participants that are not closed, by organization.
    """

    turns: int = 0
    messages: int = 0
    failures: int = 0
    conflicts: int = 0
    breakers: Mapping[str, str] = {}


class Seen(Struct, frozen=True):
    """A worker as the store knows it."""

    owner: str
    started_at: datetime
    seen_at: datetime
    alive: bool
    doing: Doing


_w = tables.workers.c
_SEEN = (
    select(_w.owner, _w.started_at, _w.seen_at, _w.body)
    .where(_w.shard == bindparam("shard"))
    .order_by(_w.seen_at.desc(), _w.owner)
    .limit(bindparam("limit"))
)
_BEAT = upsert(tables.workers, started_at="workers.started_at")
_GONE = delete(tables.workers)
_FORGET = text("DELETE FROM workers WHERE shard = :shard AND seen_at < :seen_at")


def beat(connection: Connection, shard: int, owner: str, at: datetime, doing: Doing) -> None:
    """Notes that the worker was there at this moment, and forgets those not heard of for a day."""
    moment = wire.moment_text(at)
    run(connection, _BEAT, [(shard, owner, moment, moment, wire.dump(doing))])
    run(connection, _FORGET, [(shard, wire.moment_text(at - FORGOTTEN))])


def gone(connection: Connection, shard: int, owner: str) -> None:
    """Notes that the worker has ended."""
    run(connection, _GONE, [(shard, owner)])


def seen(connection: Connection, shard: int, at: datetime, limit: int = 100) -> tuple[Seen, ...]:
    """The workers heard of last, those alive at this moment and those that fell silent."""
    rows = connection.execute(_SEEN, {"shard": shard, "limit": limit})
    return tuple(Seen(owner, started, last, at - last < SILENT, wire.load(body, Doing)) for owner, started, last, body in rows)
