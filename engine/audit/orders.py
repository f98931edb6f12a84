"""The laws of orders: each compares what the store says of an order in one place with what it says in another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec import DecodeError, ValidationError
from sqlalchemy import BindParameter, Column, Connection, Select, bindparam, select

from orderloom.engine import wire
from orderloom.engine.audit.finding import Finding
from orderloom.engine.drafts import is_draft, timer_of
from orderloom.engine.state import ORDER, OrderState
from orderloom.engine.store import tables
from orderloom.engine.supply_order import TRANSFER

PAGE = 500


@dataclass(slots=True)
class _Known:
    """What the store says of one order; `events` counts its history up to `last`."""

    id: str
    status: str
    outcome: str | None
    version: int
    text: str | None
    state: OrderState | None = None
    unreadable: str = ""
    events: int = 0
    last: int = 0
    last_status: str | None = None
    waits: set[str] = field(default_factory=set)
    open: dict[str, str | None] = field(default_factory=dict)
    reserved: dict[tuple[str, str, str, str], int] = field(default_factory=dict)
    expiries: set[datetime | None] = field(default_factory=set)


def broken_by_orders(connection: Connection, shard: int) -> Iterator[Finding]:
    """Every law that an order breaks; orders are read a page at a time."""
    for page in _pages(connection, shard):
        for known in page:
            yield from (Finding(law, known.id, because) for law, because in _of_order(known))


def _pages(connection: Connection, shard: int) -> Iterator[list[_Known]]:
    after = ""
    while True:
        rows = connection.execute(_ORDERS, {"shard": shard, "after": after, "page": PAGE})
        page = {row[0]: _Known(*row) for row in rows}
        if not page:
            return
        _fill(connection, {"shard": shard, "ids": list(page)}, page)
        yield list(page.values())
        after = max(page)


def _fill(connection: Connection, asked: dict[str, object], page: dict[str, _Known]) -> None:
    for order, sequence, notes in connection.execute(_HISTORY, asked):
        known = page[order]
        known.events, known.last = known.events + 1, sequence
        for subject, kind, told in wire.load(notes, list[tuple[str, str, str]]):
            if (subject, kind) == (ORDER, "status"):
                known.last_status = told
    for order, key in connection.execute(_DUE, asked):
        page[order].waits.add(key)
    for order, id, event in connection.execute(_EXCEPTIONS, asked):
        page[order].open[id] = event
    for order, *what, quantity, expires_at in connection.execute(_RESERVATIONS, asked):
        line, item, node, supply = what
        page[order].reserved[line, item, node, supply] = quantity
        page[order].expiries.add(expires_at)
    for known in page.values():
        _read(known)


def _read(known: _Known) -> None:
    try:
        known.state = wire.load_state(known.text) if known.text else None
    except (DecodeError, ValidationError, wire.NewerWire) as fault:
        known.unreadable = str(fault)
    known.text = None


def _of_order(known: _Known) -> Iterator[tuple[str, str]]:
    """The laws that an order breaks, each with how it stands."""
    if known.unreadable:
        yield "a state can be read", known.unreadable
        return
    if not known.events == known.last == known.version:
        yield "the history has every event", f"{known.events} events up to {known.last}, the order counts {known.version}"
    if known.state is None:
        if not (known.waits or known.open):
            yield "every order has something to wait for", "it was captured and nothing will work on it"
        return
    for law in _ORDER_LAWS:
        yield from law(known, known.state)


def _same(known: _Known, state: OrderState) -> Iterator[tuple[str, str]]:
    root = state.instances.get(ORDER)
    stored = (known.version, known.status, known.outcome)
    meant = (state.sequence, state.status, root.ended if root else None)
    if stored != meant:
        yield "an order's row says what its state says", f"{stored} is not {meant}"
    if known.last_status is not None and known.last_status != state.status:
        yield "the history ends where the state is", f"the last status noted is {known.last_status}, it is {state.status}"


def _quantities(known: _Known, state: OrderState) -> Iterator[tuple[str, str]]:
    """Units of work, planned ones and cancelled ones never exceed what was ordered; in the end they are exactly that."""
    for line in state.order.lines:
        at_work = sum(p.quantity for u in state.units.values() if not u.released for p in u.lines if p.line == line.id)
        planned = sum(a.quantity for shipment in state.planned for a in shipment.allocations if a.line == line.id)
        told = at_work + planned + state.cancelled.get(line.id, 0)
        if told > line.quantity or (state.ended and told != line.quantity):
            yield "a line's quantity is conserved", f"line {line.id}: {told} of {line.quantity} are accounted for"


def _reservations(known: _Known, state: OrderState) -> Iterator[tuple[str, str]]:
    """Exactly what units of work that still run, and planned ones, are to take is reserved; of a transfer at its source, too."""
    wanted: dict[tuple[str, str, str, str], int] = {}
    running = [unit for unit in state.units.values() if not (unit.outcome or unit.shipped or unit.released)]
    needs = [((p.line, p.item, unit.node, p.supply), p.quantity) for unit in running for p in unit.lines]
    needs += [((a.line, a.item, plan.node, a.supply), a.quantity) for plan in state.planned for a in plan.allocations]
    transfers = {(each.item, each.node, each.id): each for each in state.supply_orders if each.kind == TRANSFER}
    brought = [(key, transfers[key[1:]], quantity) for key, quantity in needs if key[1:] in transfers]
    needs += [((line, item, order.source, order.supply), quantity) for (line, item, _, _), order, quantity in brought]
    for key, quantity in needs:
        wanted[key] = wanted.get(key, 0) + quantity
    for key in sorted(wanted.keys() | known.reserved.keys()):
        if wanted.get(key, 0) != known.reserved.get(key, 0):
            line, item, node, supply = key
            stands = (
                f"line {line}, {item} at {node}, supply {supply}: {known.reserved.get(key, 0)} instead of {wanted.get(key, 0)}"
            )
            yield "what running units of work need is reserved, and nothing else", stands


def _soft(known: _Known, state: OrderState) -> Iterator[tuple[str, str]]:
    """A draft's reservations expire when it says, by a timer; everything else is reserved for good."""
    if known.expiries - {state.held_until}:
        told = ", ".join(sorted(str(moment or "never") for moment in known.expiries))
        yield "only what a draft holds expires", f"its reservations expire {told}, it holds them until {state.held_until}"
    if state.held_until is not None and f"timer/{timer_of(known.id)}" not in known.waits and not known.open:
        yield "what a draft holds is given back", "no timer will do that"


