"""Arithmetic: which pairs of types an operator takes, as tables. Any other pair answers null."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from orderloom.dsl.feel.arithmetic import CONTEXT
from orderloom.dsl.feel.dates import Date, add_months
from orderloom.dsl.feel.durations import DaysDuration, MonthsDuration
from orderloom.dsl.feel.limits import bounded
from orderloom.dsl.feel.times import DAY, DateTime, Time, from_instant, from_local
from orderloom.dsl.feel.values import from_python

Operator = Callable[[Any, Any], object]


def at_midnight(date: Date) -> DateTime:
    """A date where a date and time is wanted: its midnight, in UTC."""
    return DateTime(date, Time(0, 0))


def shift(moment: DateTime, nanos: int) -> DateTime | None:
    """Exact time later: a zone's change of clocks in between is respected."""
    if isinstance(moment.time.zone, str):
        return from_instant(moment.instant + nanos, moment.time.zone)
    return from_local(moment.local + nanos, moment.time.zone)


def _shift_date(date: Date, nanos: int) -> Date | None:
    moved = from_local(date.number * DAY + nanos, None)
    return moved.date if moved else None


def _shift_time(time: Time, nanos: int) -> Time:
    return Time((time.nanos + nanos) % DAY, time.zone)


def _months_later(moment: DateTime, months: int) -> DateTime | None:
    date = add_months(moment.date, months)
    return DateTime(date, moment.time) if date else None


def _between(one: DateTime, other: DateTime) -> DaysDuration | None:
    if (one.offset is None) != (other.offset is None):
        return None
    return DaysDuration(one.instant - other.instant)


def _between_times(one: Time, other: Time) -> DaysDuration | None:
    if (one.offset is None) != (other.offset is None):
        return None
    return DaysDuration(one.nanos - other.nanos - ((one.offset or 0) - (other.offset or 0)) * 1_000_000_000)


def _scaled_days(duration: DaysDuration, factor: Decimal) -> DaysDuration:
    return DaysDuration(int(duration.nanos * factor))


def _scaled_months(duration: MonthsDuration, factor: Decimal) -> MonthsDuration:
    return MonthsDuration(int(duration.months * factor))


def _ratio(one: int, other: int) -> Decimal | None:
    return Decimal(one) / Decimal(other) if other else None


def _raised(base: Decimal, exponent: Decimal) -> Decimal | None:
    """`decimal` has no answer for 0 to the power of 0, and an infinite one below it."""
    if not base and exponent < 0:
        return None
    return CONTEXT.power(base, exponent) if exponent else Decimal(1)


ADD: dict[tuple[type, type], Operator] = {
    (Decimal, Decimal): lambda a, b: a + b,
    (str, str): lambda a, b: bounded(a + b),
    (Date, DaysDuration): lambda a, b: _shift_date(a, b.nanos),
    (Date, MonthsDuration): lambda a, b: add_months(a, b.months),
    (Time, DaysDuration): lambda a, b: _shift_time(a, b.nanos),
    (DateTime, DaysDuration): lambda a, b: shift(a, b.nanos),
    (DateTime, MonthsDuration): lambda a, b: _months_later(a, b.months),
    (DaysDuration, DaysDuration): lambda a, b: DaysDuration(a.nanos + b.nanos),
    (MonthsDuration, MonthsDuration): lambda a, b: MonthsDuration(a.months + b.months),
}
ADD |= {
    (right, left): lambda a, b, add=add: add(b, a)  # type: ignore[misc]
    for (left, right), add in list(ADD.items())
    if left is not right
}

SUBTRACT: dict[tuple[type, type], Operator] = {
    (Decimal, Decimal): lambda a, b: a - b,
    (Date, DaysDuration): lambda a, b: _shift_date(a, -b.nanos),
    (Date, MonthsDuration): lambda a, b: add_months(a, -b.months),
    (Date, Date): lambda a, b: DaysDuration((a.number - b.number) * DAY),
    (Date, DateTime): lambda a, b: _between(at_midnight(a), b),
    (DateTime, Date): lambda a, b: _between(a, at_midnight(b)),
    (DateTime, DateTime): _between,
    (DateTime, DaysDuration): lambda a, b: shift(a, -b.nanos),
    (DateTime, MonthsDuration): lambda a, b: _months_later(a, -b.months),
    (Time, Time): _between_times,
    (Time, DaysDuration): lambda a, b: _shift_time(a, -b.nanos),
    (DaysDuration, DaysDuration): lambda a, b: DaysDuration(a.nanos - b.nanos),
    (MonthsDuration, MonthsDuration): lambda a, b: MonthsDuration(a.months - b.months),
}

MULTIPLY: dict[tuple[type, type], Operator] = {
    (Decimal, Decimal): lambda a, b: a * b,
    (DaysDuration, Decimal): _scaled_days,
    (MonthsDuration, Decimal): _scaled_months,
    (Decimal, DaysDuration): lambda a, b: _scaled_days(b, a),
    (Decimal, MonthsDuration): lambda a, b: _scaled_months(b, a),
}

DIVIDE: dict[tuple[type, type], Operator] = {
    (Decimal, Decimal): lambda a, b: a / b if b else None,
    (DaysDuration, Decimal): lambda a, b: DaysDuration(int(a.nanos / b)) if b else None,
    (MonthsDuration, Decimal): lambda a, b: MonthsDuration(int(a.months / b)) if b else None,
    (DaysDuration, DaysDuration): lambda a, b: _ratio(a.nanos, b.nanos),
    (MonthsDuration, MonthsDuration): lambda a, b: _ratio(a.months, b.months),
}

POWER: dict[tuple[type, type], Operator] = {(Decimal, Decimal): _raised}

TABLES = {"+": ADD, "-": SUBTRACT, "*": MULTIPLY, "/": DIVIDE, "**": POWER}


def _operation(table: dict[tuple[type, type], Operator]) -> Operator:
    def operate(left: object, right: object) -> object:
        found = table.get((type(left), type(right)))
        if found:
            return found(left, right)
        left, right = from_python(left), from_python(right)
        found = table.get((type(left), type(right)))
        return found(left, right) if found else None

    return operate


add, subtract, multiply, divide, power = map(_operation, TABLES.values())
OPERATIONS: dict[str, Operator] = dict(zip(TABLES, (add, subtract, multiply, divide, power), strict=True))

_NEGATE: dict[type, Callable[[Any], object]] = {
    Decimal: lambda a: -a,
    DaysDuration: lambda a: DaysDuration(-a.nanos),
    MonthsDuration: lambda a: MonthsDuration(-a.months),
}


def negate(value: object) -> object:
    value = from_python(value)
    found = _NEGATE.get(type(value))
    return found(value) if found else None
