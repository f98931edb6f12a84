"""When there is something to do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, func, select

from orderloom.engine.store import tables
from orderloom.engine.store.store import Store


@dataclass(frozen=True, slots=True)
class Agenda:
    """The earliest moments at which an order has a turn and a message is to be sent; None where there is none at all."""

    turn: datetime | None
    message: datetime | None


_shard: BindParameter[int] = bindparam("shard")
_EARLIEST = select(
    select(func.min(tables.due.c.due_at)).where(tables.due.c.shard == _shard).scalar_subquery(),
    select(func.min(tables.outbox.c.due_at))
    .where(tables.outbox.c.shard == _shard, tables.outbox.c.done_at.is_(None))
    .scalar_subquery(),
)


def earliest(store: Store) -> Agenda:
    """The earliest of what waits, whatever time it is."""
    with store.reading() as connection:
        turn, message = connection.execute(_EARLIEST, {"shard": store.shard}).one()
    return Agenda(turn, message)
