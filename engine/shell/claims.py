"""Which orders have their turn next.

Each division has its share of a batch, whatever waits in the others. Within a division the queue whose first order is most urgent
goes first: a priority is worth a head start of some minutes, so that what is less urgent is overtaken for so long and no longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import ARRAY, BindParameter, Connection, Text, any_, bindparam, select, tuple_, type_coerce

from orderloom.engine import wire
from orderloom.engine.shell.batch import Due
from orderloom.engine.store import tables
from orderloom.engine.store.agenda import Agenda, Waiting, division_of
from orderloom.engine.store.statements import ask

T = TypeVar("T")

HEAD_START = timedelta(minutes=1)  #: of each step of priority


@dataclass(slots=True)
class Rota:
    """Takes from divisions in turn; it begins with the one that it came to last."""

    _last: str = field(default="", init=False)

    def take(self, waiting: Waiting, now: datetime, limit: int, claim: Callable[[str, int], Sequence[T]]) -> list[T]:
        """Up to `limit` of what is due; `claim` takes up to so many of a queue."""
        found: list[T] = []
        divisions = self._in_turn(_by_division(due_of(waiting, now)))
        for place, (division, queues) in enumerate(divisions):
            share = -(-(limit - len(found)) // (len(divisions) - place))
            if share:
                found += _first(queues, share, claim)
                self._last = division
        return found

    def _in_turn(self, queues: Mapping[str, list[str]]) -> list[tuple[str, list[str]]]:
        return sorted(queues.items(), key=lambda each: (each[0] < self._last, each[0]))


def due_of(waiting: Waiting, now: datetime) -> Waiting:
    """The queues in which something is due."""
    return {queue: since for queue, since in waiting.items() if since <= now}


def _by_division(waiting: Waiting) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for queue in sorted(waiting, key=lambda queue: waiting[queue] - int(queue.partition("/")[0]) * HEAD_START):
        found.setdefault(division_of(queue), []).append(queue)
    return found


def _first(queues: Iterable[str], limit: int, claim: Callable[[str, int], Sequence[T]]) -> list[T]:
    found: list[T] = []
    for queue in queues:
        if len(found) < limit:
            found += claim(queue, limit - len(found))
    return found


def claim(connection: Connection, shard: int, agenda: Agenda, now: datetime, limit: int, rota: Rota | None) -> list[Due]:
    """Up to `limit` events that are due, locked with their orders, in the order of (due_at, order, key).

    Without a rota they are the first ones in this order, whichever queue they are of. Nobody takes a later event of an order
    first: orders are locked before it is asked what is due of them, so that whoever has one has all of it.
    """

    def of(queue: str, limit: int) -> list[Due]:
        since = wire.moment_text(agenda.turns[queue])
        asked = {"shard": shard, "queue": queue, "since": since, "now": wire.moment_text(now), "limit": limit}
        if connection.dialect.name == "sqlite":  # nobody else writes meanwhile
            return _dues(ask(connection, _NEXT, asked))
        orders = sorted({order for (order,) in ask(connection, _LOCK_NEXT, asked)})
        return _dues(ask(connection, _OF_ORDERS, asked | {"orders": orders})) if orders else []

    if rota is not None:
        return sorted(rota.take(agenda.turns, now, limit, of), key=_moment)
    return sorted((row for queue in due_of(agenda.turns, now) for row in of(queue, limit)), key=_moment)[:limit]


def claim_again(connection: Connection, shard: int, keys: Iterable[tuple[str, str]]) -> list[Due]:
    """Those of these events, by order and key, that nobody else has at hand, locked with their orders."""
    of = sorted(keys)
    orders = set(connection.execute(_LOCK_THESE, {"shard": shard, "orders": sorted({order for order, _ in of})}).scalars())
    left = [key for key in of if key[0] in orders]
    found = connection.execute(_THESE, {"shard": shard, "orders": sorted(orders), "keys": left}).all() if left else ()
    return sorted(_dues(found), key=_moment)


def _dues(rows: Iterable[Sequence[Any]]) -> list[Due]:
    return [Due(order, key, wire.moment_of(due_at), *rest) for order, key, due_at, *rest in rows]


_moment = attrgetter("due_at", "order", "key")

_d, _o = tables.due.c, tables.orders.c
_shard: BindParameter[int] = bindparam("shard")
_now: BindParameter[datetime] = bindparam("now", type_=tables.Moment)
_orders: BindParameter[str] = bindparam("orders", expanding=True)
_limit: BindParameter[int] = bindparam("limit")
_in_order = (_d.due_at, _d.order_id, _d.key)
#: From the first that is known to wait: what was before it is gone, and need not be looked at again.
_waiting = (
    _d.shard == _shard,
    _d.queue == bindparam("queue"),
    _d.due_at >= bindparam("since", type_=tables.Moment),
    _d.due_at <= _now,
)
_its_order = (_o.shard == _d.shard) & (_o.id == _d.order_id)
_its_event = _d.order_id, _d.key, type_coerce(_d.due_at, Text), _d.kind, _d.body, _d.attempt
_EVENTS = select(*_its_event, _o.version, _o.program, _o.state, _o.chain).join(tables.orders, _its_order)
_NEXT = _EVENTS.where(*_waiting).order_by(*_in_order).limit(_limit)

_LOCK = select(_o.id).with_for_update(of=tables.orders, skip_locked=True, key_share=True)
_LOCK_NEXT = _LOCK.join(tables.due, _its_order).where(*_waiting).order_by(*_in_order).limit(_limit)
_LOCK_THESE = _LOCK.where(_o.shard == _shard, _o.id.in_(_orders)).order_by(_o.id)

_LOCKED = _EVENTS.where(_d.shard == _shard).with_for_update(of=tables.due, skip_locked=True, key_share=True)
_OF_ORDERS = _LOCKED.where(_d.order_id == any_(bindparam("orders", type_=ARRAY(Text))), _d.due_at <= _now)
_OF_ORDERS = _OF_ORDERS.order_by(*_in_order).limit(_limit)
_THESE = _LOCKED.where(_d.order_id.in_(_orders), tuple_(_d.order_id, _d.key).in_(bindparam("keys", expanding=True)))
