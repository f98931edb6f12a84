"""Large orders, where the search alone would look at too many sets of trips: HiGHS proposes, exact figures decide.

What HiGHS finds is a set of trips, and what a unit of each line is worth. The set is priced like any other choice. The worths
give a bound that holds whatever they are (Lagrangian relaxation: Geoffrion, 1974): let every line pay its worth for each unit,
then each trip goes for itself, or does not,

    bound = sum over lines of units x the lesser of worth and leaving out - extra - limit x price of a shipment
            + sum over trips of the lesser of 0 and (what it costs - what its units are worth)

A trip that would lift this bound above the cost of a known choice is in no better one. The search, over the few that are left,
gives the same plan as it would have over all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from orderloom.engine.sourcing.choice import Choice, preference, start, with_trip
from orderloom.engine.sourcing.milp import Hint, hint
from orderloom.engine.sourcing.picks import LEFT_OUT, first, units_of
from orderloom.engine.sourcing.search import Found, Settle, search
from orderloom.engine.sourcing.steps import Steps, next_step, step_at
from orderloom.engine.sourcing.trip import MUST, Problem, Trip

_ZERO = Decimal(0)


def search_large(problem: Problem, settle: Settle, before: Found) -> Found:
    """The best choices of a problem at which the search gave up, with what it had found before."""
    out = left_out_prices(problem)
    hinted = hint(problem, out)
    excess = {trip.rank: _excess(trip, problem, hinted) for trip in problem.trips}
    bound = _base(problem, out, hinted) + sum([each for each in excess.values() if each < 0], _ZERO)
    known = _better(problem, before, settle(_of(hinted.trips, problem)))
    room = _weight(problem, out, known) - bound
    found = search(problem, settle, [trip for trip in problem.trips if excess[trip.rank] <= room], known)
    best = found.best[0][1]
    if not found.complete:
        found.lower(best.cost - max(_ZERO, _weight(problem, out, best) - max(bound, hinted.bound)))
    found.room = before.room
    for key, choice in before.best:
        found.offer(key, choice)
    return found


def _better(problem: Problem, before: Found, proposed: Choice | None) -> Choice:
    key, known = before.best[0]
    return known if proposed is None or key <= preference(problem, proposed) else proposed


def _weight(problem: Problem, out: Sequence[Decimal], choice: Choice) -> Decimal:
    """The choice's cost at other prices of leaving a unit out."""
    lines = zip(out, problem.wants, choice.lines, strict=True)
    return sum([units_of(picks, LEFT_OUT) * (price - want.left_out) for price, want, picks in lines], choice.cost)


def left_out_prices(problem: Problem) -> list[Decimal]:
    """What leaving out a unit of each line costs, in figures that floats can bear and that keep the same order of choices.

    Where money must not decide, it is more than any two plans can differ in.
    """
    real = [want.left_out % MUST - problem.prohibitive for want in problem.wants]
    wanted = sum(want.quantity for want in problem.wants)
    most = 1 + wanted * (_dearest(problem) + max(real, default=_ZERO))
    heavy = most if problem.prohibitive else _ZERO
    return [
        cost + heavy + (most * (wanted + 1) if want.left_out >= MUST else 0)
        for cost, want in zip(real, problem.wants, strict=True)
    ]


def _dearest(problem: Problem) -> Decimal:
    """No unit costs more than another by more than this."""
    costs = [pick[0] for trip in problem.trips for picks in trip.picks for pick in picks]
    steps = [cost for trip in problem.trips for _, cost in trip.surcharge]
    fixed = [trip.fixed for trip in problem.trips]
    dearest = sum([max(each, default=_ZERO) for each in (costs, steps, fixed)], problem.extra)
    return dearest - min(costs, default=_ZERO)


# --- the bound ---------------------------------------------------------------------------------------------------------


def _base(problem: Problem, out: Sequence[Decimal], hinted: Hint) -> Decimal:
    """The bound, without the trips."""
    most = problem.max_shipments or 0
    lines = zip(problem.wants, hinted.units, out, strict=True)
    return sum([want.quantity * min(worth, price) for want, worth, price in lines], -problem.extra - most * hinted.shipment)


def _excess(trip: Trip, problem: Problem, hinted: Hint) -> Decimal:
    """What the trip costs more than its units are worth."""
    price = hinted.shipment if problem.max_shipments is not None else _ZERO
    gains = sorted(_gains(trip, problem, hinted.units), reverse=True)
    return trip.fixed + problem.extra + price - _gained(gains, trip.surcharge)


def _gains(trip: Trip, problem: Problem, worths: Sequence[Decimal]) -> Iterator[tuple[Decimal, int]]:
    """What units are worth above their cost, and how many."""
    for want, worth, picks in zip(problem.wants, worths, trip.picks, strict=True):
        for cost, _, _, count in first(picks, want.quantity):
            if worth > cost:
                yield worth - cost, count


def _gained(gains: Sequence[tuple[Decimal, int]], surcharge: Steps) -> Decimal:
    """The most that units can gain of a trip whose further ones cost more."""
    total, units = _ZERO, 0
    for gain, count in gains:
        while count and (net := gain - step_at(surcharge, units)) > 0:
            end = next_step(surcharge, units)
            taken = count if end is None else min(count, end - units)
            total, units, count = total + taken * net, units + taken, count - taken
    return total


def _of(trips: Sequence[Trip], problem: Problem) -> Choice:
    """The choice of these trips, each line with its cheapest units."""
    choice = start(problem)
    for trip in trips:
        choice = with_trip(choice, trip, problem) or choice
    return choice
