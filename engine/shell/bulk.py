"""Many exceptions decided in one go: of one type, with one option; what cannot be taken is counted by the reason why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from time import sleep

from msgspec import Struct
from sqlalchemy import Connection, bindparam, select, tuple_

from orderloom.engine.events import Resolved
from orderloom.engine.issue import OpenIssue
from orderloom.engine.shell.asking import try_again
from orderloom.engine.shell.inbox import due_row, lock_orders
from orderloom.engine.shell.passing import persist
from orderloom.engine.store import Store, tables
from orderloom.engine.store.connect import hint
from orderloom.engine.store.queries import ExceptionLine, exceptions, key_of_exception
from orderloom.engine.store.statements import WAKE, run
from orderloom.engine.task import NOBODY, People, unfit

AT_ONCE = 200  #: exceptions a transaction, so that nobody is held up for long

Told = Callable[[int], None]
#: Of a page of exceptions those that are meant.
Meant = Callable[[Sequence[ExceptionLine]], Sequence[ExceptionLine]]


class Choice(Struct, frozen=True):
    """What is decided, of the queue of a `role` alone where it says one, and by whom, who `acts_as` that role."""

    type: str
    option: str
    by: str
    note: str = ""
    role: str | None = None
    acts_as: str = ""


class Bulk(Struct, frozen=True):
    """How many were taken, or would be, and how many were refused, by the reason why."""

    taken: int
    refused: dict[str, int]


def resolve_all(
    store: Store,
    choice: Choice,
    at: datetime,
    meant: Meant = lambda page: page,
    people: People = NOBODY,
    dry: bool = False,
    told: Told = lambda done: None,
) -> Bulk:
    """Takes one option of every open exception of a type that is meant; with `dry` it only counts them."""
    taken, refused, after, done = 0, Counter[str](), None, 0
    while page := exceptions(store, choice.role, after=after, limit=AT_ONCE, type=choice.type):
        for each in (chosen := meant(page)):
            refused.update(filter(None, [_refused(each, choice, people)]))
        fit = [each for each in chosen if _refused(each, choice, people) is None]
        settled = 0 if dry else persist(partial(_take, store, fit, choice, at), sleep, lambda: None)
        taken += len(fit) if dry else settled
        refused.update({"somebody else has decided it just now": 0 if dry else len(fit) - settled})
        done, after = done + len(page), key_of_exception(page[-1])
        told(done)
    return Bulk(taken, {because: count for because, count in refused.items() if count})


def _refused(line: ExceptionLine, choice: Choice, people: People) -> str | None:
    if choice.option not in line.options:
        return f"{choice.option} is no way out of it"
    if line.claimed_by not in (None, choice.by):
        return f"{line.claimed_by} has claimed it"
    return unfit(OpenIssue(line.id, "", "", (), line.role), choice.by, people)


def _take(store: Store, lines: Sequence[ExceptionLine], choice: Choice, at: datetime) -> int:
    """Puts the choices in that nobody else has made meanwhile; how many."""
    if not lines:
        return 0
    with store.writing() as connection:
        events = _open(connection, store.shard, sorted((each.order, each.id) for each in lines))
        rows = []
        for (order, id), event in events.items():
            if event is not None:
                try_again(connection, store.shard, order, id, event, at)
            else:
                fact = Resolved(at, id, choice.option, choice.by, choice.note, choice.acts_as)
                rows.append(due_row(store.shard, order, f"resolved/{id}", fact, at))
        woken = run(connection, WAKE, rows)
        hint(connection)
    return woken + len(events) - len(rows)


def _open(connection: Connection, shard: int, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str | None]:
    """Those that are still open, with the event that waits where one does."""
    orders = sorted(lock_orders(connection, shard, [order for order, _ in keys]))
    asked = {"shard": shard, "orders": orders, "keys": keys}
    return {(order, id): event for order, id, event in connection.execute(_STILL_OPEN, asked)}


_e = tables.exceptions.c
_STILL_OPEN = (
    select(_e.order_id, _e.id, _e.event)
    .where(_e.shard == bindparam("shard"), _e.order_id.in_(bindparam("orders", expanding=True)))
    .where(tuple_(_e.order_id, _e.id).in_(bindparam("keys", expanding=True)), _e.closed_at.is_(None))
    .order_by(_e.order_id, _e.id)
)
