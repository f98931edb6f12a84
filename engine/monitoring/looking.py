"""What a pattern makes of what it is told: one step, and the alarm that comes of it. The store and the past go by the same."""

from __future__ import annotations

from msgspec import DecodeError

from orderloom.dsl.duration_words import duration_words
from orderloom.dsl.program import PatternMonitor
from orderloom.engine import wire
from orderloom.engine.alarm import Alarm
from orderloom.engine.monitoring.collect import Told, moment_at, number_of
from orderloom.engine.monitoring.matchers import matcher_for
from orderloom.engine.monitoring.pattern import Events, Found, passed, shape_of, told


def followed(monitor: PatternMonitor, kept: Events, each: Told) -> Found:
    """What comes of what was kept of a key with what it is told."""
    shape = shape_of(monitor)
    if each.seen is None:
        return passed(shape, matcher_for(shape), kept, number_of(each.at))
    return told(shape, matcher_for(shape), kept, each.seen)


def alarm_of(monitor: PatternMonitor, kept: Events, each: Told, whole: int) -> Alarm:
    """The alarm of a pattern that became whole at a moment; where time makes it, it is of what happened last."""
    seen = kept[-1] if kept and shape_of(monitor).waits else each.seen
    key = key_words(monitor, each.key)
    which = f"{each.seen.sequence}.{each.seen.number}" if each.seen is not None else wire.moment_text(moment_at(whole))
    return Alarm(
        monitor=monitor.name,
        id=f"{each.order}/{which}/{each.key}",
        order=each.order,
        at=each.at,
        because=pattern_words(monitor) + (f": {key}" if key else ""),
        raises=monitor.raises,
        origin=str(monitor.origin),
        title=monitor.title,
        unit=seen.unit if seen is not None else None,
        line=seen.line if seen is not None else None,
        key=key,
    )


def key_words(monitor: PatternMonitor, key: str) -> str:
    """What the events have in common, as people read it: several values with commas; one that was shortened as it is."""
    if len(monitor.same) < 2:
        return key
    try:
        return ", ".join(wire.load(key, list[str]))
    except DecodeError:
        return key


def pattern_words(monitor: PatternMonitor) -> str:
    """What the pattern is, in words."""
    parts = [f"no {x.point}" if x.count == 0 else f"{x.count} x {x.point}" if x.count > 1 else x.point for x in monitor.elements]
    return ", ".join(parts) + (f" within {duration_words(monitor.within)}" if monitor.within else "")
