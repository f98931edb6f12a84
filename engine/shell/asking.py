"""Requests about an order: to cancel it, or to take a way out of an exception. Refused at once where they cannot be."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection, select

from orderloom.engine import wire
from orderloom.engine.commands import cancelled
from orderloom.engine.events import Cancelled, Resolved
from orderloom.engine.issue import OpenIssue
from orderloom.engine.process.standstill import TRY_AGAIN
from orderloom.engine.refused import Refused
from orderloom.engine.shell.inbox import due_row, lock_orders
from orderloom.engine.store import Store, tables
from orderloom.engine.store.connect import hint
from orderloom.engine.store.statements import BEGIN_WAIT, CLOSE_EXCEPTION, WAKE, run
from orderloom.engine.task import NOBODY, People, unfit


def cancel(
    store: Store, order: str, by: str, at: datetime, reason: str = "", version: int | None = None, role: str = "",
    agreed: bool = False,
) -> Refused | None:  # fmt: skip
    """Asks to cancel an order, in a role; None when the request is in. One that no worker has seen yet can always be cancelled.

    What the tables of changes say is asked when a worker comes to it; `requests.cancel` asks them at once.

    Behind a soft point of no return it needs to be `agreed` what it costs.
    Whoever names the `version` that he has seen is refused where anything has happened to the order since.
    """
    t = tables.orders.c
    this = select(t.state, t.version, t.status).where(t.shard == store.shard, t.id == order)
    with store.writing() as connection:
        found = connection.execute(this.with_for_update(key_share=True)).one_or_none()
        if found is None:
            return Refused(f"there is no order {order}")
        if version is not None and version != found.version:
            return Refused(f"order {order} is at version {found.version} by now, {found.status}; version {version} was seen")
        fact = cancelled(wire.load_state(found.state), by, at, reason, agreed) if found.state else Cancelled(at, by, reason)
        if isinstance(fact, Refused):
            return fact
        fact = replace(fact, role=role)
        return _ask(connection, store.shard, order, "cancel", fact)


def resolve(
    store: Store, order: str, exception: str, option: str, by: str, at: datetime, note: str = "", people: People = NOBODY,
    role: str = "", condition: str | None = None,
) -> Refused | None:  # fmt: skip
    """Takes one of the ways out of an open exception, and tells the `condition` of goods with it; None when the choice is in."""
    t = tables.exceptions.c
    this = select(t.options, t.closed_at, t.event, t.role, t.claimed_by)
    this = this.where(t.shard == store.shard, t.order_id == order, t.id == exception)
    with store.writing() as connection:
        lock_orders(connection, store.shard, [order])
        found = connection.execute(this).one_or_none()
        if found is None:
            return Refused(f"order {order} has no exception {exception}")
        if found.closed_at is not None:
            return Refused(f"exception {exception} of order {order} is settled")
        options = wire.load(found.options, tuple[str, ...])
        if option not in options:
            return Refused(f"{option} is no way out of it; choose one of: {', '.join(options)}")
        if found.claimed_by not in (None, by):
            return Refused(f"{found.claimed_by} has claimed exception {exception}")
        because = unfit(OpenIssue(exception, "", "", options, found.role), by, people)
        if because is not None:
            return Refused(because)
        if found.event is None:
            chosen = Resolved(at, exception, option, by, note, role, condition)
            return _ask(connection, store.shard, order, f"resolved/{exception}", chosen)
        try_again(connection, store.shard, order, exception, found.event, at)
        hint(connection)
    return None


def _ask(connection: Connection, shard: int, order: str, key: str, asked: Cancelled | Resolved) -> Refused | None:
    """Puts a request in; refused where somebody else has one in that no worker has come to yet."""
    if run(connection, WAKE, [due_row(shard, order, key, asked, asked.at)]):
        hint(connection)
        return None
    t = tables.due.c
    waiting = select(t.body).where(t.shard == shard, t.order_id == order, t.key == key)
    before = wire.load_event(connection.execute(waiting).scalar_one())
    if isinstance(before, Resolved):
        same = isinstance(asked, Resolved) and (before.by, before.option) == (asked.by, asked.option)
        return None if same else Refused(f"{before.by} has just chosen {before.option} for exception {before.exception}")
    assert isinstance(before, Cancelled), "nothing else waits under this key"
    return None if before.by == asked.by else Refused(f"order {order} is about to be cancelled, as {before.by} asked")


def try_again(connection: Connection, shard: int, order: str, exception: str, event: str, at: datetime) -> None:
    """Puts an event that could not be applied back to where it came from."""
    moment = wire.moment_text(at)
    run(connection, CLOSE_EXCEPTION, [(moment, TRY_AGAIN, shard, order, exception)])
    run(connection, BEGIN_WAIT, [(shard, order, exception, moment, "again", event, 0)])
