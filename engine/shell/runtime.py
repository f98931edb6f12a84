"""The first loop: orders that are due are advanced in batches, each batch in one transaction. A crash is a rollback."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from orderloom.engine.advance import advance
from orderloom.engine.shell.batch import Advance, Batch, Due
from orderloom.engine.shell.clock import WorkerClock
from orderloom.engine.shell.foresight import Foresight
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.shell.watch import Watch
from orderloom.engine.store import Store, tables


class Runtime:
    """Advances the orders of a store."""

    def __init__(self, store: Store, programs: Programs, clock: WorkerClock, advance: Advance = advance) -> None:
        self._store, self._programs, self._clock, self._advance = store, programs, clock, advance
        self._shelf = Shelf(store.shard)
        self._foresight = Foresight(store, programs)
        self._watch = Watch(store, self._shelf)

    def turn(self, now: datetime, limit: int) -> int:
        """Applies up to `limit` events that are due, in the order of (due_at, order, key); how many there were.

        An event that raises is tried again later, and after `TURNS` attempts becomes an exception of its order.
        """
        self.look(now)
        with self._store.writing() as connection:
            claimed = _claim(connection, self._store.shard, now, limit)
            if not claimed:
                return 0
            batch = self._batch(connection, claimed, now)
            for due in claimed:
                batch.take(due)
            batch.write()
            self._watch.follow(connection, batch.stock, {item for item, _ in batch.changed}, batch.at)
        self._shelf.put_back(batch.changed, batch.states)
        return len(claimed)

    def look(self, now: datetime) -> None:
        """Renews what is seen ahead and raises and clears alerts, as far as that is due."""
        self._watch.look(self._foresight.look(now), now)

    def put_off(self, now: datetime, because: str) -> None:
        """Counts the event that is due next as failed without applying it: the store refused what it would write."""
        with self._store.writing() as connection:
            for due in _claim(connection, self._store.shard, now, 1):
                batch = self._batch(connection, [due], now)
                batch.fail(due, because)
                batch.write()
        self._shelf.forget()

    def _batch(self, connection: Connection, claimed: list[Due], now: datetime) -> Batch:
        at_hand = self._programs, self._shelf, self._advance, self._foresight, self._watch
        return Batch(connection, claimed, now, self._clock, *at_hand)


def _claim(connection: Connection, shard: int, now: datetime, limit: int) -> list[Due]:
    found = connection.execute(_CLAIM, {"shard": shard, "now": now, "limit": limit})
    return [Due(*row) for row in found]


_d, _o = tables.due.c, tables.orders.c
_CLAIM = (
    select(_d.order_id, _d.key, _d.due_at, _d.kind, _d.body, _d.attempt, _o.version, _o.program, _o.state, _o.chain)
    .join(tables.orders, (_o.shard == _d.shard) & (_o.id == _d.order_id))
    .where(_d.shard == bindparam("shard"), _d.due_at <= bindparam("now", type_=tables.Moment))
    .order_by(_d.due_at, _d.order_id, _d.key)
    .limit(bindparam("limit"))
    .with_for_update(of=[tables.due, tables.orders], skip_locked=True)
)
