"""Calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from orderloom.dsl.program.formula import Origin


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working hours by weekday (Monday first; None = closed) in a time zone, and single days that are closed.

    `holidays` are closed, too: the public ones of a country and, if not empty, of its subdivision, by their ISO codes.
    """

    name: str
    timezone: str
    hours: tuple[tuple[time, time] | None, ...]
    closed: frozenset[date]
    origin: Origin
    holidays: tuple[str, str] | None = None
