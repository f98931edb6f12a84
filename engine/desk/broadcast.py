"""Events of a node or of a participant, told without an order: each reaches every running order that it concerns, once.

It is kept before it reaches anybody, with how far it has come: whoever tells it again, or tells another one, makes one go on
that was cut off, and so does every worker while it runs. An order that nobody has worked on yet finds out itself, behind its
capture, whether it is concerned; one that cannot be read is passed over, and told. One page of orders is looked at in a
transaction, so that memory and locks stay small.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, bindparam, select, tuple_
from sqlalchemy.exc import SQLAlchemyError

from orderloom.engine import wire
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.events import Happened
from orderloom.engine.process.concerns import concerns
from orderloom.engine.shell.inbox import put_facts
from orderloom.engine.shell.ports import Incoming
from orderloom.engine.shell.programs import Programs
from orderloom.engine.store import Store, tables
from orderloom.engine.store.connect import hint
from orderloom.engine.store.statements import insert_new, run, update
from orderloom.engine.world import World

PAGE = 200  #: orders a transaction

_log = logging.getLogger(__name__)


class Broadcast(Struct, frozen=True):
    """An event that was told without an order: how many running orders it has reached, and when it had reached all of them."""

    participant: str
    key: str
    event: Happened
    reached: int = 0
    done_at: datetime | None = None


class Spread(Struct, frozen=True):
    """What became of it: how many orders it reached; `repeated` where it was known before.

    Orders that could not be read are `passed_over`: whoever mends them has to tell them.
    """

    reached: int
    repeated: bool = False
    passed_over: tuple[str, ...] = ()


def broadcast(store: Store, programs: Programs, told: Broadcast) -> Spread:
    """Takes an event in and lets it reach every running order that it concerns; those that were cut off before it go on first."""
    with store.writing() as connection:
        event = told.event
        body = (wire.dump_event(event), wire.moment_text(event.at), "", 0, None)
        new = run(connection, _KEEP, [(store.shard, told.participant, told.key, event.name, *body)])
    passed_over = resume(store, programs)
    mine = passed_over.get((told.participant, told.key), [])
    return Spread(_kept(store, told.participant, told.key).reached, not new, tuple(mine))


def resume(store: Store, programs: Programs) -> dict[tuple[str, str], list[str]]:
    """Lets those go on that were cut off; the orders that could not be read, by the event's participant and key."""
    worlds: dict[str, World] = {}
    passed_over: dict[tuple[str, str], list[str]] = {}
    for participant, key in _begun(store):
        while _page(store, programs, worlds, participant, key, passed_over.setdefault((participant, key), [])):
            pass
    return passed_over


def broadcasts(store: Store, after: tuple[datetime, str, str] | None = None, limit: int = 100) -> tuple[Broadcast, ...]:
    """What was told without an order, the oldest first."""
    by = (_b.at, _b.participant, _b.key)
    asked = _ROWS.where(_b.shard == store.shard).order_by(*by).limit(limit)
    if after is not None:
        asked = asked.where(tuple_(*by) > after)
    with store.reading() as connection:
        return tuple(_broadcast(row) for row in connection.execute(asked))


def _begun(store: Store) -> list[tuple[str, str]]:
    """Those that have not reached everybody yet."""
    asked = select(_b.participant, _b.key).where(_b.shard == store.shard, _b.done_at.is_(None)).order_by(_b.at)
    with store.reading() as connection:
        return [(participant, key) for participant, key in connection.execute(asked)]


def _kept(store: Store, participant: str, key: str) -> Broadcast:
    with store.reading() as connection:
        asked = _ROWS.where(_b.shard == store.shard, _b.participant == participant, _b.key == key)
        return _broadcast(connection.execute(asked).one())


def _page(
    store: Store, programs: Programs, worlds: dict[str, World], participant: str, key: str, passed_over: list[str]
) -> bool:  # fmt: skip
    """Lets an event reach the next page of orders; whether there may be more."""
    now = store.now()
    with store.writing() as connection:
        row = connection.execute(_THIS, {"shard": store.shard, "participant": participant, "key": key}).one()
        if row.done_at is not None:
            return False
        event = wire.load_event(row.body)
        assert isinstance(event, Happened), "nothing else is told without an order"
        orders = connection.execute(_RUNNING, {"shard": store.shard, "after": row.after, "page": PAGE}).all()
        met = {id: _meets(store, programs, worlds, connection, digest, state, event) for id, digest, state in orders}
        passed_over += [id for id, meets in met.items() if meets is None]
        new = {id for id, _, state in orders if state is None}
        of = {id: replace(event, if_concerned=id in new) for id, meets in met.items() if meets}
        facts = [Incoming(f"{key}/{id}", participant, id, each) for id, each in of.items()]
        reached = row.reached + put_facts(connection, store.shard, facts).accepted
        done = None if len(orders) == PAGE else wire.moment_text(now)
        after = orders[-1].id if orders else row.after
        run(connection, _SO_FAR, [(after, reached, done, store.shard, participant, key)])
        hint(connection)
    return done is None


def _meets(
    store: Store, programs: Programs, worlds: dict[str, World], connection: Connection, digest: str, state: str | None,
    event: Happened,
) -> bool | None:  # fmt: skip
    """Whether the event is for an order, which may be one that nobody has worked on; None where its state cannot be read."""
    if state is None:
        return True
    try:
        if digest not in worlds:
            worlds[digest] = Lookup(store, programs.get(connection, digest)).world(())
        return concerns(worlds[digest], wire.load_state(state), event)
    except SQLAlchemyError:
        raise
    except Exception as fault:
        _log.warning("an order cannot be read, and event %s passes it over: %s: %s", event.name, type(fault).__name__, fault)
        return None


def _broadcast(row: Any) -> Broadcast:
    event = wire.load_event(row.body)
    assert isinstance(event, Happened), "nothing else is told without an order"
    return Broadcast(row.participant, row.key, event, row.reached, row.done_at)


_b, _o = tables.broadcasts.c, tables.orders.c
_KEEP = insert_new(tables.broadcasts)
_SO_FAR = update(tables.broadcasts, "after", "reached", "done_at")
_ROWS = select(_b.participant, _b.key, _b.body, _b.reached, _b.done_at)
_THIS = (
    select(_b.body, _b.after, _b.reached, _b.done_at)
    .where(_b.shard == bindparam("shard"), _b.participant == bindparam("participant"), _b.key == bindparam("key"))
    .with_for_update()
)
_RUNNING = (
    select(_o.id, _o.program, _o.state)
    .where(_o.shard == bindparam("shard"), _o.id > bindparam("after"), _o.outcome.is_(None))
    .order_by(_o.id)
    .limit(bindparam("page"))
)
