"""Orders of a store, cut into parts to be played again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from sys import intern
from zoneinfo import ZoneInfo

from msgspec import MsgspecError, Struct
from msgspec.structs import replace
from sqlalchemy import Connection, func, select

from orderloom.adapters.props import AT_ONCE, Props, batched, props_now
from orderloom.adapters.replay.part import Asked, Cancelling, News, Orders, Part, Past, Unplayed, cut, windows
from orderloom.adapters.replay.stock_then import news, props_then
from orderloom.engine import wire
from orderloom.engine.events import Cancelled, Captured
from orderloom.engine.forecast.expected import Expected
from orderloom.engine.order import Order
from orderloom.engine.state import DRAFT
from orderloom.engine.store import Store, tables


class Known(Struct, frozen=True):
    """An order of the store: when it was captured, on which version, and whether it was asked for."""

    at: datetime
    id: str
    program: str
    asked_for: bool


def past_orders(store: Store, asked: Asked, days: int | None, zone: ZoneInfo, ahead: bool) -> Orders:
    """The orders that the store has taken in, each window with the stock as the ledger has it for its beginning.

    Where a version looks `ahead`, all of the forecast and its items are there, too: what is seen is made of them together.
    """
    with store.reading() as connection:
        known = _known(connection, store.shard, asked)
        last = known[-1].at if known and asked.limit else asked.until
        archived = _archived(connection, store.shard, known[0].at, last) if known else 0
    cuts = windows(known, days, zone)
    ends = [*(window[0].at for window in cuts[1:]), asked.until]
    found = Orders(iter(()), len(known), "as it was known at the beginning of each window", archived)
    found.ran_on.update(one.program for one in known if one.asked_for)
    found.parts = (
        part for window, end in zip(cuts, ends, strict=False) if (part := _part(store, window, end, ahead, found.unplayed))
    )
    return found


def _archived(connection: Connection, shard: int, since: datetime, until: datetime | None) -> int:
    """How many archived orders reserved anything in this time."""
    a, x = tables.archived.c, tables.ledger.c
    took = select(x.order_id).where(x.shard == a.shard, x.order_id == a.order_id, x.kind == "reserve", x.at >= since)
    took = took.where(x.at < until) if until else took
    return connection.execute(select(func.count()).where(a.shard == shard, took.exists())).scalar_one()


def stock_of(store: Store, ahead: bool, items: Collection[str]) -> Props:
    """These items as they stand now, for orders that the store does not have; `ahead` as with those that it has."""
    today = store.now().date()
    with store.reading() as connection:
        forecast = _forecast(connection, store.shard) if ahead else ()
        return replace(props_now(connection, store.shard, {*items, *(each.item for each in forecast)}, today), forecast=forecast)


def _forecast(connection: Connection, shard: int) -> tuple[Expected, ...]:
    t = tables.forecast.c
    rows = select(t.item, t.region, t.begins, t.days, t.units).where(t.shard == shard).order_by(t.item, t.region, t.begins)
    found = connection.execute(rows)
    return tuple(Expected(item, region, begins, days, Decimal(units)) for item, region, begins, days, units in found)


def _known(connection: Connection, shard: int, asked: Asked) -> list[Known]:
    at = func.coalesce(_h.at, _d.due_at, _o.placed_at, type_=tables.Moment)
    rows = select(at, _o.id, _o.program, _o.channel, _o.division).select_from(_CAPTURED).order_by(at, _o.id)
    rows = rows.where(_o.shard == shard, _o.status != DRAFT)
    rows = rows.where(at >= asked.since) if asked.since else rows
    rows = rows.where(at < asked.until) if asked.until else rows
    found = connection.execution_options(yield_per=AT_ONCE).execute(rows)
    return cut((Known(at, id, intern(program), asked.takes(*where)) for at, id, program, *where in found), asked.limit)


def _part(store: Store, window: Sequence[Known], until: datetime | None, ahead: bool, unread: list[Unplayed]) -> Part | None:
    """A window, with what happened besides its orders `until` it ended; an order that cannot be read is left out, and told."""
    shard = store.shard
    with store.reading() as connection:
        orders = list(_orders(connection, shard, window, unread))
        if not orders:
            return None
        forecast = _forecast(connection, shard) if ahead else ()
        items = {line.item for past in orders for line in past.order.lines} | {each.item for each in forecast}
        props = replace(props_then(connection, shard, items, orders[0].at), forecast=forecast)
        happened: list[News | Cancelling] = [*news(connection, shard, items, orders[0].at, until)]
        happened += _cancelled(connection, shard, [past.order.id for past in orders])
    return Part(tuple(orders), props, tuple(sorted(happened, key=lambda each: each.at)))


def _orders(connection: Connection, shard: int, window: Sequence[Known], unread: list[Unplayed]) -> Iterator[Past]:
    texts: dict[str, tuple[str | None, str | None]] = {}
    for part in batched([one.id for one in window], AT_ONCE):
        rows = select(_o.id, _o.state, _d.body).select_from(_WAITING).where(_o.shard == shard, _o.id.in_(part))
        texts |= {id: (state, event) for id, state, event in connection.execute(rows)}
    for one in window:
        found = _order(*texts.get(one.id, (None, None)))
        if isinstance(found, Order):
            yield Past(one.at, found, one.asked_for)
        elif one.asked_for:
            unread.append(Unplayed(one.id, found))


def _order(state: str | None, event: str | None) -> Order | str:
    """The order as it was captured, or why it cannot be read."""
    if state is None and event is None:
        return "it was never captured"
    try:
        if state is not None:
            return wire.load_state(state).order
        waiting = wire.load_event(event or "")
    except (MsgspecError, wire.NewerWire) as fault:
        return f"the store's text of it cannot be read: {fault}"
    return waiting.order if isinstance(waiting, Captured) else "it was never captured"


def _cancelled(connection: Connection, shard: int, orders: Sequence[str]) -> Iterator[Cancelling]:
    """The requests to cancel these orders that were accepted."""
    for part in batched(orders, AT_ONCE):
        rows = select(_h.order_id, _h.event).where(_h.shard == shard, _h.kind == "cancelled", _h.order_id.in_(part))
        for order, text in connection.execute(rows.order_by(_h.order_id, _h.sequence)):
            event = wire.load_event(text)
            if isinstance(event, Cancelled):
                yield Cancelling(event.at, order, event.by, event.reason)


_o, _h, _d = tables.orders.c, tables.history.c, tables.due.c
_WAITING = tables.orders.outerjoin(tables.due, (_d.shard == _o.shard) & (_d.order_id == _o.id) & (_d.key == "captured"))
_CAPTURED = _WAITING.outerjoin(tables.history, (_h.shard == _o.shard) & (_h.order_id == _o.id) & (_h.kind == "captured"))
