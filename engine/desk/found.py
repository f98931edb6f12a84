"""Orders as they are found for somebody: what of each says who may know of it."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import select

from orderloom.engine import wire
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, tables


class Found(Struct, frozen=True):
    """Of an order what says who may know of it."""

    id: str
    division: str | None
    customer: str | None
    state: OrderState | None


def find(store: Store, ids: Iterable[str]) -> list[Found]:
    """Those of the orders that are there, by id."""
    o = tables.orders.c
    asked = select(o.id, o.division, o.customer, o.state).where(o.shard == store.shard, o.id.in_(sorted(set(ids))))
    with store.reading() as connection:
        rows = connection.execute(asked.order_by(o.id)).all()
    return [Found(row[0], row[1], row[2], wire.load_state(row[3]) if row[3] else None) for row in rows]
