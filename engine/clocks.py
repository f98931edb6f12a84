"""When the clock of something runs out: whole days are days, hours and minutes are the open hours of the unit's node."""

from __future__ import annotations

from datetime import datetime, timedelta

from orderloom.dsl.program import Calendar
from orderloom.engine.promising.calendars import add_working_time, calendar_of
from orderloom.engine.turn import Turn


def clock_of(calendar: Calendar, at: datetime, within: timedelta) -> datetime:
    """When a clock runs out that begins then: whole days are days, hours and minutes are the calendar's open hours."""
    whole_days = timedelta(days=within.days)
    return add_working_time(calendar, at + whole_days, within - whole_days)


def clock_from(turn: Turn, root: str, at: datetime, within: timedelta) -> datetime:
    """The same, on the calendar of the node of the unit of work with this id, else on the usual one."""
    unit = turn.state.units.get(root)
    node = turn.world.catalog.nodes.get(unit.node) if unit else None
    return clock_of(calendar_of(node.calendar if node else None, turn.world.program.calendars), at, within)
