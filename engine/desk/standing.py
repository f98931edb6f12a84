"""An order as it stands in the store, to try on it what somebody asks, and locked where that is put in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, select

from orderloom.dsl.program import Program
from orderloom.engine import wire
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.events import Event
from orderloom.engine.items import items_of
from orderloom.engine.refused import Refused
from orderloom.engine.shell.programs import Programs
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, tables
from orderloom.engine.turn import Turn


class Standing(Struct, frozen=True):
    """The state of an order at a version, and the definitions that it runs on, as its division has them."""

    state: OrderState
    version: int
    program: Program

    def trial(self, store: Store, at: datetime, asked: Event | None = None) -> Turn:
        """A turn to try on it what is asked; nothing of it is kept."""
        world = Lookup(store, self.program).world(items_of(self.state, asked))
        return Turn(world, self.state, at, world.stock)


def standing(store: Store, programs: Programs, order: str) -> Standing | Refused:
    """The order as it stands; refused where there is none, or no worker has seen it yet."""
    with store.reading() as connection:
        found = _answer(order, connection.execute(_THIS.where(_o.shard == store.shard, _o.id == order)).one_or_none())
        if isinstance(found, Refused):
            return found
        state = wire.load_state(found.state)
        return Standing(state, found.version, programs.get(connection, found.program).of(state.order.division))


def locked(connection: Connection, shard: int, order: str, version: int | None = None) -> Any:
    """The order's row, which nobody else changes meanwhile; refused where it is not at the `version` that somebody has seen."""
    this = _THIS.where(_o.shard == shard, _o.id == order).with_for_update(key_share=True)
    found = _answer(order, connection.execute(this).one_or_none())
    if isinstance(found, Refused) or version in (None, found.version):
        return found
    return _outdated(connection, shard, order, found, version)


_o = tables.orders.c
_THIS = select(_o.state, _o.version, _o.status, _o.program)


def _answer(order: str, found: Any) -> Any:
    if found is None:
        return Refused(f"there is no order {order}")
    return found if found.state else Refused(f"order {order} waits for a worker; ask again when it was seen")


def _outdated(connection: Connection, shard: int, order: str, found: Any, version: int) -> Refused:
    """Why a request is refused whose maker has seen an older version, with what has happened since."""
    h = tables.history.c
    rows = select(h.notes).where(h.shard == shard, h.order_id == order, h.sequence > version).order_by(h.sequence)
    notes = [note for text in connection.execute(rows).scalars() for note in wire.load(text, list[tuple[str, str, str]])]
    since = tuple(f"{subject}: {kind} {text}" for subject, kind, text in notes)
    because = f"order {order} is at version {found.version} by now, {found.status}; version {version} was seen"
    return Refused(because, since)