def _waiting(known: _Known, state: OrderState) -> Iterator[tuple[str, str]]:
    idle = [instance.id for instance in state.instances.values() if instance.waiting is None and instance.ended is None]
    if idle:
        yield "every order has something to wait for", f"{', '.join(idle)} neither waits nor has ended"
    if state.ended or is_draft(state) or known.waits or known.open:
        return
    kinds = {instance.waiting.kind for instance in state.instances.values() if instance.waiting and instance.ended is None}
    if not kinds & {"reply", "event", "exception"}:
        yield "every order has something to wait for", "nothing will ever wake it"


def _exceptions(known: _Known, state: OrderState) -> Iterator[tuple[str, str]]:
    queued = {id for id, event in known.open.items() if event is None}
    if queued != set(state.exceptions):
        yield "the queue has the orders' exceptions", f"queued {sorted(queued)}, in the state {sorted(state.exceptions)}"


_Law = Callable[[_Known, OrderState], Iterator[tuple[str, str]]]
_ORDER_LAWS: tuple[_Law, ...] = (_same, _quantities, _reservations, _soft, _waiting, _exceptions)

_o, _h, _d, _e, _r = (t.c for t in (tables.orders, tables.history, tables.due, tables.exceptions, tables.reservations))
_ORDERS = (
    select(_o.id, _o.status, _o.outcome, _o.version, _o.state)
    .where(_o.shard == bindparam("shard"), _o.id > bindparam("after"))
    .order_by(_o.id)
    .limit(bindparam("page"))
)


def _of_page(*columns: Column[Any]) -> Select[Any]:
    """These columns of the rows of a page's orders."""
    table = columns[0].table
    ids: BindParameter[str] = bindparam("ids", expanding=True)
    return select(*columns).where(table.c.shard == bindparam("shard"), table.c.order_id.in_(ids))


_HISTORY = _of_page(_h.order_id, _h.sequence, _h.notes).order_by(_h.order_id, _h.sequence)
_DUE = _of_page(_d.order_id, _d.key)
_EXCEPTIONS = _of_page(_e.order_id, _e.id, _e.event).where(_e.closed_at.is_(None))
_RESERVATIONS = _of_page(_r.order_id, _r.line, _r.item, _r.node, _r.supply, _r.quantity, _r.expires_at)
