"""What a monitor would have raised: the history is read again, as it was told, and the monitor is told the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from heapq import heappop, heappush

from msgspec.structs import replace
from sqlalchemy import Connection, select

from orderloom.dsl.program import OrderMonitor, PatternMonitor, Program
from orderloom.engine import wire
from orderloom.engine.alarm import Alarm
from orderloom.engine.change import Fields, applied, state_of
from orderloom.engine.events import Event
from orderloom.engine.items import items_of
from orderloom.engine.ledger.stock import Stock
from orderloom.engine.monitoring.collect import Told, moment_at, told_by
from orderloom.engine.monitoring.looking import alarm_of, followed
from orderloom.engine.monitoring.pattern import Events
from orderloom.engine.monitoring.points import Mark, Noted, marks
from orderloom.engine.monitoring.watch import looked
from orderloom.engine.refused import Refused
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, tables
from orderloom.engine.turn import Turn
from orderloom.engine.watched import NOTHING, Watched
from orderloom.engine.world import World

_h = tables.history.c
_STOCK = Stock({}, {})  # no monitor of orders sees any


def tried(store: Store, program: Program, name: str, since: datetime, until: datetime) -> tuple[Alarm, ...] | Refused:
    """The alarms that this monitor would have raised from a moment to another, by what the history tells of all time before."""
    monitor = program.monitors.get(name)
    if monitor is None:
        return Refused(f"there is no monitor {name}; there is {', '.join(program.monitors) or 'none'}")
    if not isinstance(monitor, (OrderMonitor, PatternMonitor)):
        return Refused(f"{name} watches stock: what was available at each moment of the past is not kept")
    alone = replace(program, monitors={name: replace(monitor, active=True)})
    with store.reading() as connection:
        past = _Past(connection, store.shard, alone, monitor)
        return tuple(alarm for alarm in past.alarms(until) if since <= alarm.at <= until)


class _Past:
    """The past, one event after the other, with what the monitor knows of it so far."""

    def __init__(self, connection: Connection, shard: int, program: Program, monitor: OrderMonitor | PatternMonitor) -> None:
        self._connection, self._program, self._monitor = connection, program, monitor
        self._shelf = Shelf(shard)
        self._orders: dict[str, tuple[Fields | None, OrderState | None]] = {}
        self._watched: dict[str, Watched] = {}
        self._kept: dict[str, Events] = {}
        self._due: dict[tuple[str, str], datetime] = {}  # by order or key
        self._clock: list[tuple[datetime, str, str]] = []

    def alarms(self, until: datetime) -> Iterator[Alarm]:
        """What is raised, in that order."""
        asked = select(_h.order_id, _h.sequence, _h.at, _h.event, _h.notes, _h.change)
        asked = asked.where(_h.shard == self._shelf.shard, _h.at <= until).order_by(_h.at, _h.order_id, _h.sequence)
        for order, sequence, at, event, notes, change in self._connection.execution_options(yield_per=1000).execute(asked):
            yield from self._until(at, False)
            yield from self._event(order, sequence, wire.load_event(event), wire.load(notes, list[Noted]), (event, change))
        yield from self._until(until, True)

    def _event(self, order: str, sequence: int, event: Event, notes: list[Noted], told: tuple[str, str]) -> Iterator[Alarm]:
        fields, before = self._orders.get(order, (None, None))
        fields = applied(fields, sequence, *told)
        if fields is None:
            return  # an older release began this history, and does not tell the state yet
        after = state_of(fields)
        self._orders[order] = fields, after
        world = self._world(after, event)
        if isinstance(self._monitor, PatternMonitor):
            for each in told_by(world, before, after, notes, event)[0]:
                yield from self._pattern(each)
            return
        found = marks(before, after, notes, event, self._program)
        yield from self._order(Turn(world, self._known(after), event.at, _STOCK), found)

    def _order(self, turn: Turn, found: Collection[Mark]) -> Iterator[Alarm]:
        order = turn.state.order.id
        answer = looked(turn, found)
        self._watched[order] = answer.watched
        self._set(order, "", min(answer.watched.timers.values(), default=None))
        yield from answer.alarms

    def _pattern(self, each: Told) -> Iterator[Alarm]:
        assert isinstance(self._monitor, PatternMonitor), "asked for one alone"
        before = self._kept.get(each.key, ())
        found = followed(self._monitor, before, each)
        self._kept |= {each.key: found.kept}
        self._set(each.order, each.key, moment_at(found.due) if found.due is not None else None)
        yield from (alarm_of(self._monitor, before, each, whole) for whole in found.alarms)

    # --- time ---

    def _set(self, order: str, key: str, moment: datetime | None) -> None:
        """When to look again: at an order, or, for a pattern, at a key."""
        of = ("", key) if isinstance(self._monitor, PatternMonitor) else (order, "")
        self._due.pop(of, None)
        if moment is not None:
            self._due[of] = moment
            heappush(self._clock, (moment, order, key))

    def _until(self, at: datetime, whole: bool) -> Iterator[Alarm]:
        """What time alone raises before a moment, or by then."""
        while self._clock and (self._clock[0][0] < at or (whole and self._clock[0][0] == at)):
            moment, order, key = heappop(self._clock)
            pattern = isinstance(self._monitor, PatternMonitor)
            if self._due.get(("", key) if pattern else (order, "")) != moment:
                continue
            if pattern:
                yield from self._pattern(Told(self._monitor.name, key, order, moment))
            else:
                state = self._orders[order][1]
                assert state is not None, "it has set the clock"
                yield from self._order(Turn(self._world(state, None), self._known(state), moment, _STOCK), ())

    def _known(self, state: OrderState) -> OrderState:
        return replace(state, watched=self._watched.get(state.order.id, NOTHING))

    def _world(self, state: OrderState, event: Event | None) -> World:
        items = items_of(state, event)
        self._shelf.refresh(self._connection, items)
        return World(self._program, self._shelf.catalog(self._program, items), _STOCK)
