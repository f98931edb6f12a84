"""The states of all orders of a store."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from orderloom.engine import wire
from orderloom.engine.state import OrderState
from orderloom.engine.store import tables


def states(connection: Connection, shard: int) -> Iterator[OrderState]:
    """The states of all orders that were worked on, by id, a few at a time."""
    t = tables.orders.c
    rows = connection.execution_options(yield_per=500).execute(
        select(t.state).where(t.shard == shard, t.state.is_not(None)).order_by(t.id)
    )
    return (wire.load_state(text) for text in rows.scalars())
