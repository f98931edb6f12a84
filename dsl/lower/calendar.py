"""Calendars."""

from __future__ import annotations

from datetime import time

from orderloom.dsl import program
from orderloom.dsl.checks.policies import days_of
from orderloom.dsl.formulas import origin
from orderloom.dsl.syntax import Calendar


def lowered_calendar(calendar: Calendar) -> program.Calendar:
    hours: list[tuple[time, time] | None] = [None] * 7
    for pair in calendar.hours:
        opening = pair.value.value
        for day in days_of(pair.key.value):
            hours[day] = (opening.opens, opening.closes) if opening.opens is not None and opening.closes is not None else None
    closed = frozenset(day.value for day in calendar.closed)
    return program.Calendar(calendar.name.value, calendar.timezone.value, tuple(hours), closed, origin(calendar.name.span))
