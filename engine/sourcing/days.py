"""Further days on which a node may ship: those on which it has room, and those that reach a customer not too early."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from orderloom.engine.promising.calendars import ONE_DAY
from orderloom.engine.promising.lanes import Lane
from orderloom.engine.promising.promise import Dates, dates
from orderloom.engine.promising.work import AHEAD
from orderloom.engine.sourcing.shares import Share
from orderloom.engine.sourcing.tariff import Tariff

Delivered = Callable[[Dates], date | None]  #: the day of delivery, by one of the services, of what ships then
Shares = tuple[Share | None, ...]


def further_days(lane: Lane, days: list[Dates], shares: Shares, tariff: Tariff, delivered: Sequence[Delivered]) -> list[Dates]:
    """The days, the earliest first, with those that windows ask for, and without those on which the node is full.

    As many days follow a day that is nearly full as it takes to send everything.
    """
    windows = {day for share in shares if share and (day := share.want.line.want_from)}
    found = {when.start: when for when in days}
    for day in windows:
        found |= {when.start: when for when in _for_window(lane, days, day, delivered)}
    if lane.capacity is not None:
        units = sum([share.want.quantity for share in shares if share])
        found = {when.start: when for each in found.values() for when in _with_room(lane, lane.capacity, each, units, tariff)}
    return [found[start] for start in sorted(found)]


def _for_window(lane: Lane, days: Iterable[Dates], wanted_from: date, delivered: Sequence[Delivered]) -> Iterator[Dates]:
    """For each day and service, the first day from it on that delivers in the window."""
    for first in days:
        when = first
        for service in delivered:
            last = when.start + AHEAD
            while when.start < last and (on := service(when)) is not None and on < wanted_from:
                when = dates(lane.begins, when.start + ONE_DAY)
            yield when


def _with_room(lane: Lane, capacity: int, when: Dates, units: int, tariff: Tariff) -> Iterator[Dates]:
    last = when.start + AHEAD
    while units > 0 and when.start < last:
        room = capacity - tariff.load(lane.node.id, when.ship_on)
        if room > 0:
            yield when
            units -= room
        when = dates(lane.begins, when.start + ONE_DAY)
