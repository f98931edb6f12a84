"""Working time: days and hours of a `Calendar`, in its own time zone. Days are local to it; moments are aware and in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from orderloom.dsl.program import Calendar, Origin

ONE_DAY = timedelta(days=1)
MIDNIGHT = time()

#: What a node works by that names no calendar: always open, in UTC.
ALWAYS = Calendar("24x7", "UTC", ((MIDNIGHT, MIDNIGHT),) * 7, frozenset(), Origin("built in", 1))

_HORIZON = 3660  #: days; who does not work in ten years never does
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class NeverOpen(ValueError):
    """A calendar without a working day in the ten years that were looked at; the compiler refuses calendars without hours."""


def calendar_of(name: str | None, calendars: Mapping[str, Calendar]) -> Calendar:
    """The calendar by its name; always open where none is named."""
    return calendars[name] if name else ALWAYS


@cache
def _public_holidays(country: str, part: str, year: int) -> frozenset[date]:
    from holidays import country_holidays  # takes long to load, and few calendars ask for it

    return frozenset(country_holidays(country, subdiv=part or None, years=year))


@cache
def zone(name: str) -> ZoneInfo:
    """The time zone by its IANA name."""
    return ZoneInfo(name)


def local(calendar: Calendar, at: datetime) -> datetime:
    """The moment on the calendar's own clock."""
    return _local(calendar.timezone, at)


@lru_cache(maxsize=4096)
def _local(timezone: str, at: datetime) -> datetime:
    return at.astimezone(zone(timezone))


def working_day(calendar: Calendar, day: date) -> bool:
    """Whether there is work on this day."""
    if calendar.hours[day.weekday()] is None or day in calendar.closed:
        return False
    return calendar.holidays is None or day not in _public_holidays(*calendar.holidays, day.year)


def closed_for_the_day(calendar: Calendar, at: datetime) -> bool:
    """Whether this moment is on a working day, after its hours."""
    day = local(calendar, at).date()
    return working_day(calendar, day) and at >= _shift(calendar, day)[1]


def first_working_day(calendar: Calendar, day: date) -> date:
    """The first working day on or after this day; raises NeverOpen."""
    if calendar is ALWAYS:
        return day
    for _ in range(_HORIZON):
        if working_day(calendar, day):
            return day
        day += ONE_DAY
    raise NeverOpen(calendar.name)


def add_working_days(calendar: Calendar, day: date, count: int) -> date:
    """`count` working days after this day, closed days skipped; the day itself, which may be closed, for 0."""
    for _ in range(count):
        day = first_working_day(calendar, day + ONE_DAY)
    return day


def opens_at(calendar: Calendar, day: date) -> datetime:
    """When work begins on the first working day on or after this day."""
    day = first_working_day(calendar, day)
    hours = calendar.hours[day.weekday()]
    assert hours is not None, "a working day has hours"
    return _utc(calendar.timezone, day, hours[0])


def days_later(calendar: Calendar, at: datetime, count: int) -> datetime:
    """The same time by the calendar's clock so many days later, though the days between may be longer or shorter by an hour."""
    if count == 0:
        return at
    here = local(calendar, at).replace(tzinfo=None) + timedelta(days=count)
    return here.replace(tzinfo=zone(calendar.timezone)).astimezone(UTC)


def add_working_time(calendar: Calendar, at: datetime, duration: timedelta) -> datetime:
    """The moment at which this much working time has passed since `at`; closed hours do not count."""
    day = first_working_day(calendar, local(calendar, at).date())
    while True:
        opens, closes = _shift(calendar, day)
        start = max(opens, at)
        if start < closes and start + duration <= closes:
            return start + duration
        duration -= max(closes - start, timedelta())
        day = first_working_day(calendar, day + ONE_DAY)


def hours_on(calendar: Calendar, day: date) -> tuple[datetime, datetime] | None:
    """Opening and closing on this day; None on a day without work."""
    return _shift(calendar, day) if working_day(calendar, day) else None


@lru_cache(maxsize=4096)
def day_name(day: date) -> str:
    """The day as people read it: Mon 2026-03-02."""
    return f"{_WEEKDAYS[day.weekday()]} {day.isoformat()}"


def _shift(calendar: Calendar, day: date) -> tuple[datetime, datetime]:
    """Opening and closing of a working day. Hours that end at midnight, or `time.max`, last until the day is over."""
    hours = calendar.hours[day.weekday()]
    if hours is None:
        raise NeverOpen(calendar.name)
    opening, closing = hours
    last = day + ONE_DAY if closing in (MIDNIGHT, time.max) else day
    closing = MIDNIGHT if last > day else closing
    return _utc(calendar.timezone, day, opening), _utc(calendar.timezone, last, closing)


@lru_cache(maxsize=4096)
def _utc(timezone: str, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, zone(timezone)).astimezone(UTC)
