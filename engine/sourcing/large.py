"""Large orders, where the search alone would look at too many sets of trips: HiGHS gives hints, exact figures decide.

Solved without whole numbers, the programme (see `milp`) says what a unit of each line is worth. That gives a bound which holds
whatever the worths are (Lagrangian relaxation: Geoffrion, 1974): let every line pay its worth for each unit, then each trip goes
for itself, or does not,

    bound = sum over lines of units x the lesser of worth and leaving out - extra - limit x price of a shipment
            + sum over trips of the lesser of 0 and its excess: what it costs, less what its units are worth

A set of trips costs no less than the bound with the excess of each trip of the set in the place of its lesser. So a trip, or a
set, that lifts the bound above the cost of a known choice is in no better one, and the search over what is left gives the same
plan as it would over everything. Where that gives up, too, HiGHS solves the programme as it is and proposes a set of trips to
begin with, which is priced like any other; what it proves of the rest is the gap that the plan states. Of plans that cost the
same to a ten-thousandth, one is then taken without asking what the policy prefers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct

from orderloom.engine.sourcing.choice import Choice, preference, start, with_trip
from orderloom.engine.sourcing.milp import Worth, proposal, worth
from orderloom.engine.sourcing.picks import LEFT_OUT, first, units_of
from orderloom.engine.sourcing.ride import WALL
from orderloom.engine.sourcing.savings import Offer
from orderloom.engine.sourcing.search import Found, Settle, search_on
from orderloom.engine.sourcing.steps import Steps, next_step, step_at
from orderloom.engine.sourcing.trip import Problem, Trip

_ZERO = Decimal(0)
_EXACT = Decimal("0.0001")  #: how near HiGHS' own bound comes to the cost of what is the best: it counts in floats
_NEAR = 20  #: trips of the least excess that are tried beside those of a known choice


class _Bound(Struct, frozen=True, eq=False):
    """The bound without trips, and the excess of each by its rank; at these prices of leaving a unit out."""

    problem: Problem
    left_out: tuple[Decimal, ...]
    base: Decimal
    excess: dict[int, Decimal]

    @property
    def least(self) -> Decimal:
        """What any choice costs at least."""
        return self.base + sum([each for each in self.excess.values() if each < 0], _ZERO)

    def cost(self, choice: Choice) -> Decimal:
        """The choice's cost at these prices of leaving a unit out."""
        lines = zip(self.left_out, self.problem.wants, choice.lines, strict=True)
        return sum([units_of(picks, LEFT_OUT) * (price - want.left_out) for price, want, picks in lines], choice.cost)

    def trips(self, known: Choice) -> list[Trip]:
        """The trips that a choice as good as a known one may have."""
        room = self.cost(known) - self.least
        return [trip for trip in self.problem.trips if self.excess[trip.rank] <= room]

    def hopeful(self, base: Choice, rest: list[Offer], best: Choice) -> list[Offer]:
        """The further trips with which the base, and whatever else comes to it, may cost no more than the best."""
        least = sum([self.excess[trip.rank] for trip in base.trips], self.base)
        least += sum([each for offer in rest if (each := self.excess[offer.trip.rank]) < 0], _ZERO)
        room = self.cost(best) - least
        return [offer for offer in rest if self.excess[offer.trip.rank] <= room] if room >= 0 else []


def search_large(problem: Problem, settle: Settle, before: Found) -> Found:
    """The best choices of a problem at which the search gave up, with what it had found before."""
    hint = worth(problem, left_out_prices(problem))
    bound = _bound(problem, hint)
    known = _better(problem, before.best[0][1], _settled(problem, settle, of_trips(hint.trips, problem)))
    known = _improved(problem, settle, known, bound)
    found = search_on(problem, settle, bound.trips(known), known, bound.hopeful)
    if not found.complete:
        proposed = proposal(problem, left_out_prices(problem), bound.trips(found.best[0][1]))
        known = _better(problem, found.best[0][1], _settled(problem, settle, of_trips(proposed.trips, problem)))
        found = search_on(problem, settle, bound.trips(known), known, bound.hopeful)
        best = found.best[0][1]
        gap = bound.cost(best) - max(bound.least, proposed.bound)
        if not found.complete and gap > _EXACT:
            found.lower(best.cost - gap)
    found.room = before.room
    for key, choice in before.best:
        found.offer(key, choice)
    return found


