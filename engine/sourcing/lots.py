"""Lots: the units of one supply that may be taken for a line, and what they cost by what is left behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from orderloom.dsl.program import CostTerm
from orderloom.engine.ledger.stock import ON_HAND, Position
from orderloom.engine.promising.availability import Availability
from orderloom.engine.sourcing.costs import ZERO, total
from orderloom.engine.sourcing.runs import runs
from orderloom.engine.supply.replenishment import PLANNED


class Lot(Struct, frozen=True, gc=False):
    """Units of one supply that may be taken: its index among the free ones, their first day, the first one's number in the share.

    `left` is what is left on hand after the first of them; each further one of a lot that is `on_hand` leaves one less. What is
    yet to come leaves all on hand that is there. `price` is what one of them is bought for; what is `planned` has
    to be ordered first.
    """

    supply: int
    usable_on: date
    first: int
    units: int
    left: int
    on_hand: bool
    price: Decimal = ZERO
    planned: bool = False

    def part(self, start: int, units: int) -> Lot:
        """So many units, without the first ones."""
        left = self.left - start if self.on_hand else self.left
        return Lot(self.supply, self.usable_on, self.first + start, units, left, self.on_hand, self.price, self.planned)

    @property
    def lefts(self) -> Sequence[int]:
        """What is left on hand after each unit; a single number where it stays the same."""
        return range(self.left, self.left - self.units, -1) if self.on_hand else (self.left,)


class Lots(NamedTuple):
    """The lots, no more units of a supply than are wanted, the days on which supply comes that may be needed, the last lot's.

    `there` is how many units may be taken at any date, whatever is wanted.
    """

    lots: tuple[Lot, ...]
    days: tuple[date, ...]
    latest: date
    there: int


def lots_of(position: Position, available: Availability, wanted: int) -> Lots:
    """What may be taken of a position."""
    there = sum([supply.unreserved for supply in position.supplies if supply.type == ON_HAND])
    lots: list[Lot] = []
    number = taken = 0
    for index, free in enumerate(available.free):
        count, on_hand = min(free.quantity, wanted), free.type == ON_HAND
        left, planned = there - taken - 1 if on_hand else there, free.type == PLANNED
        lots.append(Lot(index, free.usable_on, number, count, left, on_hand, free.price, planned))
        number += count
        taken += count if on_hand else 0
    if len(lots) == 1:
        return Lots(tuple(lots), (lots[0].usable_on,), lots[0].usable_on, available.total)
    days = {lot.usable_on for lot in lots if _of_use(lot, lots, wanted)}
    return Lots(tuple(lots), tuple(days), max([lot.usable_on for lot in lots], default=date.min), available.total)


def _of_use(lot: Lot, lots: Sequence[Lot], wanted: int) -> bool:
    """Whether it may be needed: fewer units than are wanted come before it at no higher price."""
    first = (lot.usable_on, lot.first)
    return sum([each.units for each in lots if (each.usable_on, each.first) < first and each.price <= lot.price]) < wanted


# --- what they cost ----------------------------------------------------------------------------------------------------

Run = tuple[int, int, Decimal]  #: first unit, count, what each costs


class Stowed(Struct, frozen=True, gc=False):
    """Units that can go on a day as (cost, first unit, count) as in picks, the cheapest first, no more than are wanted.

    The cost is only what depends on what is left behind, and on the price. `in_turn`: cheapest first never takes a unit on hand
    before the one that must go first.
    """

    runs: tuple[tuple[Decimal, int, int], ...]
    in_turn: bool


def stowed(lots: Sequence[Lot], terms: Sequence[CostTerm], context: Mapping[str, object], wanted: int, waits: bool) -> Stowed:
    """The lots by what these terms make of them; raises Unknown.

    Of equally dear units, a day that waits takes what comes last, so that stock on hand stays for others; what would have to be
    ordered is taken last on every day.
    """
    found = by_left(terms, context, lots)
    if len(found) == 1 and not waits:  # as it is most often
        first, count, cost = found[0]
        return Stowed(((cost, first, min(count, wanted)),), True)
    planned = [range(lot.first, lot.first + lot.units) for lot in lots if lot.planned] if waits else []
    turned = [waits and not any(first in units for units in planned) for first, _, _ in found]
    each = zip(found, turned, strict=True)
    cheapest = sorted([(cost, 1 - first - count if turn else first, count) for (first, count, cost), turn in each])
    return Stowed(tuple(_first(cheapest, wanted)), _taken_in_turn(found, lots))


def _first(found: Sequence[tuple[Decimal, int, int]], wanted: int) -> Iterator[tuple[Decimal, int, int]]:
    for cost, unit, count in found:
        if wanted > 0:
            yield cost, unit, min(count, wanted)
        wanted -= count


def _taken_in_turn(found: Sequence[Run], lots: Sequence[Lot]) -> bool:
    if len(found) == 1:
        return True
    to_come = {lot.first for lot in lots if not lot.on_hand}
    return all(one[2] <= other[2] or other[0] in to_come for one, other in pairwise(found))


def by_left(terms: Sequence[CostTerm], context: Mapping[str, object], lots: Sequence[Lot]) -> list[Run]:
    """The cost of each unit by its price and by what is left on hand after it, in runs of the same cost; raises Unknown."""
    if not terms:
        here = [lot for lot in lots if not lot.planned]
        together = [(here[0].first, sum([lot.units for lot in here]), ZERO)] if here else []
        return together + [(lot.first, lot.units, ZERO) for lot in lots if lot.planned]
    found: list[Run] = []
    for lot in lots:
        for start, count, cost in _of_lot(terms, context, lot):
            if found and found[-1][2] == cost and not lot.planned:
                found[-1] = (found[-1][0], found[-1][1] + count, cost)
            else:
                found.append((start, count, cost))
    return found


def _of_lot(terms: Sequence[CostTerm], context: Mapping[str, object], lot: Lot) -> list[Run]:
    priced = {**context, "purchase_price": lot.price, "left": lot.left}
    if lot.units == 1 or not lot.on_hand:
        return [(lot.first, lot.units, total(terms, priced))]
    starts = runs(terms, priced, "left", lot.lefts)
    ends = [*list(starts)[1:], lot.units]
    return [(lot.first + start, end - start, cost) for (start, cost), end in zip(starts.items(), ends, strict=True)]
