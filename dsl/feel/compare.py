"""Equality and order, three-valued: true, false, or null where two values cannot be compared."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from orderloom.dsl.feel.dates import Date
from orderloom.dsl.feel.durations import DaysDuration, MonthsDuration
from orderloom.dsl.feel.ranges import UNBOUNDED, Range
from orderloom.dsl.feel.scope import Function
from orderloom.dsl.feel.times import SECOND, DateTime, Time
from orderloom.dsl.feel.values import from_python

PLAIN = frozenset({Decimal, str, bool, Date, DaysDuration, MonthsDuration})


Seen = dict[tuple[int, int], tuple[object, object]]  # pairs that are compared already, held so that their ids stay theirs


def equal(left: object, right: object, seen: Seen | None = None) -> bool | None:
    """FEEL's `=`. Null equals null alone; values of different types answer null."""
    if left is None or right is None:
        return left is right
    left, right = from_python(left), from_python(right)
    kind = type(left)
    if kind is not type(right):
        return _equal_dates(left, right)
    if kind in PLAIN:
        return left == right
    if kind in (list, dict):
        return _equal_parts(left, right, {} if seen is None else seen)
    return _EQUAL[kind](left, right) if kind in _EQUAL else None


def _equal_parts(left: Any, right: Any, seen: Seen) -> bool:
    """Lists by their items in order, contexts by their entries. A pair that is met again adds nothing."""
    pair = (id(left), id(right))
    if left is right or pair in seen:
        return True
    seen[pair] = (left, right)
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(equal(value, right[name], seen) is True for name, value in left.items())
    return len(left) == len(right) and all(equal(a, b, seen) is True for a, b in zip(left, right, strict=True))


def _equal_dates(left: object, right: object) -> bool | None:
    left, right = _beside(left, right), _beside(right, left)
    return _equal_moments(left, right) if isinstance(left, DateTime) and isinstance(right, DateTime) else None


def _beside(value: object, other: object) -> object:
    """A date beside a date and time counts as its midnight: UTC's, when the other has a zone."""
    if isinstance(value, Date) and isinstance(other, DateTime):
        return DateTime(value, Time(0, None if other.offset is None else 0))
    return value


def _equal_moments(left: DateTime, right: DateTime) -> bool:
    return (left.offset is None) == (right.offset is None) and left.instant == right.instant


def _equal_times(left: Time, right: Time) -> bool:
    return (left.offset is None) == (right.offset is None) and _time_instant(left) == _time_instant(right)


def _time_instant(time: Time) -> int:
    return time.nanos - (time.offset or 0) * SECOND


def _equal_ranges(left: Range, right: Range) -> bool:
    return (
        left.low_closed == right.low_closed
        and left.high_closed == right.high_closed
        and _equal_ends(left.low, right.low)
        and _equal_ends(left.high, right.high)
    )


def _equal_ends(left: object, right: object) -> bool:
    if left is UNBOUNDED or right is UNBOUNDED:
        return left is right
    return equal(left, right) is True


_EQUAL: dict[type, Callable[[Any, Any], bool | None]] = {
    Range: _equal_ranges,
    Time: _equal_times,
    DateTime: _equal_moments,
    Function: lambda left, right: left is right,
}


def unequal(left: object, right: object) -> bool | None:
    same = equal(left, right)
    return None if same is None else not same


def order_key(left: object, right: object) -> tuple[Any, Any] | None:
    """Two values that Python orders as FEEL orders the given ones, or None when FEEL has no order for them."""
    left, right = from_python(left), from_python(right)
    left, right = _beside(left, right), _beside(right, left)
    if type(left) is not type(right):
        return None
    if isinstance(left, Decimal | str | Date | DaysDuration | MonthsDuration):
        return left, right
    return _moments(left, right)


def _moments(left: object, right: object) -> tuple[int, int] | None:
    if not (isinstance(left, DateTime | Time) and isinstance(right, DateTime | Time)):
        return None
    if (left.offset is None) != (right.offset is None):
        return None
    if isinstance(left, DateTime) and isinstance(right, DateTime):
        return left.instant, right.instant
    return (_time_instant(left), _time_instant(right)) if isinstance(left, Time) and isinstance(right, Time) else None


def less(left: object, right: object) -> bool | None:
    pair = order_key(left, right)
    return None if pair is None else pair[0] < pair[1]


def less_or_equal(left: object, right: object) -> bool | None:
    pair = order_key(left, right)
    return None if pair is None else pair[0] <= pair[1]


def greater(left: object, right: object) -> bool | None:
    pair = order_key(left, right)
    return None if pair is None else pair[0] > pair[1]


def greater_or_equal(left: object, right: object) -> bool | None:
    pair = order_key(left, right)
    return None if pair is None else pair[0] >= pair[1]


COMPARISONS: dict[str, Callable[[object, object], bool | None]] = {
    "=": equal,
    "!=": unequal,
    "<": less,
    "<=": less_or_equal,
    ">": greater,
    ">=": greater_or_equal,
}


def both(left: object, right: object) -> bool | None:
    """Kleene's `and`; what is no boolean counts as null."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def either(left: object, right: object) -> bool | None:
    """Kleene's `or`."""
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


def negation(value: object) -> bool | None:
    return not value if isinstance(value, bool) else None


def within(value: object, range_: Range) -> bool | None:
    """Whether the value lies in the range; null where an end is null or of another type."""
    above = True if range_.low is UNBOUNDED else (less_or_equal if range_.low_closed else less)(range_.low, value)
    below = True if range_.high is UNBOUNDED else (less_or_equal if range_.high_closed else less)(value, range_.high)
    return both(above, below) if above is not None and below is not None else None


def between(value: object, low: object, high: object) -> bool | None:
    return both(less_or_equal(low, value), less_or_equal(value, high))


def member(value: object, test: object) -> bool | None:
    """FEEL's `in` with one test: a range, a list of values and ranges, or a value."""
    test = from_python(test)
    if isinstance(test, Range):
        return within(value, test)
    if isinstance(test, list):
        value = from_python(value)
        if isinstance(value, list) and equal(value, test):
            return True
        return any(equal(value, item) is True or (isinstance(item, Range) and within(value, item) is True) for item in test)
    return equal(value, test)
