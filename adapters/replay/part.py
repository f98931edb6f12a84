"""A part of a replay: orders that are played together on one stock. Parts know nothing of one another, so they go anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from orderloom.adapters.props import Props
from orderloom.engine.ledger.stock import Entry
from orderloom.engine.order import Order


class Past(Struct, frozen=True):
    """An order, the moment at which it was captured, and whether the replay was asked for it or only for others beside it."""

    at: datetime
    order: Order
    asked_for: bool = True


class Asked(Struct, frozen=True):
    """Which orders: captured `since` a moment and before `until` another, of a channel and a division, at most so many.

    Those of other channels and divisions are played beside them: they take of the same stock.
    """

    since: datetime | None = None
    until: datetime | None = None
    channel: str | None = None
    division: str | None = None
    limit: int | None = None

    def takes(self, channel: str, division: str | None) -> bool:
        """Whether an order of these was asked for."""
        return self.channel in (None, channel) and self.division in (None, division)


class News(Struct, frozen=True):
    """What was told of stock from outside."""

    at: datetime
    entry: Entry


class Cancelling(Struct, frozen=True):
    """A request to cancel an order that was accepted; `by` is who made it."""

    at: datetime
    order: str
    by: str
    reason: str


class Part(Struct, frozen=True):
    """Orders in the order of their capture, what there was when the first one came, and what happened meanwhile."""

    orders: tuple[Past, ...]
    props: Props
    happened: tuple[News | Cancelling, ...] = ()


class Unplayed(Struct, frozen=True):
    """An order that could not be played, or a row of a file that is none, and why."""

    order: str
    because: str


class Orders(Struct):
    """The orders of a replay in parts, which are made one after the other; `unplayed` is whole when all of them are made.

    `count` has those, too, that only take of the same stock; `ran_on` has the versions of those asked for. `stock` says with what
    stock a window begins; `archived` is how many orders took of it then and are not in the store any more.
    """

    parts: Iterator[Part]
    count: int
    stock: str
    archived: int = 0
    ran_on: Counter[str] = field(default_factory=Counter)
    unplayed: list[Unplayed] = field(default_factory=list)


class InTime(Protocol):
    """An order with the moment of its capture, and whether it was asked for."""

    @property
    def at(self) -> datetime: ...
    @property
    def asked_for(self) -> bool: ...


P = TypeVar("P", bound=InTime)


def cut(orders: Iterable[P], limit: int | None) -> list[P]:
    """The orders up to the last one that was asked for, of which there are at most so many."""
    found, asked_for, last = list[P](), 0, 0
    for order in orders:
        found.append(order)
        if order.asked_for:
            asked_for, last = asked_for + 1, len(found)
        if asked_for == limit:
            break
    return found[:last]


def windows(orders: Sequence[P], days: int | None, zone: ZoneInfo) -> list[list[P]]:
    """The orders by windows of so many days, the first from the day of the first order on; without days, one window."""
    if days is None or not orders:
        return [list(orders)] if orders else []
    first = orders[0].at.astimezone(zone).date()
    return [list(window) for _, window in groupby(orders, lambda one: (one.at.astimezone(zone).date() - first).days // days)]
