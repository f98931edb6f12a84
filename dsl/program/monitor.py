"""Monitors."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from orderloom.dsl.program.formula import Formula, Origin

LONGEST = Decimal(36500)  #: days of supply of what nobody wants, and the most that cover ever is

Level = Literal["order", "line", "unit"]


class StockMonitor(Struct, frozen=True):
    """Raises the alert `event` of an item, or of its position at each node, when `when` holds; clears it when `until` holds.

    The nodes for which `nodes` holds count, all where it is None. `days` is the window of velocity and cover, None where neither
    is used.
    """

    name: str
    title: str
    watch: Literal["item", "position"]
    nodes: Formula | None
    method: str
    when: Formula
    until: Formula
    days: int | None
    event: str
    origin: Origin
    active: bool = True


class Raising(Struct, frozen=True, omit_defaults=True):
    """What is raised: a declared `event`, a `message` to the role `notify`, an `exception` with its `options`; any of them."""

    event: str | None = None
    notify: str | None = None
    message: str | None = None
    exception: str | None = None
    owner: str | None = None
    options: tuple[str, ...] = ()


class Milestone(Struct, frozen=True):
    """Raised when `point` is not reached at a moment, or, where `late`, when it is reached later than that.

    The moment is `offset` from `date`, which may be negative, or from when `of` was reached; on a calendar its open hours count.
    """

    point: str
    late: bool
    offset: timedelta
    date: Formula | None = None
    of: str | None = None
    calendar: str | None = None


class Stay(Struct, frozen=True):
    """Raised when something has been in the status, or under the hold, for so long."""

    status: str | None
    hold: str | None
    duration: timedelta
    calendar: str | None = None


class OrderMonitor(Struct, frozen=True):
    """Watches each order, line or unit of work by itself, where `where` holds for it."""

    name: str
    title: str
    watch: Level
    rule: Milestone | Stay
    raises: Raising
    origin: Origin
    where: Formula | None = None
    active: bool = True


class Element(Struct, frozen=True):
    """An event of a pattern that happens `count` times; 0 for one that does not happen."""

    point: str
    count: int = 1
    where: Formula | None = None


class PatternMonitor(Struct, frozen=True):
    """Raised when the elements happen one after the other, all within the window, to what has all of `same` in common.

    `of` says what they happen to: orders, lines or units of work.
    """

    name: str
    title: str
    elements: tuple[Element, ...]
    within: timedelta
    raises: Raising
    origin: Origin
    same: tuple[Formula, ...] = ()
    of: Level = "order"
    active: bool = True


Monitor = StockMonitor | OrderMonitor | PatternMonitor
