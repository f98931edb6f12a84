"""Messages that are due: which may go now, and which stand behind others.

Messages of an order to an organization go one after the other, in the order in which they were asked for: one that stands behind
another is held until that one is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Text, bindparam, cast, func, select, tuple_, type_coerce

from orderloom.engine import wire
from orderloom.engine.shell.clock import WorkerClock
from orderloom.engine.shell.ports import Outgoing
from orderloom.engine.store import tables
from orderloom.engine.store.agenda import Waiting, orders_of, organization_of
from orderloom.engine.store.statements import ask
from orderloom.engine.trace import delivery_span, trace_of

_NEXT = timedelta(microseconds=1)


class Ready(Struct, frozen=True):
    """A message that may go; `behind` counts those of its order to the same organization that are to go with it, before it."""

    message: Outgoing
    behind: int


class Held(Struct, frozen=True):
    """A message that is due again at a later moment, without an attempt."""

    message: Outgoing
    until: datetime


class Claimed(Struct, frozen=True):
    """Messages in the order of (due_at, key)."""

    ready: tuple[Ready, ...] = ()
    held: tuple[Held, ...] = ()


class Candidate(Struct, frozen=True):
    """A message that is due, its place among those of its order, how many of these are open before it, and until when.

    One that is `deserted` was under way when its lease ended: whoever had it may have died of it.
    """

    message: Outgoing
    due_at: datetime
    place: tuple[int, int]
    behind: int
    until: datetime | None
    deserted: bool

    @property
    def moment(self) -> tuple[datetime, str]:
        """By which messages are sorted."""
        return self.due_at, self.message.key


def to_organization(waiting: Waiting, organization: str) -> dict[str, datetime]:
    """The queues of orders of which messages to this organization wait."""
    return {orders_of(queue): since for queue, since in waiting.items() if organization_of(queue) == organization}


def candidates(
    connection: Connection, shard: int, queue: str, since: datetime, now: datetime, limit: int, clock: WorkerClock
) -> list[Candidate]:
    """Up to `limit` messages of a queue that are due, locked. Nothing in it is due before `since`."""
    moments = {"since": wire.moment_text(since), "now": wire.moment_text(now)}
    rows = ask(connection, _DUE, {"shard": shard, "queue": queue, "limit": limit, **moments})
    return [_candidate(row, now, clock) for row in rows]


def _candidate(row: Sequence[Any], now: datetime, clock: WorkerClock) -> Candidate:
    key, order, organization, role, message, body, due, tried, brought, sequence, number, owner, earlier = row
    due_at, attempt = wire.moment_of(due), tried + 1
    told = role, message, wire.load(body, dict[str, object]), clock.moment(due_at, now)
    traceparent = trace_of(order, brought).parent_of(delivery_span(key, attempt))
    sent = Outgoing(key, order, organization, *told, attempt, traceparent)
    behind, _, until = (earlier or "0/").partition("/")
    return Candidate(sent, due_at, (sequence, number), int(behind), wire.moment_of(until) if until else None, owner is not None)


def in_order(found: Iterable[Candidate], now: datetime) -> Claimed:
    """Of each order those messages before which nothing is open that is not among them; the others are held."""
    taken: Counter[tuple[str, str]] = Counter()
    ready: dict[str, Ready] = {}
    rest = _together(sorted(found, key=lambda each: each.moment))
    for each in sorted(rest, key=lambda each: each.place):
        line = each.message.order, each.message.organization
        if each.behind == taken[line]:
            ready[each.message.key] = Ready(each.message, taken[line])
            taken[line] += 1
    held = (Held(each.message, max(each.until or now, each.due_at) + _NEXT) for each in rest if each.message.key not in ready)
    return Claimed(tuple(ready[each.message.key] for each in rest if each.message.key in ready), tuple(held))


def _together(found: Sequence[Candidate]) -> Sequence[Candidate]:
    """What may go together: one that was deserted goes alone."""
    if found and found[0].deserted:
        return found[:1]
    return [each for each in found if not each.deserted]


def waves(ready: Sequence[Ready]) -> list[list[Ready]]:
    """Messages that may be on their way at the same time: of each order one."""
    return [[each for each in ready if each.behind == n] for n in range(1 + max((each.behind for each in ready), default=-1))]


_o, _e = tables.outbox.c, tables.outbox.alias("earlier").c
_EARLIER = (
    _e.shard == _o.shard,
    _e.order_id == _o.order_id,
    _e.organization == _o.organization,
    _e.done_at.is_(None),
    tuple_(_e.sequence, _e.number) < tuple_(_o.sequence, _o.number),
)
_DUE = (
    select(
        *(_o.key, _o.order_id, _o.organization, _o.role, _o.message, _o.body, _o.due_at, _o.attempt),
        *(_o.traceparent, _o.sequence, _o.number, _o.owner),
        #: How many there are, and until when, in one text, so that they are looked at once; None where there is none.
        select(cast(func.count(), Text) + "/" + func.max(type_coerce(_e.due_at, Text))).where(*_EARLIER).scalar_subquery(),
    )
    .where(
        _o.shard == bindparam("shard"),
        _o.done_at.is_(None),
        _o.queue == bindparam("queue"),
        _o.due_at >= bindparam("since", type_=tables.Moment),
        _o.due_at <= bindparam("now", type_=tables.Moment),
    )
    .order_by(_o.due_at, _o.key)
    .limit(bindparam("limit"))
    .with_for_update(of=tables.outbox, skip_locked=True)
)
