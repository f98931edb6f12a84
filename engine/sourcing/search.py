"""The search for the cheapest plan: exact branch and bound over sets of trips.

Given a set of trips, each line takes its cheapest units, which is the best it can do. Trips are substitutes: what one more
saves never grows when others are there already (Shapley, 1961, on network flow; costs of further units never fall). So a
trip that does not pay now pays in no larger set either: the search adds only trips that pay, and stops where even the
cheapest units of all trips together could not make up for another shipment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from orderloom.engine.sourcing.beaten import Place, earlier_days, unbeaten
from orderloom.engine.sourcing.choice import Choice, Key, places_in, preference, start, surcharges, with_trip
from orderloom.engine.sourcing.picks import LEFT_OUT
from orderloom.engine.sourcing.ride import WALL
from orderloom.engine.sourcing.savings import Gain, Offer, Prices, gains_of, least, offer_of, prices_after
from orderloom.engine.sourcing.trip import Problem, Trip

_KEPT = 3  #: plans that are looked for: the winner and the best alternatives, each with other nodes or days
SHORT = 1_000  #: trips that a search tries, each beside a set of others, before it gives up
_ZERO = Decimal(0)
LONG = 100_000  #: and where it begins with a choice that is likely to be the best

#: The best way to use every trip of a choice, at its true cost; None where there is no way.
Settle = Callable[[Choice], Choice | None]

#: Those of further trips that may come to a choice, by whatever else is known, without its costing more than the best.
Hopeful = Callable[[Choice, list[Offer], Choice], list[Offer]]


class Found(Struct, eq=False):
    """The best choices, the best first, each with other nodes or days.

    `complete` when the search came to its end. A choice that was not looked at costs no less than `bound`; None where all were.
    `alone` has choices of a single trip, by its rank, not settled.
    """

    best: list[tuple[Key, Choice]]
    room: int = _KEPT
    tried: int = 0
    complete: bool = True
    bound: Decimal | None = None
    alone: dict[int, Choice] = {}

    @property
    def gap(self) -> Decimal:
        """What a better choice could save at most; 0 where the best is proved to be it."""
        return max(Decimal(0), self.best[0][1].cost - self.bound) if self.bound is not None else Decimal(0)

    def lower(self, bound: Decimal | None) -> None:
        """Notes that choices of this cost were not looked at."""
        if bound is not None:
            self.bound = bound if self.bound is None else min(self.bound, bound)

    @property
    def worst(self) -> Decimal | None:
        """The cost that a further choice must not exceed; None while there is room."""
        return self.best[-1][1].cost if len(self.best) == self.room else None

    def offer(self, key: Key, choice: Choice) -> None:
        """Keeps the choice if it is among the best."""
        for index, (known, _) in enumerate(self.best):
            if places_in(known) == places_in(key):
                if known <= key:
                    return
                del self.best[index]
                break
        self.best = sorted([*self.best, (key, choice)], key=_key)[: self.room]


def _key(kept: tuple[Key, Choice]) -> Key:
    return kept[0]


class _Search(Struct, frozen=True, eq=False, gc=False):
    """What stays the same while searching."""

    problem: Problem
    settle: Settle
    exact: bool
    found: Found
    budget: int
    hopeful: Hopeful | None
    earlier: Mapping[int, Place]


class _Child(NamedTuple):
    """A choice with one more trip, and what that could gain at most."""

    choice: Choice
    gain: Gain


def search(problem: Problem, settle: Settle) -> Found:
    """The best choices, true to the formulas where `settle` is."""
    base = start(problem)
    return _searched(problem, settle, problem.trips, Found([(preference(problem, base), base)]), SHORT, None)


def search_on(problem: Problem, settle: Settle, trips: Sequence[Trip], known: Choice, hopeful: Hopeful) -> Found:
    """The best choice alone, of these trips, where a settled one is known that is likely to be it."""
    return _searched(problem, settle, trips, Found([(preference(problem, known), known)], room=1), LONG, hopeful)


def _searched(
    problem: Problem, settle: Settle, trips: Sequence[Trip], found: Found, budget: int, hopeful: Hopeful | None
) -> Found:
    exact = all(trip.exact for trip in problem.trips)
    trips = [trip for trip in trips if any(trip.picks)]
    trips = unbeaten(trips) if exact else trips
    if problem.max_shipments is None or problem.max_shipments > 0:
        earlier = earlier_days(trips) if exact and not problem.groups and any(trip.surcharge for trip in trips) else {}
        going = _Search(problem, settle, exact and not problem.rivals, found, budget, hopeful, earlier)
        base = start(problem)
        if hopeful is None and len(trips) <= budget and problem.extra >= 0 and not any(trip.fixed < 0 for trip in trips):
            _look_at_singles(going, base, trips)
            trips = _among_several(going, base, trips)
        if trips:
            _extend(going, base, [offer_of(trip, problem) for trip in trips])
    return found


def _look_at_singles(search: _Search, base: Choice, trips: Sequence[Trip]) -> None:
    """Looks at each trip alone."""
    problem, found = search.problem, search.found
    alone = {trip.rank: choice for trip in trips if (choice := with_trip(base, trip, problem)) is not None}
    found.alone.update(alone)
    for choice in sorted(alone.values(), key=_cost):
        if (found.worst is not None and choice.cost > found.worst) or (search.exact and choice.cost > base.cost):
            break
        _consider(search, choice)


def _cost(choice: Choice) -> tuple[Decimal, int]:
    return choice.cost, choice.trips[0].rank


def _among_several(search: _Search, base: Choice, trips: Sequence[Trip]) -> Sequence[Trip]:
    """The trips that may be in a set of several that is among the best.

    Such a set has a unit for each trip. It costs no less than another shipment, the cheapest of all for each unit that is wanted,
    and what each of its trips costs by itself and by a unit that is dearer there.
    """
    problem, worst = search.problem, search.found.worst
    if len(trips) < 2 or problem.max_shipments == 1 or sum([want.quantity for want in problem.wants]) == 1:
        return ()
    if worst is None:
        return trips
    cheapest = [_cheapest(line, trips, out[-1][0]) for line, out in enumerate(base.lines)]
    least = sum([cost * want.quantity for cost, want in zip(cheapest, problem.wants, strict=True)], problem.extra)
    alone = [trip.fixed + _dearer(trip, cheapest) for trip in trips]
    room = worst - least - min(alone)
    return [trip for trip, more in zip(trips, alone, strict=True) if more <= room]


def _cheapest(line: int, trips: Sequence[Trip], out: Decimal) -> Decimal:
    """What a unit of the line costs at least, with any of the trips or left out."""
    return min([out, *[picks[0][0] for trip in trips if (picks := trip.picks[line])]])


def _dearer(trip: Trip, cheapest: Sequence[Decimal]) -> Decimal:
    """By how much a unit that goes with the trip exceeds the cheapest of its line, at least."""
    return min([picks[0][0] - cheapest[line] for line, picks in enumerate(trip.picks) if picks])


def _extend(search: _Search, base: Choice, offers: list[Offer]) -> None:
    """Looks at everything that adds some of the trips to the base."""
    gains = gains_of(offers, base, search.problem)
    waiting = _waiting(search, base, gains) if search.earlier else []
    children = _children(search, base, [each for each in gains if each not in waiting] if waiting else gains)
    if len(base.trips) + 1 == search.problem.max_shipments:
        return
    rest = [*[child.gain for child in children], *waiting]
    after = prices_after(rest, base, search.problem)
    for child, prices in zip(children, after[1:], strict=False):
        del rest[0]
        if search.found.complete and rest and not _hopeless(search, child.choice, prices):
            further_on = _hopeful(search, child.choice, [gain.offer for gain in rest])
            if further_on:
                _extend(search, child.choice, further_on)


def _waiting(search: _Search, base: Choice, gains: Sequence[Gain]) -> list[Gain]:
    """Trips that could as well go on an earlier day, on which their node sends nothing yet."""
    going = {None, *[(trip.node, trip.dates.ship_on) for trip in base.trips]}
    return [each for each in gains if search.earlier.get(each.offer.trip.rank) not in going]


def _children(search: _Search, base: Choice, gains: Sequence[Gain]) -> list[_Child]:
    """The base with one of the trips each, the cheapest first; where all is exact, with those that pay."""
    more = surcharges(base) if search.exact else None
    tried = gains if more is None else [each for each in gains if each.net + more >= 0]
    search.found.tried += len(tried)
    search.found.complete = search.found.tried <= search.budget
    children = []
    for gain in tried:
        known = None if base.trips else search.found.alone.get(gain.offer.trip.rank)
        choice = known or with_trip(base, gain.offer.trip, search.problem)
        if choice is not None and (more is None or choice.cost <= base.cost + more):
            children.append(_Child(choice, gain))
    children.sort(key=_by_cost)
    for child in children if base.trips or not search.found.alone else ():  # else they have been looked at
        if search.found.worst is not None and child.choice.cost > search.found.worst:
            break
        _consider(search, child.choice)
    return children


def _by_cost(child: _Child) -> tuple[Decimal, int]:
    return child.choice.cost, child.gain.offer.trip.rank


def _consider(search: _Search, choice: Choice) -> None:
    worst = search.found.worst
    if worst is None or (choice.cost <= worst and choice.cost + _crowded(search.problem, choice) <= worst):
        settled = search.settle(choice)
        if settled is not None:
            search.found.offer(preference(search.problem, settled), settled)


def _hopeful(search: _Search, base: Choice, rest: list[Offer]) -> list[Offer]:
    """The further trips that are worth looking at beside the base."""
    return rest if search.hopeful is None else search.hopeful(base, rest, search.found.best[0][1])


def _hopeless(search: _Search, base: Choice, prices: Prices) -> bool:
    """Whether no set that adds further trips, at these prices, can be among the best; where all is exact, whether none pays."""
    worst, low = search.found.worst, least(base, prices)
    if low is None and search.exact and not surcharges(base):
        return True
    return worst is not None and (base.cost if low is None else low) > worst


def _crowded(problem: Problem, choice: Choice) -> Decimal:
    """What it costs at least that the trips have no room for all units that they bring, where all have a limit."""
    steps = [trip.surcharge[-1] for trip in choice.trips if trip.surcharge]
    if not steps or len(steps) < len(choice.trips) or any(cost < WALL for _, cost in steps):
        return _ZERO
    over = sum([want.quantity for want in problem.wants]) - choice.left_out - sum([room for room, _ in steps])
    dearest = max([pick[0] for picks in choice.lines for pick in picks if pick[1] != LEFT_OUT], default=_ZERO)
    return max(over, 0) * max(_ZERO, min(want.left_out for want in problem.wants) - dearest)
