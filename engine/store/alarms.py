"""Alarms in the store: what monitors of orders have raised, each once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_

from orderloom.dsl.program import Raising
from orderloom.engine import wire
from orderloom.engine.alarm import Alarm
from orderloom.engine.store import tables
from orderloom.engine.store.statements import Row
from orderloom.engine.store.store import Store

_t = tables.alarms.c

AlarmKey = tuple[datetime, str, str]


def alarm_row(shard: int, alarm: Alarm) -> Row:
    """The row of an alarm."""
    moment, raised = wire.moment_text(alarm.at), wire.dump(alarm.raises)
    of = (alarm.order, moment, alarm.unit, alarm.line, alarm.key)
    return (shard, alarm.monitor, alarm.id, *of, alarm.because, raised, alarm.origin, alarm.title)


def key_of_alarm(alarm: Alarm) -> AlarmKey:
    """Where an alarm stands among all."""
    return (alarm.at, alarm.monitor, alarm.id)


def alarms(
    store: Store, monitor: str | None = None, order: str | None = None, after: AlarmKey | None = None, limit: int = 100
) -> list[Alarm]:
    """Alarms, the latest first."""
    key = tuple_(_t.at, _t.monitor, _t.id)
    asked = _ALARM.where(_t.shard == store.shard)
    asked = asked.where(_t.monitor == monitor) if monitor is not None else asked
    asked = asked.where(_t.order_id == order) if order is not None else asked
    asked = asked.where(key < after) if after is not None else asked
    latest = [part.desc() for part in (_t.at, _t.monitor, _t.id)]
    with store.reading() as connection:
        return [_alarm(*row) for row in connection.execute(asked.order_by(*latest).limit(limit))]


def raised_by(store: Store) -> dict[str, tuple[int, datetime]]:
    """By monitor, how many alarms of orders it has raised, and when the last."""
    asked = select(_t.monitor, func.count(), func.max(_t.at)).where(_t.shard == store.shard).group_by(_t.monitor)
    with store.reading() as connection:
        return {monitor: (number, latest) for monitor, number, latest in connection.execute(asked)}


def _alarm(
    monitor: str, id: str, order: str, at: datetime, unit: str | None, line: str | None, key: str,
    because: str, raised: str, origin: str, title: str,
) -> Alarm:  # fmt: skip
    return Alarm(monitor, id, order, at, because, wire.load(raised, Raising), origin, title, unit, line, key)


_ALARM: Select[Any] = select(
    _t.monitor, _t.id, _t.order_id, _t.at, _t.unit, _t.line, _t.key, _t.because, _t.raised, _t.origin, _t.title
)
