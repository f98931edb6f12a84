"""Calendars."""

from __future__ import annotations

from datetime import time

from orderloom.dsl import program
from orderloom.dsl.checks.policies import days_of
from orderloom.dsl.formulas import origin
from orderloom.dsl.syntax import Calendar, Holidays


def lowered_calendar(calendar: Calendar) -> program.Calendar:
    hours: list[tuple[time, time] | None] = [None] * 7
    for pair in calendar.hours:
        opening = pair.value.value
        for day in days_of(pair.key.value):
            hours[day] = (opening.opens, opening.closes) if opening.opens is not None and opening.closes is not None else None
    closed = frozenset(day.value for day in calendar.closed)
    place = origin(calendar.name.span)
    return program.Calendar(
        calendar.name.value, calendar.timezone.value, tuple(hours), closed, place, _holidays(calendar.holidays)
    )


def _holidays(holidays: Holidays | None) -> tuple[str, str] | None:
    if holidays is None:
        return None
    return holidays.country.value, holidays.subdivision.value if holidays.subdivision is not None else ""
