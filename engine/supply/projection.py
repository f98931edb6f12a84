"""What is expected to come and to go of an item, by day, and what is left then.

balance of a day = balance of the day before + supply due that day - demand of that day. Supply counts in full, whatever the
trust in it: this is a plan of what will be there, not what may be promised. It may fall below 0: that much is short.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct

from orderloom.engine.ledger.stock import ON_HAND, Position


class Movement(Struct, frozen=True):
    """Units that come or go on a day: of a supply, or for an order; `reference` is its id."""

    day: date
    kind: Literal["supply", "demand"]
    quantity: int
    reference: str


class Day(Struct, frozen=True):
    """A day on which something comes or goes, and the balance after it."""

    day: date
    supply: int
    demand: int
    balance: int
    movements: tuple[Movement, ...]


def projected(on_hand: int, movements: Iterable[Movement], today: date, until: date) -> tuple[Day, ...]:
    """Today, and every day until then on which something comes or goes; what should have happened before counts today."""
    by_day: dict[date, list[Movement]] = {today: []}
    for movement in movements:
        if movement.day <= until:
            by_day.setdefault(max(movement.day, today), []).append(movement)
    days = []
    balance = on_hand
    for day, those in sorted(by_day.items()):
        supply, demand = (sum(each.quantity for each in those if each.kind == kind) for kind in ("supply", "demand"))
        balance += supply - demand
        days.append(Day(day, supply, demand, balance, tuple(those)))
    return tuple(days)


def usable(position: Position, stock_classes: Iterable[str]) -> int:
    """Units on hand of the classes that count; none in quarantine."""
    if position.quarantined:
        return 0
    counted = set(stock_classes)
    return sum(part.quantity for part in position.parts if part.type == ON_HAND and part.stock_class in counted)


def to_come(position: Position, today: date) -> list[Movement]:
    """What is on its way to the position."""
    inbound = (part for part in position.parts if part.type != ON_HAND)
    return [Movement(part.due_on or today, "supply", part.quantity, part.id) for part in inbound if part.quantity]
