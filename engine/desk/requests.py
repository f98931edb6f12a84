"""Requests that an order may refuse, asked of the version that it runs on: to hold it, to resolve a hold, to change it.

Each is refused at once where it can be known to be; a worker asks again when it comes to it, and notes what has come too late.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, select

from orderloom.dsl.program import Program
from orderloom.engine import wire
from orderloom.engine.bills import added, by_item
from orderloom.engine.catalog import Catalog
from orderloom.engine.commands import hold_applied, hold_resolved
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.events import Cancelled, Event, HoldApplied, HoldResolved, ModificationAsked, ModificationConfirmed
from orderloom.engine.items import items_of
from orderloom.engine.ledger.stock import Stock
from orderloom.engine.modifications.modify import allowed, tried
from orderloom.engine.modifications.request import Difference, Part
from orderloom.engine.order import Order
from orderloom.engine.refused import Refused
from orderloom.engine.shell.inbox import cancel as put_cancel
from orderloom.engine.shell.inbox import due_row
from orderloom.engine.shell.programs import Programs
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, tables
from orderloom.engine.store.connect import hint
from orderloom.engine.store.statements import WAKE, run
from orderloom.engine.turn import Turn
from orderloom.engine.world import World

Answer = Callable[[Program, OrderState], Event | Refused]


def apply_hold(store: Store, programs: Programs, order: str, asked: HoldApplied) -> Refused | None:
    """Asks to hold an order or a line of it; None when the request is in."""
    return requested(store, programs, order, f"hold/{asked.hold}/{asked.line}", lambda p, s: hold_applied(p, s, asked))


def resolve_hold(store: Store, programs: Programs, order: str, asked: HoldResolved) -> Refused | None:
    """Asks to resolve a hold; None when the request is in."""
    return requested(store, programs, order, f"resolve/{asked.hold}/{asked.line}", lambda p, s: hold_resolved(p, s, asked))


class Proposed(Struct, frozen=True):
    """A change that is in, or previewed: its id, and what it comes to as things stand."""

    id: str
    difference: Difference


def modify(
    store: Store, programs: Programs, order: str, asked: ModificationAsked, version: int | None = None
) -> Proposed | Refused:
    """Asks to change an order, or to preview that; what it would come to, worked out as a worker will.

    Whoever names the `version` that he has seen is refused where anything has happened to the order since; of two who ask at
    once one is refused.
    """
    with store.reading() as connection:
        found = look(connection, store.shard, order)
        if isinstance(found, Refused):
            return found
        state = wire.load_state(found.state)
        program = programs.get(connection, found.program).of(state.order.division)
    parts = _with_components(asked, state.order, program)
    if isinstance(parts, Refused):
        return parts
    asked = replace(asked, id=f"M{found.version + 1}", parts=parts)
    if version is None or version == found.version:
        world = Lookup(store, program).world(items_of(state, asked))
        trial = tried(Turn(world, state, asked.at, world.stock), asked.parts, asked.role, asked.by)
        if isinstance(trial, Refused):
            return trial
    else:
        trial = None
    busy = f"somebody else is about to change order {order}; look at it again"
    refused = requested(store, programs, order, "change", lambda p, s: asked, version or found.version, busy)
    if refused is not None or trial is None:
        return refused or Refused(busy)
    return Proposed(asked.id, trial[1])


def _with_components(asked: ModificationAsked, order: Order, program: Program) -> tuple[Part, ...] | Refused:
    """The parts of a change, with the components of lines that it adds."""
    bills, parts = by_item(program.bills.values()), list[Part]()
    for part in asked.parts if bills else ():
        made = added(order, part, bills, program.attributes.get("line"))
        if isinstance(made, Refused):
            return made
        parts.append(made)
    return tuple(parts) or asked.parts


def cancel(
    store: Store, programs: Programs, order: str, by: str, at: datetime, reason: str = "", version: int | None = None,
    role: str = "", agreed: bool = False,
) -> Refused | None:  # fmt: skip
    """As `inbox.cancel`; refused at once where a table of changes refuses it."""
    with store.reading() as connection:
        found = connection.execute(_THIS.where(_o.shard == store.shard, _o.id == order)).one_or_none()
        program = programs.get(connection, found.program) if found is not None and found.state else None
    if found is not None and program is not None and version in (None, found.version):
        state = wire.load_state(found.state)
        world = World(program.of(state.order.division), Catalog({}, {}, {}, {}), Stock({}, {}))
        turn = Turn(world, state, at, world.stock)
        said = None if turn.state.ended else allowed(turn, Cancelled(at, by, reason, role, agreed))
        if isinstance(said, Refused):
            return said
    return put_cancel(store, order, by, at, reason, version, role, agreed)


def confirm(
    store: Store, programs: Programs, order: str, id: str, by: str, at: datetime, version: int | None = None, role: str = ""
) -> Refused | None:  # fmt: skip
    """Asks for a change that was previewed; refused where it does not stand any more, or the order is not as it was seen."""

    def answer(program: Program, state: OrderState) -> Event | Refused:
        pending = state.modifications.get(id)
        if pending is None:
            there = ", ".join(state.modifications) or "none"
            return Refused(f"order {order} has no preview {id} any more, it stands for a while only; there is {there}")
        if pending.exception is not None:
            return Refused(f"{id} waits for {pending.difference.approve} to agree")
        return ModificationConfirmed(at, id, by, role)

    return requested(store, programs, order, f"confirm/{id}", answer, version)


def requested(
    store: Store, programs: Programs, order: str, key: str, answer: Answer, version: int | None = None, busy: str = ""
) -> Refused | None:
    """Puts in what is answered, to be worked on at its moment; None when it is in, or was before, unless that makes it `busy`."""
    with store.writing() as connection:
        found = locked(connection, store.shard, order)
        if isinstance(found, Refused):
            return found
        if version is not None and version != found.version:
            return outdated(connection, store.shard, order, found, version)
        state = wire.load_state(found.state)
        fact = answer(programs.get(connection, found.program).of(state.order.division), state)
        if isinstance(fact, Refused):
            return fact
        if run(connection, WAKE, [due_row(store.shard, order, key, fact, fact.at)]):
            hint(connection)
        elif busy:
            return Refused(busy)
    return None


def look(connection: Connection, shard: int, order: str) -> Any:
    """The order's row as it stands; refused where no worker has seen the order yet."""
    found = connection.execute(_THIS.where(_o.shard == shard, _o.id == order)).one_or_none()
    return _answer(order, found)


def locked(connection: Connection, shard: int, order: str) -> Any:
    """The order's row, which nobody else changes meanwhile; refused where no worker has seen the order yet."""
    return _answer(
        order, connection.execute(_THIS.where(_o.shard == shard, _o.id == order).with_for_update(key_share=True)).one_or_none()
    )


_o = tables.orders.c
_THIS = select(_o.state, _o.version, _o.status, _o.program)


def _answer(order: str, found: Any) -> Any:
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
