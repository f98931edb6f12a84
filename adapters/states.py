"""The states of all orders of a store."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from orderloom.engine import wire
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, tables

PAGE = 500


def states(connection: Connection, shard: int) -> Iterator[OrderState]:
    """The states of all orders that were worked on, by id, a few at a time."""
    t = tables.orders.c
    rows = connection.execution_options(yield_per=500).execute(
        select(t.state).where(t.shard == shard, t.state.is_not(None)).order_by(t.id)
    )
    return (wire.load_state(text) for text in rows.scalars())


def states_with(store: Store, pattern: str, order: str | None = None) -> Iterator[OrderState]:
    """The states of which the stored text is like a pattern, by id, a page at a time."""
    t, after = tables.orders.c, ""
    asked = select(t.id, t.state).where(t.shard == store.shard, t.state.like(pattern))
    asked = asked if order is None else asked.where(t.id == order)
    while True:
        with store.reading() as connection:
            page = connection.execute(asked.where(t.id > after).order_by(t.id).limit(PAGE)).all()
        yield from (wire.load_state(text) for _, text in page)
        if len(page) < PAGE:
            return
        after = page[-1][0]
