"""What the commands ask the store. Lists are paged by key: `after` is the last key of the page before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, func, select, tuple_

from orderloom.engine import wire
from orderloom.engine.effects import Record
from orderloom.engine.issue import Offered
from orderloom.engine.ledger.stock import Supply, by_date
from orderloom.engine.state import OrderState
from orderloom.engine.store import tables
from orderloom.engine.store.store import Store
from orderloom.engine.store.task_queries import tasks_of
from orderloom.engine.task import Task

PAGE = 100


class OrderLine(Struct, frozen=True):
    """An order in a list; `outcome` is None while it runs."""

    id: str
    channel: str
    external_id: str | None
    customer: str
    division: str | None
    status: str
    outcome: str | None
    placed_at: datetime


class HistoryLine(Struct, frozen=True):
    """One thing that happened: first the event itself (`subject` is empty), then what it did, all with its sequence."""

    sequence: int
    at: datetime
    subject: str
    kind: str
    text: str


class RecordLine(Struct, frozen=True):
    """A decision record with its moment."""

    sequence: int
    at: datetime
    record: Record


class MessageLine(Struct, frozen=True):
    """A message to a participant; `done_at` is None until it is delivered or given up, `failure` says why it was not yet."""

    key: str
    organization: str
    role: str
    message: str
    body: dict[str, object]
    at: datetime
    attempt: int
    done_at: datetime | None
    failure: str | None


class ExceptionLine(Struct, frozen=True):
    """A situation that needs or needed a decision; `option` is what was decided. `rank` is its place in the queue.

    Those of a higher `priority` come first, then those that are due first. `remedies` say more of some of the options.
    """

    order: str
    id: str
    type: str
    role: str
    subject: str
    options: tuple[str, ...]
    cause: str
    opened_at: datetime
    closed_at: datetime | None
    option: str | None
    title: str = ""
    priority: int = 0
    due_at: datetime | None = None
    claimed_by: str | None = None
    escalated: int = 0
    rank: str = ""
    remedies: tuple[Offered, ...] = ()


class WholeOrder(Struct, frozen=True):
    """All that the store has of an order; `state` is None until its capture was worked on."""

    summary: OrderLine
    state: OrderState | None
    history: tuple[HistoryLine, ...]
    records: tuple[RecordLine, ...]
    messages: tuple[MessageLine, ...]
    exceptions: tuple[ExceptionLine, ...]
    tasks: tuple[Task, ...] = ()


class StockLine(Struct, frozen=True):
    """An item at a node with its supplies."""

    item: str
    node: str
    safety_stock: int
    quarantined: bool
    supplies: tuple[Supply, ...]


_o, _h, _r, _m, _e = tables.orders.c, tables.history.c, tables.records.c, tables.outbox.c, tables.exceptions.c
_d = tables.holds.c
_p, _s = tables.positions.c, tables.supplies.c
ORDER_LINE = select(_o.id, _o.channel, _o.external_id, _o.customer, _o.division, _o.status, _o.outcome, _o.placed_at)
_EXCEPTION = select(
    _e.order_id, _e.id, _e.type, _e.role, _e.subject, _e.options, _e.cause, _e.opened_at, _e.closed_at, _e.option,
    _e.title, _e.priority, _e.due_at, _e.claimed_by, _e.escalated, _e.rank, _e.remedies,
)  # fmt: skip


def orders(
    store: Store,
    status: str | None = None,
    channel: str | None = None,
    customer: str | None = None,
    after: str = "",
    limit: int = PAGE,
    hold: str | None = None,
) -> tuple[OrderLine, ...]:
    """Orders by id, those that fit every filter given; `hold` is that of a hold that stands."""
    asked = ORDER_LINE.where(_o.shard == store.shard, _o.id > after)
    wanted = [each for each in ((_o.customer, customer), (_o.status, status), (_o.channel, channel)) if each[1] is not None]
    for place, (column, value) in enumerate(wanted):  # only the first, which fits the fewest orders, goes by an index
        asked = asked.where((func.coalesce(column, "") if place else column) == value)
    if hold is not None:
        asked = asked.where(held_by(hold))
    with store.reading() as connection:
        return tuple(OrderLine(*row) for row in connection.execute(asked.order_by(_o.id).limit(limit)))


def held_by(hold: str) -> ColumnElement[bool]:
    """Whether this hold of an order stands."""
    held = (_d.shard == _o.shard) & (_d.order_id == _o.id) & (_d.hold == hold) & _d.resolved_at.is_(None)
    return select(_d.id).where(held).exists()


def order(store: Store, id: str) -> WholeOrder | None:
    """One order with everything that is known of it, as of one moment; None when there is none."""
    with store.reading() as connection:
        row = connection.execute(ORDER_LINE.add_columns(_o.state).where(_o.shard == store.shard, _o.id == id)).one_or_none()
        if row is None:
            return None
        *summary, state = row
        return WholeOrder(
            OrderLine(*summary),
            wire.load_state(state) if state else None,
            _history(connection, store.shard, id),
            _records(connection, store.shard, id),
            _messages(connection, store.shard, id),
            _exceptions(connection, _EXCEPTION.where(_e.shard == store.shard, _e.order_id == id).order_by(_e.opened_at, _e.id)),
            tasks_of(connection, store.shard, id),
        )


ExceptionKey = tuple[str, datetime, str, str]


def key_of_exception(line: ExceptionLine) -> ExceptionKey:
    """Where an exception stands in its queue."""
    return (line.rank, line.opened_at, line.order, line.id)


def exceptions(
    store: Store,
    role: str | None = None,
    settled: bool = False,
    after: ExceptionKey | None = None,
    limit: int = PAGE,
    type: str | None = None,
    person: str | None = None,
) -> tuple[ExceptionLine, ...]:
    """The queue of exceptions, by priority, then by deadline; with `settled` those that were decided, the oldest first."""
    state = _e.closed_at.is_not(None) if settled else _e.closed_at.is_(None)
    by = (_e.opened_at, _e.order_id, _e.id) if settled else (_e.rank, _e.opened_at, _e.order_id, _e.id)
    asked = _EXCEPTION.where(_e.shard == store.shard, state).order_by(*by).limit(limit)
    asked = asked.where(tuple_(*by) > (after[1:] if settled else after)) if after is not None else asked
    for place, (column, value) in enumerate(((_e.role, role), (_e.type, type), (_e.claimed_by, person))):
        if value is not None:  # only the role goes by an index
            asked = asked.where((func.coalesce(column, "") if place else column) == value)
    with store.reading() as connection:
        return _exceptions(connection, asked)


def open_of_type(store: Store, type: str, role: str | None = None) -> int:
    """How many exceptions of a type are open, of all roles or of one."""
    asked = select(func.count()).where(_e.shard == store.shard, _e.closed_at.is_(None), func.coalesce(_e.type, "") == type)
    with store.reading() as connection:
        return int(connection.execute(asked.where(_e.role == role) if role is not None else asked).scalar_one())


def stock(
    store: Store, item: str | None = None, node: str | None = None, after: tuple[str, str] | None = None, limit: int = PAGE
) -> tuple[StockLine, ...]:
    """Positions by item and node, those of the item and the node given."""
    position = select(_p.item, _p.node, _p.safety_stock, _p.quarantined).where(_p.shard == store.shard)
    position = position.where(tuple_(_p.item, _p.node) > after) if after is not None else position
    position = position.where(_p.item == item) if item is not None else position
    position = position.where(_p.node == node) if node is not None else position
    with store.reading() as connection:
        found = connection.execute(position.order_by(_p.item, _p.node).limit(limit)).all()
        supplies = _supplies(connection, store.shard, sorted({item for item, *_ in found}), node)
    return tuple(StockLine(*row, supplies=tuple(supplies.get(row[:2], ()))) for row in found)


def _supplies(connection: Connection, shard: int, items: Sequence[str], node: str | None) -> dict[tuple[str, str], list[Supply]]:
    columns = (_s.id, _s.item, _s.node, _s.type, _s.quantity, _s.due_on, _s.reserved, _s.stock_class, _s.received)
    asked = select(*columns).where(_s.shard == shard, _s.item.in_(items))
    rows = connection.execute(asked.where(_s.node == node) if node is not None else asked)
    found: dict[tuple[str, str], list[Supply]] = {}
    for supply in sorted((Supply(*row) for row in rows), key=by_date):
        found.setdefault((supply.item, supply.node), []).append(supply)
    return found


def _history(connection: Connection, shard: int, order: str) -> tuple[HistoryLine, ...]:
    rows = select(_h.sequence, _h.at, _h.kind, _h.event, _h.notes).where(_h.shard == shard, _h.order_id == order)
    lines = []
    for sequence, at, kind, event, notes in connection.execute(rows.order_by(_h.sequence)):
        lines.append(HistoryLine(sequence, at, "", kind, event))
        lines += [HistoryLine(sequence, at, *note) for note in wire.load(notes, list[tuple[str, str, str]])]
    return tuple(lines)


def _records(connection: Connection, shard: int, order: str) -> tuple[RecordLine, ...]:
    rows = select(_r.sequence, _r.at, _r.body).where(_r.shard == shard, _r.order_id == order)
    found = connection.execute(rows.order_by(_r.sequence, _r.number))
    return tuple(RecordLine(sequence, at, wire.load(body, Record)) for sequence, at, body in found)


def _messages(connection: Connection, shard: int, order: str) -> tuple[MessageLine, ...]:
    rows = select(_m.key, _m.organization, _m.role, _m.message, _m.body, _m.at, _m.attempt, _m.done_at, _m.failure)
    found = connection.execute(rows.where(_m.shard == shard, _m.order_id == order).order_by(_m.at, _m.key))
    return tuple(
        MessageLine(key, to, role, message, wire.load(body, dict[str, object]), *rest)
        for key, to, role, message, body, *rest in found
    )


def _exceptions(connection: Connection, asked: Select[Any]) -> tuple[ExceptionLine, ...]:
    return tuple(_exception(*row) for row in connection.execute(asked))


def _exception(order: str, id: str, type: str, role: str, subject: str, options: str, *rest: Any) -> ExceptionLine:
    *told, remedies = rest
    ways, more = wire.load(options, tuple[str, ...]), wire.load(remedies, tuple[Offered, ...])
    return ExceptionLine(order, id, type, role, subject, ways, *told, remedies=more)  # type: ignore[misc]
