"""Scalars -> values, by the declared type of their key."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from msgspec import Struct

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.fields import (
    Date,
    DateTime,
    Duration,
    Formula,
    Hours,
    HowMany,
    Name,
    NodeSet,
    Number,
    OneOf,
    Ref,
    Text,
    Trigger,
    Weekdays,
)
from orderloom.dsl.nodes import Scalar
from orderloom.dsl.suggest import hint_for

Leaf = NodeSet | Text | Name | Ref | Number | Duration | Date | DateTime | Hours | Weekdays | Formula | Trigger | HowMany | OneOf
Answer = tuple[Any, Diagnostic | None]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_FEEL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NUMBER = re.compile(r"[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d{1,3})?")
_DURATION = re.compile(r"P(?=.)(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=.)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?")
_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


def read_leaf(scalar: Scalar, type: Leaf) -> Answer:
    """The value that a scalar stands for, or None and what is wrong with it."""
    if scalar.text == "" and not isinstance(type, Text):
        return None, Diagnostic("E104", "a value is missing here", scalar.span, hint=f"write {wanted(type)}")
    reader: Callable[[Scalar, Any], Answer] = _READERS[type.__class__]
    return reader(scalar, type)


def number(scalar: Scalar) -> Decimal | None:
    """The number that a plain scalar stands for in YAML 1.2; a quoted one is a text."""
    return Decimal(scalar.text) if not scalar.style and _NUMBER.fullmatch(scalar.text) else None


def duration(text: str) -> timedelta | None:
    """ISO 8601 in weeks, days and time; None where the text is none."""
    found = _DURATION.fullmatch(text)
    if not found:
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _text(scalar: Scalar, type: Leaf) -> Answer:
    return scalar.text, None


def _name(scalar: Scalar, type: Name) -> Answer:
    pattern = _FEEL_NAME if type.feel else _NAME
    if pattern.fullmatch(scalar.text):
        return scalar.text, None
    may = "letters, digits and _" if type.feel else "letters, digits, - and _"
    return None, _wrong("E108", scalar, f"{_short(scalar)} cannot be a name", f"a name has {may}, and begins with a letter")


def _number(scalar: Scalar, type: Number) -> Answer:
    value = number(scalar)
    if value is None:
        return None, _wrong("E103", scalar, f"a number is needed here, and {_short(scalar)} is a text", f"write {wanted(type)}")
    if type.whole and value != value.to_integral_value():
        return None, _wrong("E115", scalar, f"a whole number is needed here, and {value} is none", f"write {wanted(type)}")
    return (None, fault) if (fault := _out_of_range(scalar, value, type)) else (value, None)


def _formula(scalar: Scalar, type: Formula) -> Answer:
    value = number(scalar)
    return scalar.text, _out_of_range(scalar, value, type) if value is not None else None


def _out_of_range(scalar: Scalar, value: Decimal, type: Number | Formula) -> Diagnostic | None:
    if (type.low is not None and value < type.low) or (type.high is not None and value > type.high):
        return _wrong("E115", scalar, f"{value} is out of range", f"write {wanted(type)}")
    return None


def _one_of(scalar: Scalar, type: OneOf) -> Answer:
    if scalar.text in type.values:
        return scalar.text, None
    return None, _wrong("E107", scalar, f"{_short(scalar)} is not known here", hint_for(scalar.text, type.values))


def _how_many(scalar: Scalar, type: HowMany) -> Answer:
    if scalar.text in ("all", "any"):
        return scalar.text, None
    value = number(scalar)
    if value is not None and value == value.to_integral_value() and value >= 1:
        return int(value), None
    return None, _wrong("E107", scalar, f"{_short(scalar)} is not known here", f"write {wanted(type)}")


def _no_time(scalar: Scalar) -> Diagnostic:
    return _wrong("E115", scalar, f"{scalar.text} takes no time", "write how long, as in P2D or PT4H")


def _trigger(scalar: Scalar, type: Trigger) -> Answer:
    return scalar.text, _no_time(scalar) if duration(scalar.text) == timedelta() else None


def _duration(scalar: Scalar, type: Duration) -> Answer:
    value = duration(scalar.text)
    if value is not None:
        return (value, None) if value else (None, _no_time(scalar))
    hint = "days and time as in P2D, PT4H or P1DT12H"
    if re.fullmatch(r"P\d+[YM].*", scalar.text):
        hint = "months and years differ in length: count in days, as in P30D"
    return None, _wrong("E109", scalar, f"{_short(scalar)} is not a duration", hint)


def _date(scalar: Scalar, type: Date) -> Answer:
    try:
        return date.fromisoformat(scalar.text), None
    except ValueError:
        return None, _wrong("E110", scalar, f"{_short(scalar)} is not a date", "write it as in 2026-03-02")


def _date_time(scalar: Scalar, type: DateTime) -> Answer:
    hint = "write it with its offset, as in 2026-03-02T10:00:00Z"
    try:
        moment = datetime.fromisoformat(scalar.text)
    except ValueError:
        return None, _wrong("E110", scalar, f"{_short(scalar)} is not a date and time", hint)
    if moment.tzinfo is None:
        return None, _wrong("E110", scalar, f"{_short(scalar)} does not say its offset from UTC", hint)
    return moment, None


class OpenHours(Struct, frozen=True):
    """From `opens` to `closes`; both None on a closed day. The end of the day is `time.max`."""

    opens: time | None = None
    closes: time | None = None


def _hours(scalar: Scalar, type: Hours) -> Answer:
    if scalar.text == "closed":
        return OpenHours(), None
    found = _HOURS.fullmatch(scalar.text)
    if found:
        a, b, c, d = map(int, found.groups())
        if (a, b) < (c, d) <= (24, 0) and max(b, d) < 60:
            return OpenHours(time(a, b), time(c, d) if c < 24 else time.max), None
    return None, _wrong("E110", scalar, f"{_short(scalar)} are no hours of a day", "write them as in 08:00-17:30, or closed")


def _weekdays(scalar: Scalar, type: Weekdays) -> Answer:
    first, _, last = scalar.text.partition("-")
    if first in WEEKDAYS and (last or first) in WEEKDAYS and WEEKDAYS.index(first) <= WEEKDAYS.index(last or first):
        return scalar.text, None
    return None, _wrong("E110", scalar, f"{_short(scalar)} are no days of a week", "write mon, tue ... sun, or mon-fri")


def _wrong(code: str, scalar: Scalar, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code, message, scalar.span, hint=hint)


def _short(scalar: Scalar) -> str:
    text = " ".join(scalar.text.split())
    return text if len(text) <= 40 else text[:37] + "..."


_READERS: dict[type[Any], Callable[[Scalar, Any], Answer]] = {
    Text: _text,
    Name: _name,
    Ref: _text,
    Number: _number,
    Duration: _duration,
    Date: _date,
    DateTime: _date_time,
    Hours: _hours,
    Weekdays: _weekdays,
    Formula: _formula,
    NodeSet: _text,
    Trigger: _trigger,
    HowMany: _how_many,
    OneOf: _one_of,
}


def wanted(type: object) -> str:
    """What a value of this type looks like, in a few words."""
    match type:
        case Number(low, high, whole):
            kind = "a whole number" if whole else "a number"
            return kind + (f" from {low} to {high}" if low is not None and high is not None else "")
        case Formula(low=Decimal() as low, high=high):
            return (f"a number from {low} to {high}" if high is not None else f"a number, {low} or more") + ", or an expression"
        case Formula(listed=str() as listed) if listed:
            return "an expression, or a list of ids"
        case OneOf(values):
            return " or ".join(values) if len(values) < 4 else "one of " + ", ".join(values)
        case Ref(to):
            return f"the name of {'an' if to[0] in 'aeiou' else 'a'} {to}"
        case _:
            return _WORDS.get(type.__class__, "a value")


_WORDS: dict[type[Any], str] = {
    Text: "a text",
    Name: "a name",
    Duration: "a duration such as P2D",
    Date: "a date such as 2026-03-02",
    DateTime: "a date and time such as 2026-03-02T10:00:00Z",
    HowMany: "all, any or a whole number",
    Hours: "hours such as 08:00-17:30",
    Weekdays: "days such as mon-fri",
    Formula: "an expression",
    NodeSet: "a list of nodes, or a condition on `node`",
    Trigger: "an event, a date or a duration",
}
