"""When there is something to do next, and in which queues.

A queue is known by the first of its rows, so that a look costs as much as there are queues, however much waits in them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from sqlalchemy import TextClause, text

from orderloom.engine.store.connect import NOW
from orderloom.engine.store.statements import ask
from orderloom.engine.store.store import Store
from orderloom.engine.wire import moment_of

Waiting = Mapping[str, datetime]  #: since when something is due, or will be, by queue


@dataclass(frozen=True, slots=True)
class Agenda:
    """The earliest moments at which an order has a turn and a message is to be sent; None where there is none at all.

    `turns` and `messages` say the same of each queue, `at` is what time it was by the database's clock.
    """

    turn: datetime | None
    message: datetime | None
    at: datetime | None = field(default=None, compare=False)
    turns: Waiting = field(default_factory=dict, compare=False)
    messages: Waiting = field(default_factory=dict, compare=False)


def organization_of(queue: str) -> str:
    """The organization of a queue of messages."""
    return queue.partition("/")[0]


def orders_of(queue: str) -> str:
    """The queue of the orders to which the messages of a queue belong."""
    return queue.partition("/")[2]


def division_of(queue: str) -> str:
    """The division of the orders of a queue; empty where they have none."""
    return queue.partition("/")[2]


def earliest(store: Store, divisions: Collection[str] | None = None) -> Agenda:
    """The earliest of what waits, whatever time it is, for orders of these divisions, or of all; one statement."""
    with store.glancing() as connection:
        rows = ask(connection, _look(connection.dialect.name), {"shard": store.shard})
    found: dict[str, dict[str, datetime]] = {"turns": {}, "messages": {}, "clock": {}}
    for loop, queue, moment in rows:
        found[loop][queue] = moment_of(moment)
    turns, messages = found["turns"], found["messages"]
    if divisions is not None:
        turns = {queue: since for queue, since in turns.items() if division_of(queue) in divisions}
        messages = {queue: since for queue, since in messages.items() if division_of(orders_of(queue)) in divisions}
    return Agenda(min(turns.values(), default=None), min(messages.values(), default=None), found["clock"][""], turns, messages)


@cache
def _look(dialect: str) -> TextClause:
    """The first row of each queue of both tables, found by stepping from queue to queue in the index."""
    open_ = "AND w.done_at IS NULL"
    parts = [_queues("turns", "due", ""), _queues("messages", "outbox", open_)]
    firsts = [_firsts("turns", "due", ""), _firsts("messages", "outbox", open_)]
    clock = f"SELECT 'clock', '', ({NOW[dialect]})"
    return text(f"WITH RECURSIVE {', '.join(parts)} {' UNION ALL '.join([*firsts, clock])}")


def _queues(name: str, table: str, also: str) -> str:
    first = f"SELECT min(w.queue) FROM {table} w WHERE w.shard = :shard {also}"
    following = f"SELECT ({first} AND w.queue > q.queue) FROM {name} q WHERE q.queue IS NOT NULL"
    return f"{name}(queue) AS ({first} UNION ALL {following})"


def _firsts(name: str, table: str, also: str) -> str:
    first = f"SELECT min(w.due_at) FROM {table} w WHERE w.shard = :shard AND w.queue = q.queue {also}"
    return f"SELECT '{name}', q.queue, ({first}) FROM {name} q WHERE q.queue IS NOT NULL"
