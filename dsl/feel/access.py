"""Reaching into values: fields and properties by path, items by index and filter, what a loop goes over."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from orderloom.dsl.feel.dates import Date, from_day_number
from orderloom.dsl.feel.durations import DaysDuration, MonthsDuration
from orderloom.dsl.feel.limits import ITEMS, Exhausted, Meter
from orderloom.dsl.feel.ranges import UNBOUNDED, Range
from orderloom.dsl.feel.times import SECOND, DateTime, Time
from orderloom.dsl.feel.values import from_python

Properties = dict[str, Callable[[Any], object]]


def _seconds(nanos: int) -> Decimal:
    return Decimal(nanos) / SECOND


def _offset(seconds: int | None) -> DaysDuration | None:
    return None if seconds is None else DaysDuration(seconds * SECOND)


def _zone_name(zone: object) -> str | None:
    return zone if isinstance(zone, str) else None


def _end(value: object) -> object:
    return None if value is UNBOUNDED else value


_DATE: Properties = {
    "year": lambda d: Decimal(d.year),
    "month": lambda d: Decimal(d.month),
    "day": lambda d: Decimal(d.day),
    "weekday": lambda d: Decimal(d.weekday),
}
_TIME: Properties = {
    "hour": lambda t: Decimal(t.hour),
    "minute": lambda t: Decimal(t.minute),
    "second": lambda t: Decimal(t.second),
    "time offset": lambda t: _offset(t.offset),
    "timezone": lambda t: _zone_name(t.zone),
}
PROPERTIES: dict[type, Properties] = {
    Date: _DATE,
    Time: _TIME,
    DateTime: {
        **{name: lambda m, get=get: get(m.date) for name, get in _DATE.items()},  # type: ignore[misc]
        **{name: lambda m, get=get: get(m.time) for name, get in _TIME.items()},  # type: ignore[misc]
        "time offset": lambda m: _offset(m.offset),
    },
    DaysDuration: {
        "days": lambda d: Decimal(d.parts[0]),
        "hours": lambda d: Decimal(d.parts[1]),
        "minutes": lambda d: Decimal(d.parts[2]),
        "seconds": lambda d: Decimal(d.parts[3]),
        "value": lambda d: _seconds(d.nanos),
    },
    MonthsDuration: {
        "years": lambda d: Decimal(d.parts[0]),
        "months": lambda d: Decimal(d.parts[1]),
        "value": lambda d: Decimal(d.months),
    },
    Range: {
        "start": lambda r: _end(r.low),
        "end": lambda r: _end(r.high),
        "start included": lambda r: r.low_closed,
        "end included": lambda r: r.high_closed,
    },
}


def field(base: object, name: str) -> object:
    """`base.name`: an entry of a context, a property, or the list of them when the base is a list."""
    if isinstance(base, list | tuple):
        return _fields(base, name, Meter())
    if isinstance(base, Mapping):
        return base.get(name)
    base = from_python(base)
    get = PROPERTIES.get(type(base), {}).get(name)
    return get(base) if get else None


def _fields(items: Sequence[object], name: str, meter: Meter) -> list[object]:
    """The field of each item. A small list may hold itself many times over, so that its items are counted."""
    meter.spend(len(items))
    return [
        item.get(name) if type(item) is dict
        else _fields(item, name, meter) if isinstance(item, list | tuple)
        else field(item, name)
        for item in items
    ]  # fmt: skip


def as_list(value: object) -> list[Any]:
    """A list as it is, null as the empty list, anything else as the only item."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def item_at(base: object, index: Decimal | int) -> object:
    """`base[index]`: from 1, from the end when negative; null outside."""
    items = as_list(base)
    place = int(index)
    if index != place or not 0 < abs(place) <= len(items):
        return None
    return items[place - (place > 0)]


def loop_over(value: object) -> list[Any] | None:
    """What `for`, `some` and `every` go over: a list, a closed range of numbers or dates, or a single value."""
    value = from_python(value)
    if isinstance(value, list):
        return value
    if isinstance(value, Range):
        return _range_items(value)
    return None if value is None else [value]


def _range_items(range_: Range) -> list[object] | None:
    items = count_through(range_.low, range_.high)
    if items is None or _descends(range_):
        return None
    return items[0 if range_.low_closed else 1 : len(items) if range_.high_closed else -1]


def _descends(range_: Range) -> bool:
    low: Any = range_.low
    return bool(low > range_.high)


def count_through(low: object, high: object) -> list[object] | None:
    """The whole numbers, or the days, from one to the other, both included, in either direction."""
    low, high = from_python(low), from_python(high)
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        if low != int(low) or high != int(high):
            return None
        return [Decimal(n) for n in _through(int(low), int(high))]
    if isinstance(low, Date) and isinstance(high, Date):
        return [from_day_number(n) for n in _through(low.number, high.number)]
    return None


def _through(low: int, high: int) -> range:
    if abs(high - low) > ITEMS:
        raise Exhausted("a loop has too many rounds")
    return range(low, high + 1) if low <= high else range(low, high - 1, -1)
