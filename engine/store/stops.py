"""What stops orders, asked for many at once: the exceptions that are open, and the holds that stand."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from orderloom.engine.store import tables
from orderloom.engine.store.store import Store

Stops = tuple[list[str], list[str]]

_AT_ONCE = 500  #: orders that one statement asks for
_e, _h = tables.exceptions.c, tables.holds.c


def stops_of(store: Store, orders: Sequence[str]) -> dict[str, Stops]:
    """Of each order that something stops: the types of its open exceptions, and the keys of its holds; two questions a page."""
    open_ = select(_e.order_id, _e.type).where(_e.shard == store.shard, _e.closed_at.is_(None), _e.event.is_(None))
    stand = select(_h.order_id, _h.id).where(_h.shard == store.shard, _h.resolved_at.is_(None)).order_by(_h.applied_at, _h.id)
    found: dict[str, Stops] = {}
    with store.reading() as connection:
        for start in range(0, len(orders), _AT_ONCE):
            some = orders[start : start + _AT_ONCE]
            for order, type_ in connection.execute(open_.where(_e.order_id.in_(some))):
                found.setdefault(order, ([], []))[0].append(type_)
            for order, hold in connection.execute(stand.where(_h.order_id.in_(some))):
                found.setdefault(order, ([], []))[1].append(hold)
    return found
