"""Requests that an order may refuse, asked of the version that it runs on: to hold it, and to resolve a hold.

Each is refused at once where it can be known to be; a worker asks again when it comes to it, and notes what has come too late.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, select

from orderloom.dsl.program import Program
from orderloom.engine import wire
from orderloom.engine.commands import hold_applied, hold_resolved
from orderloom.engine.events import Event, HoldApplied, HoldResolved
from orderloom.engine.refused import Refused
from orderloom.engine.shell.inbox import due_row
from orderloom.engine.shell.programs import Programs
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, tables
from orderloom.engine.store.connect import hint
from orderloom.engine.store.statements import WAKE, run

Answer = Callable[[Program, OrderState], Event | Refused]


def apply_hold(store: Store, programs: Programs, order: str, asked: HoldApplied) -> Refused | None:
    """Asks to hold an order or a line of it; None when the request is in."""
    return requested(store, programs, order, f"hold/{asked.hold}/{asked.line}", lambda p, s: hold_applied(p, s, asked))


def resolve_hold(store: Store, programs: Programs, order: str, asked: HoldResolved) -> Refused | None:
    """Asks to resolve a hold; None when the request is in."""
    return requested(store, programs, order, f"resolve/{asked.hold}/{asked.line}", lambda p, s: hold_resolved(p, s, asked))


def requested(
    store: Store, programs: Programs, order: str, key: str, answer: Answer, version: int | None = None
) -> Refused | None:
    """Puts in what is answered, to be worked on at its moment; None when it is in, or was before."""
    with store.writing() as connection:
        found = locked(connection, store.shard, order)
        if isinstance(found, Refused):
            return found
        if version is not None and version != found.version:
            return outdated(connection, store.shard, order, found, version)
        fact = answer(programs.get(connection, found.program), wire.load_state(found.state))
        if isinstance(fact, Refused):
            return fact
        if run(connection, WAKE, [due_row(store.shard, order, key, fact, fact.at)]):
            hint(connection)
    return None


def locked(connection: Connection, shard: int, order: str) -> Any:
    """The order's row, which nobody else changes meanwhile; refused where no worker has seen the order yet."""
    t = tables.orders.c
    this = select(t.state, t.version, t.status, t.program).where(t.shard == shard, t.id == order)
    found = connection.execute(this.with_for_update()).one_or_none()
    if found is None:
        return Refused(f"there is no order {order}")
    return found if found.state else Refused(f"order {order} waits for a worker; ask again when it was seen")


def outdated(connection: Connection, shard: int, order: str, found: Any, version: int) -> Refused:
    """Why a request is refused whose maker has seen an older version, with what has happened since."""
    h = tables.history.c
    rows = select(h.notes).where(h.shard == shard, h.order_id == order, h.sequence > version).order_by(h.sequence)
    notes = [note for text in connection.execute(rows).scalars() for note in wire.load(text, list[tuple[str, str, str]])]
    since = tuple(f"{subject}: {kind} {text}" for subject, kind, text in notes)
    because = f"order {order} is at version {found.version} by now, {found.status}; version {version} was seen"
    return Refused(because, since)
