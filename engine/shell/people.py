"""What people ask for: to claim work, hand it back, delegate it, complete it. Whoever asks is told at once whether he gets it.

The order is locked, and what others have asked for that no worker has come to yet counts as done: of two who claim one task one
gets it. What is granted is a fact of the order, which takes effect like every other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, RowMapping, bindparam, select

from orderloom.engine import wire
from orderloom.engine.events import Claimed, Completed, Delegated, Event, Released, Resolved
from orderloom.engine.issue import OpenIssue
from orderloom.engine.refused import Refused
from orderloom.engine.shell.inbox import due_row
from orderloom.engine.store import Store, tables
from orderloom.engine.store.connect import hint
from orderloom.engine.store.statements import WAKE, run
from orderloom.engine.store.task_queries import order_of
from orderloom.engine.task import NOBODY, People, Task, after, claim, complete, delegate, release

Fact = Claimed | Released | Delegated | Completed
Kept = Task | OpenIssue
_AT_ONCE = timedelta(microseconds=1)  #: between two facts of one order, so that they take effect in the order of asking


def claim_work(store: Store, work: str, by: str, at: datetime, people: People = NOBODY, role: str = "") -> Refused | None:
    """Claims a task or an exception for somebody; None when he has it."""
    return _ask(store, work, at, lambda kept, now: claim(kept, by, now, people), role)


def release_work(store: Store, work: str, by: str, at: datetime, role: str = "") -> Refused | None:
    """Hands it back to its role; None when that is done."""
    return _ask(store, work, at, lambda kept, now: release(kept, by, now), role)


def delegate_work(
    store: Store, work: str, by: str, to: str, at: datetime, people: People = NOBODY, role: str = ""
) -> Refused | None:
    """Gives it to somebody else; None when he has it."""
    return _ask(store, work, at, lambda kept, now: delegate(kept, by, to, now, people), role)


class Answer(Struct, frozen=True):
    """How a task is completed: with the first outcome where none is said."""

    outcome: str | None = None
    form: Mapping[str, object] | None = None
    note: str = ""


def complete_task(
    store: Store, task: str, by: str, at: datetime, answer: Answer, people: People = NOBODY, role: str = ""
) -> Completed | Refused:
    """Completes a task; the fact that it is when it is in."""
    done: list[Completed] = []

    def decide(kept: Kept, now: datetime) -> Fact | Refused:
        if not isinstance(kept, Task):
            return Refused(f"{task} is an exception: it is resolved with one of its options")
        fact = complete(kept, by, answer.outcome, answer.form or {}, now, people, answer.note)
        done.extend([fact] if isinstance(fact, Completed) else [])
        return fact

    return _ask(store, task, at, decide, role) or done[0]


def standing_now(store: Store, work: str) -> Task | OpenIssue | Refused | None:
    """How work stands once all that was granted has taken effect; refused where it is done, None where there is none."""
    order = order_of(work)
    with store.reading() as connection:
        kept, _ = _kept(connection, store.shard, order, work)
        for fact in _granted(connection, store.shard, order, work):
            kept = _after(kept, fact) if kept is not None else None
    return kept


def _ask(store: Store, work: str, at: datetime, decide: Callable[[Kept, datetime], Fact | Refused], role: str) -> Refused | None:
    """Grants what is asked in a role, or refuses it, by how things stand once everything granted before has taken effect."""
    order = order_of(work)
    with store.writing() as connection:
        version = connection.execute(_LOCK, {"shard": store.shard, "order": order}).scalar_one_or_none()
        kept, parked = _kept(connection, store.shard, order, work) if version is not None else (None, False)
        if kept is None:
            return Refused(f"there is no task and no exception {work}")
        for fact in _granted(connection, store.shard, order, work):
            at = max(at, fact.at + _AT_ONCE)
            kept = _after(kept, fact)
        if isinstance(kept, Refused):
            return kept
        granted = decide(kept, at)
        if isinstance(granted, Refused):
            return granted
        granted = replace(granted, role=role)
        if parked:
            _claim_parked(connection, store.shard, order, work, granted)
        elif _after(kept, granted) != kept:
            key = f"work/{work}/{version:09}.{wire.moment_text(at)}"
            run(connection, WAKE, [due_row(store.shard, order, key, granted, at)])
            hint(connection)
    return None


def _kept(connection: Connection, shard: int, order: str, work: str) -> tuple[Kept | Refused | None, bool]:
    """The work as the store has it, or why nothing can be done with it; whether it stands beside its order."""
    asked = {"shard": shard, "order": order, "id": work}
    row = connection.execute(_TASK, asked).one_or_none()
    if row is not None:
        task = wire.load(row.body, Task)
        by = f" by {task.completed_by}" if task.completed_by else ""
        return (task, False) if task.closed_at is None else (Refused(f"task {work} is closed: {task.outcome}{by}"), False)
    found = connection.execute(_EXCEPTION, asked).mappings().one_or_none()
    if found is None:
        return None, False
    if found["closed_at"] is not None:
        return Refused(f"exception {work} is settled: {found['option']}"), False
    return _issue(found), found["event"] is not None


def _issue(row: RowMapping) -> OpenIssue:
    return OpenIssue(
        row["id"], row["type"], row["subject"], wire.load(row["options"], tuple[str, ...]), row["role"], row["claimed_by"]
    )


def _granted(connection: Connection, shard: int, order: str, work: str) -> Iterator[Fact | Resolved]:
    """What was granted and has not taken effect yet, in the order of asking."""
    for body in connection.execute(_PENDING, {"shard": shard, "order": order}).scalars():
        event: Event = wire.load_event(body)
        if (isinstance(event, (Claimed, Released, Delegated, Completed)) and event.work == work) or (
            isinstance(event, Resolved) and event.exception == work
        ):
            yield event


def _after(kept: Kept | Refused, fact: Fact | Resolved) -> Kept | Refused:
    if isinstance(kept, Refused):
        return kept
    if isinstance(fact, Resolved):
        return Refused(f"{fact.by} has just chosen {fact.option} for exception {fact.exception}")
    if isinstance(kept, OpenIssue):
        has = fact.by if isinstance(fact, Claimed) else fact.to if isinstance(fact, Delegated) else None
        return replace(kept, claimed_by=has)
    now = after(kept, fact)
    return Refused(f"{fact.by} has just completed {now.id}: {now.outcome}") if isinstance(fact, Completed) else now


def _claim_parked(connection: Connection, shard: int, order: str, work: str, fact: Fact) -> None:
    """An exception beside its order is no part of it: its row alone says whose it is."""
    has = fact.by if isinstance(fact, Claimed) else fact.to if isinstance(fact, Delegated) else None
    t = tables.exceptions
    this = (t.c.shard == shard, t.c.order_id == order, t.c.id == work)
    connection.execute(t.update().where(*this).values(claimed_by=has))


_o, _t, _e, _d = tables.orders.c, tables.tasks.c, tables.exceptions.c, tables.due.c
_LOCK = select(_o.version).where(_o.shard == bindparam("shard"), _o.id == bindparam("order")).with_for_update(key_share=True)
_TASK = select(_t.body).where(_t.shard == bindparam("shard"), _t.order_id == bindparam("order"), _t.id == bindparam("id"))
_EXCEPTION = select(_e.id, _e.type, _e.subject, _e.options, _e.role, _e.claimed_by, _e.closed_at, _e.option, _e.event).where(
    _e.shard == bindparam("shard"), _e.order_id == bindparam("order"), _e.id == bindparam("id")
)
_PENDING = (
    select(_d.body)
    .where(
        _d.shard == bindparam("shard"),
        _d.order_id == bindparam("order"),
        _d.kind.in_(("claimed", "released", "delegated", "completed", "resolved")),
    )
    .order_by(_d.due_at, _d.key)
)
