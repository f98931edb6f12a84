"""When the clock of something runs out: whole days are days, hours and minutes are the open hours of the unit's node."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from msgspec.structs import replace

from orderloom.dsl.program import LATE, Calendar, Step, Wait
from orderloom.engine.effects import SetTimer
from orderloom.engine.promising.calendars import ALWAYS, add_working_time, calendar_of, days_later
from orderloom.engine.state import Instance, Waiting
from orderloom.engine.turn import Turn


def clock_of(calendar: Calendar, at: datetime, within: timedelta) -> datetime:
    """When a clock runs out that begins then: whole days are days by the local clock, which may be longer or shorter by an hour;
    hours and minutes are the calendar's open hours.
    """
    return add_working_time(calendar, days_later(calendar, at, within.days), within - timedelta(days=within.days))


def clock_from(turn: Turn, root: str, at: datetime, within: timedelta) -> datetime:
    """The same, on the calendar of the node of the unit of work with this id; without one by the days of the workspace."""
    unit = turn.state.units.get(root)
    node = turn.world.catalog.nodes.get(unit.node) if unit else None
    calendar = calendar_of(node.calendar if node else None, turn.world.program.calendars)
    return clock_of(calendar if calendar is not ALWAYS else _at_all_hours(turn.world.program.timezone), at, within)


def let_wait(turn: Turn, instance: Instance, waiting: Waiting, due_at: datetime | None) -> None:
    """Lets the instance wait, by a clock where there is one; when it is due is kept where handlers have clocks beside it."""
    kept = due_at if turn.world.program.has_timed_handlers else None
    turn.put(replace(instance, waiting=replace(waiting, due_at=kept)))
    if due_at is not None:
        turn.emit(SetTimer(turn.key(instance), due_at))


def runs_out(turn: Turn, instance: Instance) -> datetime | None:
    """When the clock of the step runs out for which the instance waits; None where it has none, or has no way for that."""
    waiting = instance.waiting if instance.ended is None else None
    if waiting is None or waiting.kind != "task":
        return waiting.due_at if waiting is not None else None
    task = turn.state.tasks.get(waiting.name)
    return task.due_at if task is not None and LATE in turn.step(instance).ways else None


def has_clock(step: Step) -> bool:
    """Whether time ends what the step waits for."""
    return step.within is not None or (isinstance(step.verb, Wait) and step.verb.deadline is not None)


@cache
def _at_all_hours(timezone: str) -> Calendar:
    return replace(ALWAYS, timezone=timezone)
