"""How a store that is worked on is doing: what waits, for how long, for whom.

It is asked every second while workers work, so each query reads a bounded part of an index: the queues are found by going from
one to the next, and a count ends at `MOST`. Whoever has more of something than that is not helped by the exact number.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo

from msgspec import Struct
from sqlalchemy import Connection, text

from orderloom.engine import wire
from orderloom.engine.store.store import Store
from orderloom.engine.store.workers import Seen, seen

MOST = 10_000  #: where counts end
SOON = timedelta(hours=1)


class Queue(Struct, frozen=True):
    """Turns of orders: due now, since when the first of them, due within the hour, and when the next one is after now."""

    due: int
    oldest: datetime | None
    soon: int
    next: datetime | None


class Outbox(Struct, frozen=True):
    """Messages to an organization that are not delivered yet, those of them that have failed, and since when the oldest waits."""

    organization: str
    messages: int
    failing: int
    oldest: datetime


class Open(Struct, frozen=True):
    """Exceptions that wait for a decision of a role, those of them that are beyond their time included."""

    role: str
    type: str
    count: int
    overdue: int = 0


class OpenTasks(Struct, frozen=True):
    """Tasks that wait for somebody of a role, those of them that are beyond their time included."""

    role: str
    count: int
    overdue: int


class Vitals(Struct, frozen=True):
    """A store at a moment. `late` are running orders that still owe something of which the first promise has passed.

    `dead_rows` are versions of rows, by table, that a server keeps and nobody needs; a file has none.
    """

    at: datetime
    queue: Queue
    outbox: tuple[Outbox, ...]
    exceptions: tuple[Open, ...]
    late: int
    workers: tuple[Seen, ...]
    dead_rows: Mapping[str, int] = {}
    tasks: tuple[OpenTasks, ...] = ()


def vitals(store: Store, zone: tzinfo, at: datetime | None = None) -> Vitals:
    """How the store is doing, now unless another moment is given. Promised days are those of the time zone."""
    at = at or store.now()
    today = {"shard": store.shard, "today": at.astimezone(zone).date().isoformat()}
    with store.reading() as connection:
        return Vitals(
            at,
            _queue(connection, store.shard, at),
            _outbox(connection, store.shard),
            _exceptions(connection, store.shard, at),
            connection.execute(_LATE, today).scalar_one(),
            seen(connection, store.shard, at),
            _dead_rows(connection) if connection.dialect.name == "postgresql" else {},
            _tasks(connection, store.shard, at),
        )


def statuses(store: Store) -> dict[str, int]:
    """Orders by status, those that have ended, too."""
    with store.reading() as connection:
        return {str(status): count for status, count in connection.execute(_STATUSES, {"shard": store.shard})}


def _queue(connection: Connection, shard: int, at: datetime) -> Queue:
    moments = {"now": wire.moment_text(at), "soon": wire.moment_text(at + SOON)}
    rows = connection.execute(_DUE, {"shard": shard, **moments}).all()
    due, soon = (min(MOST, sum(row[n] for row in rows)) for n in (0, 2))
    oldest, following = (min((row[n] for row in rows if row[n]), default=None) for n in (1, 3))
    return Queue(due, oldest and wire.moment_of(oldest), soon, following and wire.moment_of(following))


def _outbox(connection: Connection, shard: int) -> tuple[Outbox, ...]:
    """By organization, which the name of a queue begins with."""
    found: dict[str, Outbox] = {}
    for queue, messages, failing, first, failed in connection.execute(_OUTBOX, {"shard": shard}):
        name, oldest = queue.partition("/")[0], wire.moment_of(min(first, failed or first))
        known = found.get(name, Outbox(name, 0, 0, oldest))
        counts = min(MOST, known.messages + messages), min(MOST, known.failing + failing)
        found[name] = Outbox(name, *counts, min(known.oldest, oldest))
    return tuple(found.values())


def _exceptions(connection: Connection, shard: int, at: datetime) -> tuple[Open, ...]:
    return tuple(Open(*row) for row in connection.execute(_OPEN, {"shard": shard, "now": wire.moment_text(at)}))


def _tasks(connection: Connection, shard: int, at: datetime) -> tuple[OpenTasks, ...]:
    return tuple(OpenTasks(*row) for row in connection.execute(_TASKS, {"shard": shard, "now": wire.moment_text(at)}))


def _dead_rows(connection: Connection) -> dict[str, int]:
    return {str(table): int(count) for table, count in connection.execute(_DEAD)}


def _count(table: str, which: str) -> str:
    """How many rows there are, up to `MOST`."""
    return f"(SELECT count(*) FROM (SELECT 1 FROM {table} WHERE shard = :shard AND {which} LIMIT {MOST}) AS counted)"


def _least(column: str, table: str, which: str) -> str:
    return f"(SELECT min({column}) FROM {table} WHERE shard = :shard AND {which})"


def _each(column: str, table: str, which: str) -> str:
    """The values of a column, each found from the one before it by an index that begins with the column."""
    following = _least(column, table, f"{which} AND {column} > name")
    return (
        f"WITH RECURSIVE steps(name) AS (SELECT {_least(column, table, which)}"
        f" UNION ALL SELECT {following} FROM steps WHERE name IS NOT NULL)"
    )


_OVERDUE = "sum(CASE WHEN due_at < :now THEN 1 ELSE 0 END)"
_WAITING, _FAILING = "done_at IS NULL", "done_at IS NULL AND failure IS NOT NULL"
_DUE = text(
    f"{_each('queue', 'due', 'true')} SELECT {_count('due', 'queue = name AND due_at <= :now')},"
    f" {_least('due_at', 'due', 'queue = name AND due_at <= :now')},"
    f" {_count('due', 'queue = name AND due_at > :now AND due_at <= :soon')},"
    f" {_least('due_at', 'due', 'queue = name AND due_at > :now')} FROM steps WHERE name IS NOT NULL"
)
_OUTBOX = text(
    f"{_each('queue', 'outbox', _WAITING)} SELECT name, {_count('outbox', f'{_WAITING} AND queue = name')},"
    f" {_count('outbox', f'{_FAILING} AND queue = name')}, {_least('due_at', 'outbox', f'{_WAITING} AND queue = name')},"
    f" {_least('at', 'outbox', f'{_FAILING} AND queue = name')} FROM steps WHERE name IS NOT NULL"
)
_STATUSES = text(
    f"{_each('status', 'orders', 'true')} SELECT name, {_count('orders', 'status = name')} FROM steps WHERE name IS NOT NULL"
)
_OPEN = text(
    f"SELECT role, type, count(*), {_OVERDUE} FROM (SELECT role, type, due_at FROM exceptions"
    f" WHERE shard = :shard AND closed_at IS NULL LIMIT {MOST}) AS counted GROUP BY role, type ORDER BY role, type"
)
#: In the order of their deadlines, so that those beyond them are counted first.
_TASKS = text(
    f"SELECT role, count(*), {_OVERDUE} FROM (SELECT role, due_at FROM tasks WHERE shard = :shard AND closed_at IS NULL"
    f" ORDER BY rank, opened_at, order_id, id LIMIT {MOST}) AS counted GROUP BY role ORDER BY role"
)
#: Of the tables whose rows change most: where these grow, something keeps the server from cleaning up.
_DEAD = text(
    "SELECT relname, n_dead_tup FROM pg_stat_user_tables"
    " WHERE schemaname = current_schema() AND relname IN ('due', 'orders', 'outbox') ORDER BY relname"
)
_LATE = text(f"SELECT {_count('orders', 'outcome IS NULL AND promised_on IS NOT NULL AND promised_on < :today')}")
