"""Values at run time, and the edge to Python's own.

FEEL's values are Decimal, str, bool, None, list, dict, and the classes of this package. The host may also give int, float,
tuple, any Mapping, and Python's date, time, datetime and timedelta; operations take them as they are.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from zoneinfo import ZoneInfo

from orderloom.dsl.feel.dates import Date
from orderloom.dsl.feel.durations import DaysDuration, MonthsDuration
from orderloom.dsl.feel.ranges import Range, Unbounded
from orderloom.dsl.feel.scope import Function
from orderloom.dsl.feel.times import SECOND, DateTime, Time, Zone

FEEL_TYPES = frozenset(
    {Decimal, str, bool, type(None), list, dict, Date, Time, DateTime, DaysDuration, MonthsDuration, Range, Unbounded, Function}
)


def from_python(value: object) -> object:
    """The FEEL value of a Python one, at its surface: what a list or a context holds is converted when it is met."""
    if type(value) in FEEL_TYPES:
        return value
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value)) if isfinite(value) else None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, tuple | list):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    return _temporal(value)


def _temporal(value: object) -> object:
    if isinstance(value, datetime):
        return DateTime(Date(value.year, value.month, value.day), _time(value))
    if isinstance(value, date):
        return Date(value.year, value.month, value.day)
    if isinstance(value, time):
        return _time(value)
    if isinstance(value, timedelta):
        return DaysDuration((value.days * 86_400 + value.seconds) * SECOND + value.microseconds * 1000)
    raise TypeError(f"{type(value).__name__} is no FEEL value")


def _time(value: datetime | time) -> Time:
    zone: Zone = None
    if isinstance(value.tzinfo, ZoneInfo) and value.tzinfo.key != "UTC":
        zone = value.tzinfo.key
    elif value.utcoffset() is not None:
        zone = round(value.utcoffset().total_seconds())  # type: ignore[union-attr]
    return Time(((value.hour * 60 + value.minute) * 60 + value.second) * SECOND + value.microsecond * 1000, zone)


def to_python(value: object) -> object:
    """A FEEL value in Python's own classes, all the way down; fractions below a microsecond are cut.

    What Python cannot hold (years beyond 9999, durations in months, ranges, functions) stays as it is.
    """
    if isinstance(value, list | tuple):
        return [to_python(item) for item in value]
    if isinstance(value, Mapping):
        return {name: to_python(item) for name, item in value.items()}
    if isinstance(value, DaysDuration):
        return timedelta(microseconds=value.nanos // 1000)
    try:
        return _python_temporal(value)
    except ValueError:
        return value


def _python_temporal(value: object) -> object:
    if isinstance(value, Date):
        return date(value.year, value.month, value.day)
    if isinstance(value, Time):
        return time.fromisoformat("00:00:00").replace(**_clock(value))  # type: ignore[arg-type]
    if isinstance(value, DateTime):
        return datetime(value.date.year, value.date.month, value.date.day, **_clock(value.time, value))  # type: ignore[arg-type]
    return value


def _clock(value: Time, whole: DateTime | None = None) -> dict[str, object]:
    from datetime import timezone

    zone = value.zone
    info = ZoneInfo(zone) if isinstance(zone, str) else None if zone is None else timezone(timedelta(seconds=zone))
    return {
        "hour": value.hour, "minute": value.minute, "second": value.second,
        "microsecond": value.nanos % SECOND // 1000, "tzinfo": info,
    }  # fmt: skip
