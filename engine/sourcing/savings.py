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


class Gain(NamedTuple):
    """What an offer could gain a choice at most: by its units, and less what the trip costs (below 0 where it does not pay)."""

    offer: Offer
    units: Decimal
    net: Decimal


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


def gains_of(offers: Sequence[Offer], base: Choice, problem: Problem) -> list[Gain]:
    """What each could gain the choice."""
    extra = problem.extra if base.trips else _ZERO
    return [_gain(offer, base, extra) for offer in offers]


def paying_of(offers: Sequence[Offer], base: Choice, problem: Problem) -> list[Offer]:
    """Those that could gain the choice anything."""
    extra = problem.extra if base.trips else _ZERO
    paying: list[Offer] = []
    for offer in offers:
        if _saved(offer, base) > offer.trip.fixed + extra:
            paying.append(offer)
    return paying


def _gain(offer: Offer, base: Choice, extra: Decimal) -> Gain:
    units = _saved(offer, base)
    return Gain(offer, units, units - offer.trip.fixed - extra)


def _saved(offer: Offer, base: Choice) -> Decimal:
    """What its units save at most, each in place of the dearest one of its line."""
    units, lines = _ZERO, base.lines
    for line, cost, count in offer.lines:
        dearest = lines[line][-1][0]
        if cost < dearest:
            units += (dearest - cost) * count
    return units


def prices_after(gains: Sequence[Gain], base: Choice, problem: Problem) -> list[Prices]:
    """For each, the prices with those that follow it; before them all the prices with all.

    A unit's price has its part of the trip's fixed cost in it. A fixed cost below 0 is no part of it but a rebate.
    """
    dearest = [picks[-1][0] for picks in base.lines]
    units: list[Decimal | None] = [None] * len(dearest)
    rebate, after = _ZERO, [Prices(tuple(units), _ZERO)]
    for (trip, lines), gain, _ in reversed(gains):
        fixed = trip.fixed + problem.extra
        if fixed <= 0:
            rebate += fixed
        part = _ROUGH.divide(fixed, gain) if 0 < fixed <= gain else _ZERO
        for line, cost, _ in lines if fixed <= gain else ():
            if cost < dearest[line]:
                price, known = cost + (dearest[line] - cost) * part if part else cost, units[line]
                if known is None or price < known:
                    units[line] = price
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
