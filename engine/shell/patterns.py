"""Patterns in the store: what may yet become one is kept in rows, so that no worker knows anything that the store does not.

They are looked at in the transaction that records what has happened. Whoever looks at a key holds its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import Connection, bindparam, select, tuple_
from sqlalchemy import delete as delete_where

from orderloom.dsl.program import PatternMonitor, Program
from orderloom.engine import wire
from orderloom.engine.alarm import Alarm
from orderloom.engine.events import Raised, TimeReached
from orderloom.engine.monitoring.collect import Told, moment_at
from orderloom.engine.monitoring.looking import alarm_of, followed
from orderloom.engine.monitoring.pattern import Events, shape_of
from orderloom.engine.monitoring.watch import pattern_timer
from orderloom.engine.shell.inbox import due_row
from orderloom.engine.store import tables
from orderloom.engine.store.statements import BEGIN_WAIT, END_WAIT, Row, delete, insert_new, run, upsert

TIDY = timedelta(hours=1)  #: between two times at which rows are removed that count no more

PatternKey = tuple[str, str]  #: of what is kept: the monitor, and what the events have in common

_t = tables.patterns.c
_CLAIM = insert_new(tables.patterns)
_KEEP = upsert(tables.patterns)
_FORGET = delete(tables.patterns)
_KEPT = (
    select(_t.key, _t.rules, _t.events, _t.due_order, _t.due_at)
    .where(_t.shard == bindparam("shard"), _t.monitor == bindparam("monitor"), _t.key.in_(bindparam("keys", expanding=True)))
    .order_by(_t.key)
    .with_for_update()
)
_DONE = (_t.shard == bindparam("shard")) & _t.due_at.is_(None) & (_t.expires_at < bindparam("at", type_=tables.Moment))
#: What somebody holds stays: it may count again, and whoever waits for it here may hold what that worker waits for.
_REMOVE = delete_where(tables.patterns).where(
    _DONE, tuple_(_t.monitor, _t.key).in_(select(_t.monitor, _t.key).where(_DONE).with_for_update(skip_locked=True))
)


class Kept(Struct):
    """What is kept of a key, and the timer that is set for it: its order and its moment."""

    events: Events = ()
    timer: tuple[str, datetime] | None = None


class Patterns:
    """Looks for patterns as orders go on."""

    def __init__(self, shard: int) -> None:
        self._shard = shard
        self._tidied: datetime | None = None

    def follow(self, connection: Connection, program: Program, seen: Sequence[Told], at: datetime) -> None:
        """Takes up what a batch has told, in that order: what becomes whole wakes the order that made it so."""
        seen = [each for each in seen if each.monitor in program.patterns]
        self._tidy(connection, at)
        kept = self._kept(connection, program, seen, at)
        wakes: dict[tuple[str, str], Row | None] = {}
        due: dict[PatternKey, tuple[str, int | None]] = {}
        for each in seen:
            monitor, key = program.patterns[each.monitor], (each.monitor, each.key)
            before = kept[key].events
            found = followed(monitor, before, each)
            kept[key].events = found.kept
            due[key] = each.order, found.due
            for whole in found.alarms:
                alarm = alarm_of(monitor, before, each, whole)
                wakes[each.order, f"alarm/{alarm.monitor}/{alarm.id}"] = self._wake(each, alarm)
        for key, (order, moment) in due.items():
            wakes |= self._timers(key, kept[key], order, moment)
        self._write(connection, program, kept, wakes)

    # --- within ---

    def _tidy(self, connection: Connection, at: datetime) -> None:
        if self._tidied is None or at - self._tidied > TIDY:
            connection.execute(_REMOVE, {"shard": self._shard, "at": at})
            self._tidied = at

    def _kept(self, connection: Connection, program: Program, seen: Iterable[Told], at: datetime) -> dict[PatternKey, Kept]:
        """What is kept of the keys, whose rows are held from now on: two workers never look at one at a time."""
        keys = sorted({(each.monitor, each.key) for each in seen})
        found: dict[PatternKey, Kept] = {}
        while missing := [key for key in keys if key not in found]:  # somebody has removed a row that was there at the claim
            moment = wire.moment_text(at)
            run(connection, _CLAIM, [(self._shard, *key, "", "[]", moment, None, None) for key in missing])
            for monitor in sorted({monitor for monitor, _ in missing}):
                of_monitor = [key for name, key in missing if name == monitor]
                found |= self._held(connection, program.patterns[monitor], of_monitor)
        return found

    def _held(self, connection: Connection, monitor: PatternMonitor, keys: Sequence[str]) -> dict[PatternKey, Kept]:
        """Those of the keys that have rows, which nobody else can look at from now on."""
        rules, found = _rules(monitor), dict[PatternKey, Kept]()
        for key, of, events, order, due_at in connection.execute(
            _KEPT, {"shard": self._shard, "monitor": monitor.name, "keys": keys}
        ):
            kept = wire.load(events, Events) if of == rules else ()  # of another definition, it fits no more
            found[monitor.name, key] = Kept(kept, (order, due_at) if order is not None else None)
        return found

    def _wake(self, told: Told, alarm: Alarm) -> Row:
        return due_row(self._shard, told.order, f"alarm/{alarm.monitor}/{alarm.id}", Raised(told.at, alarm), told.at)

    def _timers(self, key: PatternKey, kept: Kept, order: str, due: int | None) -> dict[tuple[str, str], Row | None]:
        """Sets the timer of a key anew where it is due at another moment."""
        moment = moment_at(due) if due is not None else None
        before = kept.timer
        if before is not None and before[1] == moment:
            return {}
        wakes: dict[tuple[str, str], Row | None] = {}
        if before is not None:
            wakes[before[0], _of(before[0], key)] = None
        kept.timer = (order, moment) if moment is not None else None
        if moment is not None:
            fact = TimeReached(moment, pattern_timer(order, *key))
            wakes[order, _of(order, key)] = due_row(self._shard, order, _of(order, key), fact, moment)
        return wakes

    def _write(
        self, connection: Connection, program: Program, kept: dict[PatternKey, Kept], wakes: dict[tuple[str, str], Row | None]
    ) -> None:
        run(connection, END_WAIT, [(self._shard, *wake) for wake, row in wakes.items() if row is None])
        run(connection, BEGIN_WAIT, [row for row in wakes.values() if row is not None])
        run(connection, _FORGET, [(self._shard, *key) for key, each in kept.items() if not each.events])
        run(connection, _KEEP, [self._row(program.patterns[key[0]], key, each) for key, each in kept.items() if each.events])

    def _row(self, monitor: PatternMonitor, key: PatternKey, kept: Kept) -> Row:
        order, due_at = kept.timer or (None, None)
        expires = wire.moment_text(moment_at(kept.events[-1].at) + monitor.within)
        own = (_rules(monitor), wire.dump(kept.events), expires)
        return (self._shard, *key, *own, order, wire.moment_text(due_at) if due_at is not None else None)


def _of(order: str, key: PatternKey) -> str:
    """Names what wakes an order for a pattern. It is no timer of the order's own: its history knows nothing of it."""
    return f"watch/{pattern_timer(order, *key)}"


def _rules(monitor: PatternMonitor) -> str:
    """The pattern as far as what is kept rests on it."""
    return wire.dump(
        [shape_of(monitor), [each.point for each in monitor.elements], [each.text for each in monitor.same], monitor.of]
    )
