"""What is asked of tasks: a queue of a role or a person, what was done, one of them, those of an order."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection, func, select, tuple_

from orderloom.engine import wire
from orderloom.engine.store import tables
from orderloom.engine.store.store import Store
from orderloom.engine.task import Task

TaskKey = tuple[str, datetime, str, str]

_t = tables.tasks.c


class TaskLine(Struct, frozen=True):
    """A task with its order; `rank` is its place in the queue."""

    order: str
    rank: str
    task: Task


def key_of_task(line: TaskLine) -> TaskKey:
    """Where a task stands in its queue."""
    return (line.rank, line.task.opened_at, line.order, line.task.id)


def tasks(
    store: Store,
    role: str | None = None,
    person: str | None = None,
    skill: str | None = None,
    name: str | None = None,
    closed: bool = False,
    due_before: datetime | None = None,
    after: TaskKey | None = None,
    limit: int = 100,
) -> tuple[TaskLine, ...]:
    """Open tasks, what is due first first; those that are `closed` by their beginning. `person` is who has claimed them."""
    state = _t.closed_at.is_not(None) if closed else _t.closed_at.is_(None)
    by = (_t.opened_at, _t.order_id, _t.id) if closed else (_t.rank, _t.opened_at, _t.order_id, _t.id)
    asked = select(_t.order_id, _t.rank, _t.body).where(_t.shard == store.shard, state).order_by(*by).limit(limit)
    asked = asked.where(tuple_(*by) > (after[1:] if closed else after)) if after is not None else asked
    wanted = [
        each for each in ((_t.claimed_by, person), (_t.role, role), (_t.skill, skill), (_t.name, name)) if each[1] is not None
    ]
    for place, (column, value) in enumerate(wanted):  # only the first, which fits the fewest tasks, goes by an index
        asked = asked.where((func.coalesce(column, "") if place else column) == value)
    asked = asked.where(_t.due_at < due_before) if due_before is not None else asked
    with store.reading() as connection:
        return tuple(TaskLine(order, rank, wire.load(body, Task)) for order, rank, body in connection.execute(asked))


def task(store: Store, id: str) -> TaskLine | None:
    """One task; None where there is none."""
    asked = select(_t.order_id, _t.rank, _t.body).where(_t.shard == store.shard, _t.order_id == order_of(id), _t.id == id)
    with store.reading() as connection:
        row = connection.execute(asked).one_or_none()
    return TaskLine(row[0], row[1], wire.load(row[2], Task)) if row is not None else None


def order_of(id: str) -> str:
    """The order to which a task or an exception belongs, by whose id its own begins."""
    return id.partition("/")[0]


def tasks_of(connection: Connection, shard: int, order: str) -> tuple[Task, ...]:
    """The tasks of an order, as they came."""
    asked = select(_t.body).where(_t.shard == shard, _t.order_id == order).order_by(_t.opened_at, _t.id)
    return tuple(wire.load(body, Task) for body in connection.execute(asked).scalars())
