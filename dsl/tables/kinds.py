"""The kinds of values that a table can index: they have one order, and equal values have equal hashes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from orderloom.dsl.feel.dates import Date
from orderloom.dsl.feel.durations import DaysDuration, MonthsDuration
from orderloom.dsl.feel.values import from_python


class Kind(StrEnum):
    """By the names of FEEL's types. Times and dates with times are not here: zones leave them without one order."""

    NUMBER = "number"
    STRING = "string"
    BOOLEAN = "boolean"
    DATE = "date"
    DAYS = "days and time duration"
    MONTHS = "years and months duration"


#: The classes whose values are used as they are. True == 1 in Python, so the class decides, never equality.
KINDS: Mapping[type, Kind] = {
    Decimal: Kind.NUMBER,
    int: Kind.NUMBER,
    str: Kind.STRING,
    bool: Kind.BOOLEAN,
    Date: Kind.DATE,
    DaysDuration: Kind.DAYS,
    MonthsDuration: Kind.MONTHS,
}
_HOST = (int, Decimal, str, float, date, timedelta)  # the host's classes that FEEL takes for one of those above


def feel_value(value: object) -> object:
    """A value of the host as FEEL sees it, where that has a kind; every other value as it is."""
    return from_python(value) if isinstance(value, _HOST) and type(value) not in KINDS else value
