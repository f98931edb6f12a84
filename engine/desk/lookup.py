"""Answers about stock from the store, by the function that sourcing goes by, as the store stands at each question."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from orderloom.dsl.program import Program
from orderloom.engine.promising.availability import Availability
from orderloom.engine.promising.browse import browsed
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.shell.watch import alerts_of
from orderloom.engine.store import Store, tables
from orderloom.engine.world import World

ROOM = 2_000  #: items kept at hand


class Lookup:
    """Reads of an item only what has changed since it was asked for last."""

    def __init__(self, store: Store, program: Program) -> None:
        self._store, self._program = store, program
        self._shelf = Shelf(store.shard, ROOM)

    def world(self, items: Iterable[str]) -> World:
        """The program, reference data and the stock of these items, all of one moment."""
        wanted = set(items)
        with self._store.reading() as connection:
            self._shelf.refresh(connection, wanted)
            stock = self._shelf.read(connection, wanted)
            alerts = alerts_of(connection, self._store.shard, self._program, wanted)
        return World(self._program, self._shelf.catalog(self._program, wanted, alerts), stock, alerts=alerts)

    def items_like(self, name: str) -> tuple[str, ...]:
        """Ids of items that begin as this one does, to guess which one was meant."""
        t = tables.items.c
        near = select(t.id).where(t.shard == self._store.shard, t.id.startswith(name[:1], autoescape=True))
        with self._store.reading() as connection:
            return tuple(connection.execute(near.order_by(t.id).limit(ROOM)).scalars())

    def available(self, items: Iterable[str], method: str, at: datetime) -> dict[str, list[Availability]]:
        """What may be promised of each item, at each node that has a position of it."""
        wanted = list(items)
        world = self.world(wanted)
        return {item: [browsed(world, item, node, method, at) for node in world.stock.nodes_of(item)] for item in wanted}
