"""Calendars."""

from __future__ import annotations

from datetime import date, time

from msgspec import Struct

from orderloom.dsl.program.formula import Origin


class Calendar(Struct, frozen=True):
    """Working hours by weekday (Monday first; None = closed) in a time zone, and single days that are closed.

    `holidays` are closed, too: the public ones of a country and, if not empty, of its subdivision, by their ISO codes.
    """

    name: str
    timezone: str
    hours: tuple[tuple[time, time] | None, ...]
    closed: frozenset[date]
    origin: Origin
    holidays: tuple[str, str] | None = None
