"""Built-in functions of dates, times and durations."""

from decimal import Decimal

from orderloom.dsl.feel import dates
from orderloom.dsl.feel.compare import equal
from orderloom.dsl.feel.dates import Date, date_of, parse_date
from orderloom.dsl.feel.durations import DaysDuration, MonthsDuration, parse_duration
from orderloom.dsl.feel.scope import Function
from orderloom.dsl.feel.signature import built_in
from orderloom.dsl.feel.times import SECOND, DateTime, Time, parse_date_time, parse_time, time_of
from orderloom.dsl.feel.values import from_python

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _single(value: object) -> object:
    """The value; of a list with one item, the item."""
    value = from_python(value)
    return from_python(value[0]) if isinstance(value, list) and len(value) == 1 else value


def date_from(value: object) -> Date | None:
    value = _single(value)
    if isinstance(value, str):
        return parse_date(value)
    if isinstance(value, DateTime):
        return value.date
    return value if isinstance(value, Date) else None


def date_from_parts(year: Decimal, month: Decimal, day: Decimal) -> Date | None:
    parts = [int(part) for part in (year, month, day) if part == int(part)]
    return date_of(*parts) if len(parts) == 3 else None


def time_from(value: object) -> Time | None:
    """A date counts as midnight UTC."""
    value = _single(value)
    if isinstance(value, str):
        return parse_time(value)
    if isinstance(value, DateTime):
        return value.time
    if isinstance(value, Date):
        return Time(0, 0)
    return value if isinstance(value, Time) else None


def time_from_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: object = None) -> Time | None:
    offset = from_python(offset)
    if not isinstance(offset, DaysDuration | None) or hour != int(hour) or minute != int(minute):
        return None
    zone = None if offset is None else offset.nanos // SECOND
    return time_of(int(hour), int(minute), int(second * SECOND), zone)


def date_time_from(value: object) -> DateTime | None:
    value = _single(value)
    if isinstance(value, str):
        return parse_date_time(value)
    if isinstance(value, Date):
        return DateTime(value, Time(0, 0))
    return value if isinstance(value, DateTime) else None


def date_time_from_parts(date: object, time: Time) -> DateTime | None:
    day = from_python(date)
    day = day.date if isinstance(day, DateTime) else day
    return DateTime(day, time) if isinstance(day, Date) else None


def months_between(start: object, end: object) -> MonthsDuration | None:
    """Whole months between two days, negative when the second is earlier; times of day do not count."""
    one, other = date_from(from_python(start)), date_from(from_python(end))
    if one is None or other is None or isinstance(start, str) or isinstance(end, str):
        return None
    months = (other.year - one.year) * 12 + other.month - one.month
    if months > 0 and other.day < one.day:
        months -= 1
    elif months < 0 and other.day > one.day:
        months += 1
    return MonthsDuration(months)


def _day(value: object) -> Date | None:
    return None if isinstance(value, str) else date_from(value)


def day_of_year(date: object) -> Decimal | None:
    day = _day(date)
    return Decimal(dates.day_of_year(day)) if day else None


def day_of_week(date: object) -> str | None:
    day = _day(date)
    return _DAYS[day.weekday - 1] if day else None


def month_of_year(date: object) -> str | None:
    day = _day(date)
    return _MONTHS[day.month - 1] if day else None


def week_of_year(date: object) -> Decimal | None:
    day = _day(date)
    return Decimal(dates.week_of_year(day)) if day else None


def is_same(one: object, other: object) -> bool:
    """The same value of the same type in every part: an offset and a zone that keeps it are not the same."""
    one, other = from_python(one), from_python(other)
    if type(one) is not type(other):
        return False
    if isinstance(one, Time | DateTime):
        return one == other
    return equal(one, other) is True


def now() -> None:
    """The present: an expression reads no clock. The compiler puts here what the host's context holds under `now()`."""


def today() -> None:
    """The day of `now()`."""


ROWS: tuple[Function, ...] = (
    built_in("date(from: Any): date", date_from, "a date from a text or a date and time"),
    built_in("date(year: number, month: number, day: number): date", date_from_parts, "a date from its parts"),
    built_in("time(from: Any): time", time_from, "a time from a text or a date and time"),
    built_in("time(hour: number, minute: number, second: number, offset?: Any): time", time_from_parts, "a time from its parts"),
    built_in("date and time(from: Any): date and time", date_time_from, "a date and time from a text or a date"),
    built_in("date and time(date: Any, time: time): date and time", date_time_from_parts, "a date and a time joined"),
    built_in("duration(from: string): Any", parse_duration, "either duration from its text"),
    built_in(
        "years and months duration(from: Any, to: Any): years and months duration",
        months_between,
        "whole months between two days",
    ),
    built_in("day of year(date: Any): number", day_of_year, "1 to 366"),
    built_in("day of week(date: Any): string", day_of_week, "Monday to Sunday"),
    built_in("month of year(date: Any): string", month_of_year, "January to December"),
    built_in("week of year(date: Any): number", week_of_year, "the week by ISO 8601"),
    built_in("is(value1: Any, value2: Any): boolean", is_same, "whether two values are the same in every part"),
    built_in("now(): date and time", now, "the moment that the host calls now"),
    built_in("today(): date", today, "the day of now"),
)
