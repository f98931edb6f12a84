"""Requests that an order may refuse, asked of the version that it runs on: to hold it, to resolve a hold, to change it.

Each is refused at once where it can be known to be; a worker asks again when it comes to it, and notes what has come too late.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, select

from orderloom.dsl.program import Program
from orderloom.engine import wire
from orderloom.engine.bills import added, by_item
from orderloom.engine.catalog import Catalog
from orderloom.engine.commands import hold_applied, hold_resolved
from orderloom.engine.desk.standing import locked, standing
from orderloom.engine.events import Cancelled, Event, HoldApplied, HoldResolved, ModificationAsked, ModificationConfirmed
from orderloom.engine.ledger.stock import Stock
from orderloom.engine.modifications.modify import allowed, tried
from orderloom.engine.modifications.request import Difference, Part
from orderloom.engine.order import Order
from orderloom.engine.process.holds import hold_key
from orderloom.engine.refused import Refused
from orderloom.engine.shell.asking import cancel as put_cancel
from orderloom.engine.shell.inbox import due_row
from orderloom.engine.shell.programs import Programs
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, tables
from orderloom.engine.store.connect import hint
from orderloom.engine.store.statements import WAKE, run
from orderloom.engine.task import lacks_role
from orderloom.engine.turn import Turn
from orderloom.engine.world import World

#: How a request stands that is in, and what to do.
WAITS = "and waits for a worker (`orderloom work` or `orderloom serve`); look again when it was seen"

Answer = Callable[[Program, OrderState], Event | Refused]


def apply_hold(store: Store, programs: Programs, order: str, asked: HoldApplied) -> Refused | None:
    """Asks to hold an order or a line of it; None when the request is in, refused while one like it waits for a worker."""
    key, busy = f"hold/{asked.hold}/{asked.line}", f"the hold {hold_key(asked.hold, asked.line)} was asked"
    return requested(store, programs, order, key, lambda p, s: hold_applied(p, s, asked), busy=busy)


def resolve_hold(store: Store, programs: Programs, order: str, asked: HoldResolved) -> Refused | None:
    """Asks to resolve a hold; None when the request is in, refused while one like it waits for a worker."""
    key, busy = f"resolve/{asked.hold}/{asked.line}", f"the release of {hold_key(asked.hold, asked.line)} was asked"
    return requested(store, programs, order, key, lambda p, s: hold_resolved(p, s, asked), busy=busy)


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
    found = standing(store, programs, order)
    if isinstance(found, Refused):
        return found
    parts = _with_components(asked, found.state.order, found.program)
    if isinstance(parts, Refused):
        return parts
    asked = replace(asked, id=f"M{found.version + 1}", parts=parts)
    if version is None or version == found.version:
        trial = tried(found.trial(store, asked.at, asked), asked.parts, asked.role, asked.by)
        if isinstance(trial, Refused):
            return trial
    else:
        trial = None
    busy = f"another change of order {order} was asked"
    refused = requested(store, programs, order, "change", lambda p, s: asked, version or found.version, busy)
    if refused is not None or trial is None:
        return refused or Refused(f"{busy}, {WAITS}")
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
    """As `asking.cancel`; refused at once where a table of changes refuses it."""
    found = standing(store, programs, order)
    if not isinstance(found, Refused) and version in (None, found.version):
        world = World(found.program, Catalog({}, {}, {}, {}), Stock({}, {}))
        turn = Turn(world, found.state, at, world.stock)
        said = None if turn.state.ended else allowed(turn, Cancelled(at, by, reason, role, agreed))
        if isinstance(said, Refused):
            return said
    return put_cancel(store, order, by, at, reason, version, role, agreed)


def confirm(
    store: Store, programs: Programs, order: str, id: str, by: str, at: datetime, version: int | None = None, role: str = ""
) -> Refused | None:  # fmt: skip
    """Asks for a change that was previewed; refused where it does not stand any more, or the order is not as it was seen.

    What one role was told of a change, another one may not confirm: it may not make that change, or pays another fee for it.
    """

    def answer(program: Program, state: OrderState) -> Event | Refused:
        pending = state.modifications.get(id)
        if pending is None:
            there = ", ".join(state.modifications) or "none"
            return Refused(f"order {order} has no preview {id} any more, it stands for a while only; there is {there}")
        if pending.exception is not None:
            return Refused(f"{id} waits for {pending.difference.approve} to agree")
        if role and pending.role not in ("", role):
            return Refused(f"{id} was previewed as {pending.role}, not as {role}; preview it as {role} and confirm that")
        if because := lacks_role(by if role else "", role, program.people):
            return Refused(because)
        return ModificationConfirmed(at, id, by, role)

    return requested(store, programs, order, f"confirm/{id}", answer, version)


def requested(
    store: Store, programs: Programs, order: str, key: str, answer: Answer, version: int | None = None, busy: str = ""
) -> Refused | None:
    """Puts in what is answered, to be worked on at its moment; None when it is in, or was before.

    Where it is `busy` what was before is told, with who asked for it, and nothing is put in.
    """
    with store.writing() as connection:
        found = locked(connection, store.shard, order, version)
        if isinstance(found, Refused):
            return found
        state = wire.load_state(found.state)
        fact = answer(programs.get(connection, found.program).of(state.order.division), state)
        if isinstance(fact, Refused):
            return fact
        if run(connection, WAKE, [due_row(store.shard, order, key, fact, fact.at)]):
            hint(connection)
        elif busy:
            return Refused(f"{busy}{_asked_by(connection, store.shard, order, key)}, {WAITS}")
    return None


def _asked_by(connection: Connection, shard: int, order: str, key: str) -> str:
    """Who asked for what waits under this key, where that is known."""
    t = tables.due.c
    body = connection.execute(select(t.body).where(t.shard == shard, t.order_id == order, t.key == key)).scalar_one_or_none()
    by = getattr(wire.load_event(body), "by", "") if body is not None else ""
    return f" by {by}" if by else ""
