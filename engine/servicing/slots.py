"""Slots of resources: when they begin and end, and how many visits may still be made in one.

A booking is a load of the ledger: the resource stands as its node, the slot as its name (`10:00-12:00`, on the clock of the
resource's calendar). Slots of different lengths may overlap; what counts is how many visits there are at one time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from orderloom.dsl.program import Calendar, Resource
from orderloom.engine.ledger.stock import Stock
from orderloom.engine.promising.calendars import calendar_of, day_name, hours_on, local

MIDNIGHT = time()
WHOLE_DAY = "00:00-00:00"
Span = tuple[time, time]  #: beginning and end within a day; an end at midnight is that of the day


class Slot(Struct, frozen=True):
    """A stretch of a resource's day. `begins` and `ends` are moments in UTC, `name` has them on the resource's own clock."""

    resource: str
    day: date
    name: str
    begins: datetime
    ends: datetime

    def __str__(self) -> str:
        return f"{self.resource} {day_name(self.day)} {self.name}"


def slots_on(resource: Resource, day: date, length: timedelta, calendars: Mapping[str, Calendar]) -> Iterator[Slot]:
    """The slots of this length that follow each other from the opening of the resource's day, as long as it is open."""
    calendar = calendar_of(resource.calendar, calendars)
    hours = hours_on(calendar, day)
    if hours is None:
        return
    begins, closes = hours
    while begins + length <= closes:
        first, last = local(calendar, begins), local(calendar, begins + length)
        yield Slot(resource.name, day, f"{first:%H:%M}-{last:%H:%M}", begins, begins + length)
        begins += length


def room(slot: Slot, capacity: int, stock: Stock) -> int:
    """How many more visits the resource may make at every time of the slot."""
    own = span_of(slot.name)
    assert own is not None, "a slot has the name of its times"
    return capacity - busiest(own, stock.loads_on(slot.resource, slot.day))


def busiest(within: Span, booked: Mapping[str, int]) -> int:
    """The most visits at one time between these two times of a day."""
    taken = [(span, units) for name, units in booked.items() if (span := span_of(name)) and _meet(span, within)]
    moments = {within[0], *(first for (first, _), _ in taken if within[0] < first)}
    return max((_at_once(moment, taken) for moment in moments), default=0)


def _at_once(moment: time, taken: Iterable[tuple[Span, int]]) -> int:
    return sum(units for (first, last), units in taken if first <= moment and (last == MIDNIGHT or moment < last))


def _meet(one: Span, other: Span) -> bool:
    return (other[1] == MIDNIGHT or one[0] < other[1]) and (one[1] == MIDNIGHT or other[0] < one[1])


def span_of(name: str) -> Span | None:
    """The times in a slot's name; None where it is the name of something else."""
    first, dash, last = name.partition("-")
    if len(first) != 5 or not dash or len(last) != 5:
        return None
    try:
        return time.fromisoformat(first), time.fromisoformat(last)
    except ValueError:
        return None
