"""Repairs as they are listed and shown: what was sold, what is the matter, who pays and why, and what happened since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import msgspec
from msgspec import Struct

from orderloom.adapters.states import states_with
from orderloom.engine import wire
from orderloom.engine.desk.explained import seen_records, seen_repair
from orderloom.engine.desk.gate import Gate
from orderloom.engine.desk.repairs import awaited, repair_of, words
from orderloom.engine.desk.returns import order_of
from orderloom.engine.events import Happened
from orderloom.engine.money.billing import FEE
from orderloom.engine.money.shares import ZERO
from orderloom.engine.refused import Refused
from orderloom.engine.returns.pieces import at_customer
from orderloom.engine.seen import Seen
from orderloom.engine.shell.programs import Programs
from orderloom.engine.state import Document, OrderState
from orderloom.engine.store import Store, queries
from orderloom.engine.store.queries import ExceptionLine, HistoryLine, RecordLine, WholeOrder
from orderloom.engine.unit import REPAIR, Unit

_WITH_REPAIRS = '%"type":"repair"%'  #: how a state is stored that has any


class Line(Struct, frozen=True):
    """A repair, as a list shows it; `fee` is what the customer pays for it."""

    repair: str
    order: str
    line: str
    item: str
    serial: str | None
    node: str
    status: str
    outcome: str | None
    fee: Decimal


class Life(Struct, frozen=True):
    """A repair from the sale on: `told` is what was said when it was asked, `decided` has who pays and why, among others."""

    about: Line
    placed_at: datetime
    customer: str
    delivered_on: date | None
    asked_at: datetime
    told: dict[str, object]
    waits_for: str
    decided: tuple[RecordLine, ...]
    history: tuple[HistoryLine, ...]
    documents: tuple[Document, ...]
    exceptions: tuple[ExceptionLine, ...]


def lines(state: OrderState) -> Iterator[Line]:
    """The repairs of an order."""
    for unit in state.units.values():
        if unit.type == REPAIR:
            yield _line(state, unit)


def _line(state: OrderState, unit: Unit) -> Line:
    item = next((line.item for line in state.order.lines if line.id == unit.for_line), "")
    fee = sum((each.amount for each in state.documents if each.unit == unit.id and each.kind == FEE), ZERO)
    about = (unit.id, state.order.id, unit.for_line or "", item, unit.serial)
    return Line(*about, unit.node, unit.status, unit.outcome, fee)


def life(store: Store, programs: Programs, id: str) -> tuple[OrderState, Life] | Refused:
    """A repair by its id, with its whole life, and the state of its order."""
    whole = queries.order(store, order_of(id))
    if whole is None or whole.state is None:
        return Refused(f"there is no repair {id}: there is no order {order_of(id)}")
    state = whole.state
    unit = repair_of(state, id)
    if isinstance(unit, Refused):
        return unit
    with store.reading() as connection:
        program = programs.get(connection, state.program).of(state.order.division)
    order, line = state.order, next((line for line in state.order.lines if line.id == unit.for_line), None)
    days = at_customer(line, state) if line is not None else {}
    return state, Life(
        about=_line(state, unit),
        placed_at=order.placed_at,
        customer=order.customer.id,
        delivered_on=max(days.values(), default=None),
        asked_at=unit.release_at,
        told=_told(whole, id),
        waits_for=words(awaited(program, state, unit)),
        decided=tuple(each for each in whole.records if each.record.subject == id),
        history=_history(whole.history, id),
        documents=tuple(each for each in state.documents if each.unit == id),
        exceptions=tuple(each for each in whole.exceptions if _is_of(each.subject, id)),
    )


def _told(whole: WholeOrder, id: str) -> dict[str, object]:
    """What the event said that started it."""
    begun = min((each.sequence for each in whole.records if each.record.subject == id), default=None)
    events = (wire.load_event(line.text) for line in whole.history if line.sequence == begun and not line.subject)
    return next((event.data for event in events if isinstance(event, Happened)), {})


def _history(history: tuple[HistoryLine, ...], id: str) -> tuple[HistoryLine, ...]:
    """What happened to it, each time behind the event of which it came."""
    own = {line.sequence for line in history if _is_of(line.subject, id)}
    return tuple(line for line in history if line.sequence in own and (not line.subject or _is_of(line.subject, id)))


def _is_of(subject: str, id: str) -> bool:
    return subject == id or subject.startswith(f"{id}/")


def seen_lines(state: OrderState, gate: Gate) -> Iterator[Seen]:
    """What somebody sees of the repairs of an order."""
    looked = gate.look(state)
    if looked is None:
        return
    for line in lines(state):
        seen = seen_repair(looked, line.repair, msgspec.structs.asdict(line))
        if seen is not None:
            yield seen


def seen_life(state: OrderState, found: Life, gate: Gate) -> Seen | Refused:
    """What somebody sees of a repair; one of units of work that he does not see is not there for him."""
    id, looked, seen = found.about.repair, gate.look(state), None
    if looked is not None:
        cut = {"history": [line for line in found.history if line.subject], "decided": list(seen_records(looked, found.decided))}
        seen = seen_repair(looked, id, msgspec.structs.asdict(found) | msgspec.structs.asdict(found.about) | cut)
    return seen or Refused(f"there is no repair {id} that {gate.who.role} of {gate.who.organization} may see")


def states(store: Store, order: str | None = None) -> Iterator[OrderState]:
    """The orders with repairs, by id."""
    return states_with(store, _WITH_REPAIRS, order)
