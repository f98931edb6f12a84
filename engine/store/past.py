"""What the store said at a moment of the past: of an order by its history, of stock by the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, bindparam, case, func, select

from orderloom.engine.change import Fields, applied, state_of
from orderloom.engine.ledger.stock import ON_HAND
from orderloom.engine.state import ORDER, OrderState
from orderloom.engine.store import queries, tables
from orderloom.engine.store.queries import ExceptionLine, MessageLine, OrderLine, WholeOrder
from orderloom.engine.store.store import Store
from orderloom.engine.task import Task


class Unknown(Struct, frozen=True):
    """An order was there at that moment, and its history tells its state only since `since`; None where it never does."""

    since: datetime | None


class Archived(Struct, frozen=True):
    """An order's rows are in a file."""

    order: str
    folder: str
    file: str
    archived_at: datetime


class PastStock(Struct, frozen=True):
    """What the ledger says of an item at a node: units here, units to come, units of both that were reserved."""

    item: str
    node: str
    on_hand: int
    inbound: int
    reserved: int
    quarantined: bool

    @property
    def state(self) -> str:
        return "quarantined" if self.quarantined else "good"


_h, _m, _l, _s, _a = tables.history.c, tables.outbox.c, tables.ledger.c, tables.supplies.c, tables.archived.c


def order_at(store: Store, id: str, at: datetime) -> WholeOrder | Unknown | None:
    """An order with everything that was known of it at a moment; None where there was none yet.

    How often a message had been tried by then is not kept: one that was under way has no attempt.
    """
    now = queries.order(store, id)
    if now is None:
        return None
    with store.reading() as connection:
        events, fields, since = _told(connection, store.shard, id, at)
        turns = dict(connection.execute(select(_m.key, _m.sequence).where(_m.shard == store.shard, _m.order_id == id)).all())
    if not events:
        return None
    if fields is None:
        return Unknown(since)
    state = state_of(fields)
    return WholeOrder(
        _summary(now.summary, state),
        state,
        tuple(line for line in now.history if line.sequence <= events),
        tuple(line for line in now.records if line.sequence <= events),
        tuple(_as_of(line, at) for line in now.messages if turns[line.key] <= events and line.at <= at),
        tuple(_still_open(line, at) for line in now.exceptions if line.opened_at <= at),
        tuple(_tasks(state, now.tasks, at)),
    )


def _tasks(state: OrderState, tasks: Iterable[Task], at: datetime) -> list[Task]:
    """Those that were open then, as they stood, and those that were closed by then."""
    closed = (task for task in tasks if task.closed_at is not None and task.closed_at <= at and task.id not in state.tasks)
    return sorted((*state.tasks.values(), *closed), key=lambda task: (task.opened_at, task.id))


def _told(connection: Connection, shard: int, id: str, at: datetime) -> tuple[int, Fields | None, datetime | None]:
    """How many events had taken effect, the state's fields after them, and since when the history tells these."""
    rows = select(_h.sequence, _h.at, _h.event, _h.change).where(_h.shard == shard, _h.order_id == id).order_by(_h.sequence)
    events, then, fields, since = 0, None, None, None
    for sequence, moment, event, change in connection.execute(rows):
        fields = applied(fields, sequence, event, change)
        since = moment if since is None and fields is not None else since
        if moment <= at and events == sequence - 1:
            events, then = sequence, fields
    return events, then, since


def _summary(now: OrderLine, state: OrderState) -> OrderLine:
    order, root = state.order, state.instances.get(ORDER)
    return replace(now, customer=order.customer.id, division=order.division, status=state.status, outcome=root and root.ended)


def _as_of(line: MessageLine, at: datetime) -> MessageLine:
    if line.done_at is not None and line.done_at <= at:
        return line
    return replace(line, done_at=None, attempt=0, failure=None)


def _still_open(line: ExceptionLine, at: datetime) -> ExceptionLine:
    return line if line.closed_at is not None and line.closed_at <= at else replace(line, closed_at=None, option=None)


def archived(store: Store, id: str) -> Archived | None:
    """Where the rows of an order are; None where no archive has them."""
    asked = select(_a.order_id, _a.folder, _a.file, _a.archived_at).where(_a.shard == store.shard, _a.order_id == id)
    with store.reading() as connection:
        row = connection.execute(asked).one_or_none()
    return Archived(*row) if row else None


# --- stock -------------------------------------------------------------------------------------------------------------


def stock_at(store: Store, item: str, at: datetime, node: str | None = None) -> tuple[PastStock, ...]:
    """An item's positions as the ledger says they were at a moment, by node.

    It goes by when things happened, as far as that is known today: what somebody told later of that moment is in it.
    """
    asked = {"shard": store.shard, "item": item, "at": at}
    found: dict[str, PastStock] = {}
    with store.reading() as connection:
        for place, type, quantity, received, reserved in connection.execute(_BALANCES, asked):
            if node in (None, place):
                known = found.get(place, PastStock(item, place, 0, 0, 0, False))
                to_come = 0 if type == ON_HAND else int(quantity - received)
                found[place] = replace(
                    known,
                    on_hand=known.on_hand + int(received),
                    inbound=known.inbound + to_come,
                    reserved=known.reserved + int(reserved),
                )
        for place, kind in connection.execute(_FROZEN, asked):
            if place in found:
                found[place] = replace(found[place], quarantined=kind == "quarantine")
    return tuple(found[place] for place in sorted(found))


def _sum(adds: tuple[str, ...], takes: tuple[str, ...]) -> ColumnElement[int]:
    return func.sum(case((_l.kind.in_(adds), _l.quantity), (_l.kind.in_(takes), -_l.quantity), else_=0))


_until = (_l.shard == bindparam("shard"), _l.item == bindparam("item"), _l.at <= bindparam("at", type_=tables.Moment))
_BALANCES = (
    select(
        _l.node,
        _s.type,
        _sum(("expect", "adjust"), ("withdraw", "ship")),
        _sum(("receive", "presume", "adjust"), ("ship",)),
        _sum(("reserve",), ("release", "ship")),
    )
    .join(tables.supplies, (_s.shard == _l.shard) & (_s.item == _l.item) & (_s.node == _l.node) & (_s.id == _l.supply))
    .where(*_until)
    .group_by(_l.node, _s.id, _s.type)
)
_FROZEN = select(_l.node, _l.kind).where(*_until, _l.kind.in_(("quarantine", "recount"))).order_by(_l.at, _l.sequence, _l.number)
