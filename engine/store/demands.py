"""Who claims an item's stock, what waits for some, and since when a position stands still: read from the store."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct
from sqlalchemy import select
from sqlalchemy import text as sql

from orderloom.engine import wire
from orderloom.engine.sources import open_quantities
from orderloom.engine.store import tables
from orderloom.engine.store.store import Store


class Claim(Struct, frozen=True):
    """Units of a supply at a node that an order's line has reserved, to ship on a day; a soft one expires."""

    order: str
    line: str
    node: str
    supply: str
    quantity: int
    ship_on: date | None
    expires_at: datetime | None


class Unsourced(Struct, frozen=True):
    """Units of an order's line that have no source yet."""

    order: str
    line: str
    item: str
    quantity: int


class Quarantine(Struct, frozen=True):
    """Since when a position promises nothing, and the order that found it short; `order` is empty where none did."""

    since: datetime
    order: str


_r, _l, _o = tables.reservations.c, tables.ledger.c, tables.orders.c


def claims(store: Store, item: str, node: str | None = None) -> tuple[Claim, ...]:
    """The reservations of the item that stand, by order and line."""
    of_item = (_r.shard == store.shard) & (_r.item == item) & (_r.quantity > 0)
    wanted = of_item if node is None else of_item & (_r.node == node)
    with store.reading() as connection:
        rows = connection.execute(_CLAIMS.where(wanted)).all()
        booked = _BOOKED.where(_l.shard == store.shard, _l.item == item, _l.order_id.in_(select(_r.order_id).where(wanted)))
        days = {(order, line, at, supply): day for order, line, at, supply, day in connection.execute(booked)}
    return tuple(
        Claim(order, line, at, supply, quantity, days.get((order, line, at, supply)), expires_at)
        for order, line, at, supply, quantity, expires_at in rows
    )


def unsourced(store: Store, item: str | None = None) -> tuple[Unsourced, ...]:
    """What running orders want, of the item or of any, and have no source for; the order that was placed first comes first."""
    running = select(_o.state).where(_o.shard == store.shard, _o.outcome.is_(None), _o.state.is_not(None))
    if item is not None:
        running = running.where(_o.state.contains(wire.dump(item), autoescape=True))
    found = []
    with store.reading() as connection:
        for text in connection.execute(running.order_by(_o.placed_at, _o.id)).scalars():
            state = wire.load_state(text or "")
            for line, units in open_quantities(state):
                found.append(Unsourced(state.order.id, line, state.order.line(line).item, units))
    return tuple(each for each in found if item in (None, each.item))


def quarantine(store: Store, item: str, node: str) -> Quarantine | None:
    """The last time that the position was put into quarantine; None where it never was."""
    here = (_l.shard == store.shard, sql(tables.MOVES), _l.item == item, _l.node == node)
    last = select(_l.at, _l.order_id).where(*here, _l.kind == "quarantine")
    with store.reading() as connection:
        row = connection.execute(last.order_by(_l.at.desc(), _l.order_id).limit(1)).one_or_none()
    return Quarantine(row.at, row.order_id) if row else None


_CLAIMS = select(_r.order_id, _r.line, _r.node, _r.supply, _r.quantity, _r.expires_at).order_by(
    _r.order_id, _r.line, _r.node, _r.supply
)
#: Of several days on which a line was booked to ship the last one stands.
_BOOKED = (
    select(_l.order_id, _l.line, _l.node, _l.supply, _l.ship_on)
    .where(_l.kind == "reserve")
    .order_by(_l.order_id, _l.sequence, _l.number)
)
