"""What further trips could save at most, told without trying them.

The fixed cost of a trip is shared out among the units that it may bring, in proportion to what each of them saves. A set of
trips then costs no less than if every unit could take the cheapest such price of all of them, for whoever takes some of a
trip's units pays no more than the trip's fixed cost for them (a dual solution: Erlenkotter, 1978).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Context, Decimal
from typing import NamedTuple

from orderloom.engine.sourcing.choice import Choice
from orderloom.engine.sourcing.picks import Picks
from orderloom.engine.sourcing.trip import Problem, Trip

_ZERO = Decimal(0)
_ROUGH = Context(prec=4, rounding=ROUND_FLOOR)  #: parts are rounded down, so that together they are no more than the whole


class Offer(NamedTuple):
    """A trip, and (line, cost of its cheapest unit, units that the line may take) of all that it brings."""

    trip: Trip
    lines: tuple[tuple[int, Decimal, int], ...]


class Saving(NamedTuple):
    """What a trip could save a choice at most, below 0 where it does not pay.

    `units` are lines with the price of a unit, its part of what a further shipment costs in it. A fixed cost below 0 is
    no part of it but the `rebate`.
    """

    most: Decimal
    units: tuple[tuple[int, Decimal], ...]
    rebate: Decimal


class Prices(NamedTuple):
    """The least price of a unit of each line with some trips, None where none brings any, and the rebates of all of them."""

    units: tuple[Decimal | None, ...]
    rebate: Decimal


def offer_of(trip: Trip, problem: Problem) -> Offer:
    """What the trip brings."""
    lines = [
        (line, picks[0][0], min(problem.wants[line].quantity, _units(picks))) for line, picks in enumerate(trip.picks) if picks
    ]
    return Offer(trip, tuple(lines))


def _units(picks: Picks) -> int:
    return picks[0][3] if len(picks) == 1 else sum([pick[3] for pick in picks])


def savings(offers: Sequence[Offer], base: Choice, problem: Problem) -> list[Saving]:
    """What each could save the choice."""
    dearest = [picks[-1][0] for picks in base.lines]
    first = _ZERO if base.trips else problem.extra
    return [_saving(lines, trip.fixed + problem.extra, first, dearest) for trip, lines in offers]


def _saving(lines: Sequence[tuple[int, Decimal, int]], fixed: Decimal, first: Decimal, dearest: Sequence[Decimal]) -> Saving:
    """`fixed` is that of a further trip; without `first` it is that of this one."""
    saves, saving = _ZERO, []
    for line, cost, count in lines:
        less = dearest[line] - cost
        if less > 0:
            saves += less * count
            saving.append((line, cost, less))
    most = saves - fixed + first
    if fixed <= 0:
        return Saving(most, tuple([(line, cost) for line, cost, _ in saving]), fixed)
    if fixed > saves:
        return Saving(most, (), _ZERO)
    part = _ROUGH.divide(fixed, saves)
    return Saving(most, tuple([(line, cost + less * part) for line, cost, less in saving]), _ZERO)


def prices_after(found: Sequence[Saving], lines: int) -> list[Prices]:
    """For each, the prices with those that follow it; before them all the prices with all."""
    units: list[Decimal | None] = [None] * lines
    rebate, after = _ZERO, [Prices(tuple(units), _ZERO)]
    for saving in reversed(found):
        for line, cost in saving.units:
            known = units[line]
            if known is None or cost < known:
                units[line] = cost
        rebate += saving.rebate
        after.append(Prices(tuple(units), rebate))
    return after[::-1]


def least(base: Choice, prices: Prices) -> Decimal | None:
    """What the choice costs at least with some trips at these prices, or none; None where no unit could be as cheap with them."""
    saves, cheaper = prices.rebate, prices.rebate < 0
    for picks, price in zip(base.lines, prices.units, strict=True):
        if price is not None and picks[-1][0] >= price:
            cheaper = True
            saves -= sum([(pick[0] - price) * pick[3] for pick in picks if pick[0] > price])
    return base.cost + saves if cheaper else None
