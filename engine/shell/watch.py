"""Keeps the alerts of the current version's monitors true to the stock: each crossing is written once, with what crossed it.

What an order changes is looked at in the same transaction, what comes from outside before the next turn, under the lock of
its items, and every item once a day, because figures that look back change by themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import BindParameter, Connection, bindparam, select

from orderloom.dsl.program import Program, StockMonitor
from orderloom.dsl.syntax.monitor import MOVING
from orderloom.engine.ledger.stock import Key, Stock
from orderloom.engine.promising.monitors import Figures, Shipped, Watched, crossed, reads, watched
from orderloom.engine.shell.clock import END_OF_TIME
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.store import Store, tables
from orderloom.engine.store.alerts import Alert, clear_alerts, open_alerts, raise_alerts, shipped_since
from orderloom.engine.store.looks import note, unseen_by, versions
from orderloom.engine.store.stock_rows import touch
from orderloom.engine.world import World

READER = "monitors"

Alerts = Mapping[Key, list[str]]
NONE: Alerts = {}


class Watch:
    """What one worker knows of alerts: the monitors that count, and how far it has looked."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self._store, self._shelf = store, shelf
        self._program: Program | None = None
        self._looked: tuple[str, int, date] | None = None

    @property
    def program(self) -> Program | None:
        """The version whose monitors count."""
        return self._program

    def look(self, program: Program, now: datetime) -> None:
        """Looks at whatever the monitors of this version, from now on the one that counts, have not seen as it is now."""
        if not program.stock_monitors:
            if self._program is not program:
                self._end_all(now)
            self._program = program
            return
        self._program = program
        if now == END_OF_TIME:
            return
        with self._store.reading() as connection:
            imports = connection.execute(_IMPORTS, {"shard": self._store.shard}).scalar_one()
        state = (program.digest, imports, now.date())
        if state != self._looked:
            for items in unseen_by(self._store, READER, now.date(), program.digest):
                self._catch_up(program, items, now)
            self._looked = state

    def alerts(self, connection: Connection, items: Collection[str]) -> Alerts:
        """The alerts that expressions see; none where the current version watches nothing."""
        return NONE if self._program is None else alerts_of(connection, self._store.shard, self._program, items)

    def follow(self, connection: Connection, stock: Stock, items: Collection[str], at: datetime) -> None:
        """Looks at items that the transaction has changed, and holds the locks of."""
        program = self._program
        if program is None or not program.stock_monitors or not items:
            return
        self._judge(connection, World(program, self._shelf.catalog(program, items), stock), items, at)

    # --- within ---

    def _catch_up(self, program: Program, items: Collection[str], now: datetime) -> None:
        with self._store.writing() as connection:
            self._shelf.refresh(connection, set(items))
            stock = self._shelf.stock(connection, set(items), now.date())
            self._judge(connection, World(program, self._shelf.catalog(program, items), stock), items, now)

    def _judge(self, connection: Connection, world: World, items: Collection[str], at: datetime) -> None:
        """Raises and clears what has crossed. Those of what is watched no longer are cleared, too."""
        shard = self._store.shard
        raised, cleared = _changes(connection, shard, world, sorted(items), at)
        if raised or cleared:
            raise_alerts(connection, shard, raised)
            clear_alerts(connection, shard, cleared, at)
            touch(connection, shard, {alert.item for alert in (*raised, *(alert for alert, _ in cleared))})
        note(connection, shard, READER, at.date(), world.program.digest, versions(connection, shard, items))

    def _end_all(self, now: datetime) -> None:
        """Nothing is watched any more."""
        with self._store.reading() as connection:
            still_open = open_alerts(connection, self._store.shard)
        if still_open:
            with self._store.writing() as connection:
                clear_alerts(connection, self._store.shard, [(alert, None) for alert in still_open], now)
                touch(connection, self._store.shard, {alert.item for alert in still_open})


def alerts_of(connection: Connection, shard: int, program: Program, items: Collection[str]) -> Alerts:
    """The events of open alerts by item and node, each once; the node is empty where all are watched together."""
    if not program.stock_monitors:
        return NONE
    found: dict[Key, list[str]] = {}
    raised = open_alerts(connection, shard, items)
    for item, node, event in sorted({(alert.item, alert.node, alert.event) for alert in raised}):
        found.setdefault((item, node), []).append(event)
    return found


def _changes(
    connection: Connection, shard: int, world: World, items: Collection[str], at: datetime
) -> tuple[list[Alert], list[tuple[Alert, Figures | None]]]:
    """Alerts to be raised, and those to be cleared with what their monitors see now."""
    before = {(alert.monitor, alert.item, alert.node): alert for alert in open_alerts(connection, shard, items)}
    raised: list[Alert] = []
    cleared: list[tuple[Alert, Figures | None]] = []
    for monitor in world.program.stock_monitors.values():
        for seen in _seen(connection, shard, monitor, world, items, at):
            alert = before.pop((monitor.name, seen.item, seen.node), None)
            if not crossed(monitor, seen, alert is not None, world, at):
                continue
            if alert is None:
                raised.append(_raised(monitor, seen, at))
            else:
                cleared.append((alert, seen.figures))
    return raised, [*cleared, *((alert, None) for alert in before.values())]


def _seen(
    connection: Connection, shard: int, monitor: StockMonitor, world: World, items: Collection[str], at: datetime
) -> Iterator[Watched]:
    shipped: Shipped = {}
    if monitor.days and reads(monitor, MOVING):
        places = [(item, node) for item in items for node in world.stock.nodes_of(item)]
        shipped = shipped_since(connection, shard, places, at - timedelta(days=monitor.days))
    for item in items:
        if item in world.catalog.items:
            yield from watched(monitor, item, world, shipped, at)


def _raised(monitor: StockMonitor, seen: Watched, at: datetime) -> Alert:
    return Alert(monitor.name, seen.item, seen.node, 0, monitor.event, str(monitor.origin), at, seen.figures)


_shard: BindParameter[int] = bindparam("shard")
_IMPORTS = select(tables.workspace.c.imports).where(tables.workspace.c.shard == _shard)
