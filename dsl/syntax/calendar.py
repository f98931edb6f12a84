"""Calendars as they are written."""

from __future__ import annotations

from datetime import date

from orderloom.dsl.fields import (
    Date,
    Hours,
    ListOf,
    Located,
    MapOf,
    Name,
    Pair,
    Section,
    Syntax,
    Text,
    Weekdays,
    key,
)
from orderloom.dsl.leaves import OpenHours


class Holidays(Syntax, frozen=True, eq=False):
    """The public holidays of a country, or of a part of it."""

    country: Located[str] = key("country", Text(), "Its code as in ISO 3166, as in `US`.", required=True)
    subdivision: Located[str] | None = key("subdivision", Text(), "The code of its state or province, as in `TX`.")


class Calendar(Syntax, frozen=True, eq=False):
    """Working hours of a node."""

    name: Located[str] = key("name", Name(), "Name, unique among calendars.", required=True)
    timezone: Located[str] = key("timezone", Text(), "Time zone, as in `America/Chicago`.", required=True)
    hours: tuple[Pair[Located[OpenHours]], ...] = key(
        "hours",
        MapOf(Hours(), Weekdays()),
        "Hours by weekday, as in `mon-fri: 08:00-17:00`; other days are closed.",
        required=True,
    )
    closed: tuple[Located[date], ...] = key("closed", ListOf(Date()), "Single days that are closed.")
    holidays: Holidays | None = key("holidays", Section(Holidays, short="country"), "Public holidays, which are closed, too.")