def _improved(problem: Problem, settle: Settle, known: Choice, bound: _Bound) -> Choice:
    """The choice with one trip more or less, and again, as long as that makes it better."""
    while True:
        near = sorted(bound.trips(known), key=lambda trip: (bound.excess[trip.rank], trip.rank))[:_NEAR]
        fewer = [of_trips([trip for trip in known.trips if trip is not out], problem) for out in known.trips]
        more = [with_trip(of_trips(known.trips, problem), trip, problem) for trip in near if trip not in known.trips]
        best = known
        for choice in (*fewer, *more):
            best = _better(problem, best, _settled(problem, settle, choice))
        if best is known:
            return known
        known = best


def _settled(problem: Problem, settle: Settle, choice: Choice | None) -> Choice | None:
    """The choice at its true cost; None where it may not be."""
    most = problem.max_shipments
    return None if choice is None or (most is not None and len(choice.trips) > most) else settle(choice)


def of_trips(trips: Sequence[Trip], problem: Problem) -> Choice:
    """The choice of these trips, each line with its cheapest units; not settled."""
    choice = start(problem)
    for trip in trips:
        choice = with_trip(choice, trip, problem) or choice
    return choice


def _better(problem: Problem, known: Choice, proposed: Choice | None) -> Choice:
    return known if proposed is None or preference(problem, known) <= preference(problem, proposed) else proposed


# --- prices of leaving a unit out ----------------------------------------------------------------------------------------


def left_out_prices(problem: Problem) -> tuple[Decimal, ...]:
    """What leaving out a unit of each line costs, in figures that floats can bear and that keep the same order of choices.

    Where money must not decide, it is more than any two plans can differ in.
    """
    lines = list(enumerate(problem.wants))
    real = [want.left_out - problem.prohibitive - (problem.missing if line in problem.must else 0) for line, want in lines]
    wanted = sum(want.quantity for want in problem.wants)
    most = 1 + wanted * (_dearest(problem) + max(real, default=_ZERO))
    heavy = most if problem.prohibitive else _ZERO
    return tuple(cost + heavy + (most * (wanted + 1) if line in problem.must else 0) for line, cost in enumerate(real))


def _dearest(problem: Problem) -> Decimal:
    """No unit costs more than another by more than this."""
    costs = [pick[0] for trip in problem.trips for picks in trip.picks for pick in picks]
    steps = [cost for trip in problem.trips for _, cost in trip.surcharge if cost < WALL]
    fixed = [trip.fixed for trip in problem.trips]
    dearest = sum([max(each, default=_ZERO) for each in (costs, steps, fixed)], problem.extra)
    return dearest - min(costs, default=_ZERO)


# --- the bound ---------------------------------------------------------------------------------------------------------


def _bound(problem: Problem, found: Worth) -> _Bound:
    left_out, most = left_out_prices(problem), problem.max_shipments
    price = found.shipment if most is not None else _ZERO
    lines = zip(problem.wants, found.units, left_out, strict=True)
    base = sum([want.quantity * min(unit, out) for want, unit, out in lines], -problem.extra - (most or 0) * price)
    return _Bound(problem, left_out, base, {trip.rank: price + _excess(trip, problem, found.units) for trip in problem.trips})


def _excess(trip: Trip, problem: Problem, units: Sequence[Decimal]) -> Decimal:
    """What the trip costs more than its units are worth."""
    return trip.fixed + problem.extra - _gained(sorted(_gains(trip, problem, units), reverse=True), trip.surcharge)


def _gains(trip: Trip, problem: Problem, units: Sequence[Decimal]) -> Iterator[tuple[Decimal, int]]:
    """What units are worth above their cost, and how many."""
    for want, unit, picks in zip(problem.wants, units, trip.picks, strict=True):
        for cost, _, _, count in first(picks, want.quantity):
            if unit > cost:
                yield unit - cost, count


def _gained(gains: Sequence[tuple[Decimal, int]], surcharge: Steps) -> Decimal:
    """The most that units can gain of a trip whose further ones cost more."""
    total, units = _ZERO, 0
    for gain, count in gains:
        while count and (net := gain - step_at(surcharge, units)) > 0:
            end = next_step(surcharge, units)
            taken = count if end is None else min(count, end - units)
            total, units, count = total + taken * net, units + taken, count - taken
    return total
