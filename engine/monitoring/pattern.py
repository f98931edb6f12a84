"""Patterns over many events: what is kept of those that may yet become one, and when one is whole.

Events of one key come one after the other. What an alarm was raised of counts no more: with the next event all begins anew, so
each event is part of one alarm at most, and an alarm hangs on nothing but whether there is a match.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from orderloom.dsl.program import PatternMonitor


class Seen(Struct, frozen=True, array_like=True, order=True):
    """An event that fits `elements` of a pattern, by their numbers, at so many microseconds since 1970.

    It stands among those of its key by its moment, its order, and its number there.
    """

    at: int
    order: str
    sequence: int
    number: int
    elements: tuple[int, ...]
    unit: str | None = None
    line: str | None = None


Events = tuple[Seen, ...]


class Shape(Struct, frozen=True):
    """A pattern as matchers see it: how often each element happens, 0 for not at all, within so many microseconds."""

    counts: tuple[int, ...]
    within: int

    @property
    def waits(self) -> bool:
        """Whether it ends with what does not happen, so that only time makes it whole."""
        return self.counts[-1] == 0


class Matcher(Protocol):
    """Finds patterns. All matchers keep `tests/engine/monitoring/matching.py`."""

    def carries(self, shape: Shape) -> bool:
        """Whether it can find such patterns."""

    def complete(self, shape: Shape, events: Sequence[Seen]) -> int | None:
        """The earliest moment at which events of one key, which are in order, make the pattern whole; None where they do not.

        A pattern that ends with what does not happen is whole when its window is over, which may be yet to come.
        """


class Found(Struct, frozen=True):
    """What an event has come to: what is kept, the moment of each alarm, and the moment at which time may raise another."""

    kept: Events
    alarms: tuple[int, ...] = ()
    due: int | None = None


def shape_of(monitor: PatternMonitor) -> Shape:
    """The pattern of a monitor."""
    return Shape(tuple(each.count for each in monitor.elements), round(monitor.within.total_seconds() * 1_000_000))


def told(shape: Shape, matcher: Matcher, kept: Events, event: Seen) -> Found:
    """What comes of an event. One that is told late takes its place among those before, as far as these are still kept."""
    alarms: tuple[int, ...] = ()
    if shape.waits and kept and (whole := matcher.complete(shape, kept)) is not None and whole < event.at:
        kept, alarms = (), (whole,)
    events = list(kept)
    insort(events, event)
    latest = events[-1].at
    kept = _useful(shape, [each for each in events if each.at >= latest - shape.within])
    whole = matcher.complete(shape, kept) if len(kept) >= sum(shape.counts) else None
    if whole is not None and whole <= latest and not shape.waits:
        return Found((), (*alarms, whole))
    return Found(kept, alarms, whole)


def passed(shape: Shape, matcher: Matcher, kept: Events, now: int) -> Found:
    """What comes of time alone."""
    whole = matcher.complete(shape, kept) if kept else None
    return Found((), (whole,)) if whole is not None and whole <= now else Found(kept, (), whole)


def _useful(shape: Shape, events: list[Seen]) -> Events:
    """Those with which a pattern may begin, and what comes after; where one event begins and makes it, nothing before its end."""
    if shape.waits and sum(shape.counts) == 1:
        last = len(shape.counts) - 1
        ends = [at for at, event in enumerate(events) if last in event.elements and 0 not in event.elements]
        events = events[ends[-1] + 1 :] if ends else events
    first = next((at for at, event in enumerate(events) if 0 in event.elements), len(events))
    return tuple(events[first:])
