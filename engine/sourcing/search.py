"""The search for the cheapest plan: exact branch and bound over sets of trips.

Given a set of trips, each line takes its cheapest units, which is the best it can do. Trips are substitutes: what one more
saves never grows when others are there already (Shapley, 1961, on network flow; costs of further units never fall). So a
trip that does not pay now pays in no larger set either: the search adds only trips that pay, and stops where even the
cheapest units of all trips together could not make up for another shipment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from orderloom.engine.sourcing.choice import Choice, Key, preference, start, with_trip
from orderloom.engine.sourcing.picks import Picks, units_of
from orderloom.engine.sourcing.steps import total
from orderloom.engine.sourcing.trip import Problem, Trip

_KEPT = 3  #: plans that are looked for: the winner and the best alternatives, each with other nodes or days
SHORT = 4_000  #: trips that a search tries, each beside a set of others, before it gives up
LONG = 100_000  #: and where it begins with a choice that is likely to be the best

#: The best way to use every trip of a choice, at its true cost; None where there is no way.
Settle = Callable[[Choice], Choice | None]

#: Whether a choice with some of the further trips, or with none, costs more than the best, by whatever else is known.
Beaten = Callable[[Choice, Sequence[Trip], Choice], bool]


@dataclass(slots=True, eq=False)
class Found:
    """The best choices, the best first, each with other nodes or days.

    `complete` when the search came to its end. A choice that was not looked at costs no less than `bound`; None where all were.
    """

    best: list[tuple[Key, Choice]] = field(default_factory=list)
    room: int = _KEPT
    tried: int = 0
    complete: bool = True
    bound: Decimal | None = None

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
        for index, (known, other) in enumerate(self.best):
            if other.places == choice.places:
                if known <= key:
                    return
                del self.best[index]
                break
        self.best = sorted([*self.best, (key, choice)], key=lambda each: each[0])[: self.room]


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """What stays the same while searching."""

    problem: Problem
    settle: Settle
    exact: bool
    found: Found
    budget: int
    beaten: Beaten | None


class _Cheapest(NamedTuple):
    """Of several trips, the least fixed cost, and for each line that of the cheapest unit, None where none brings any."""

    fixed: Decimal
    units: list[Decimal | None]


def search(problem: Problem, settle: Settle) -> Found:
    """The best choices, true to the formulas where `settle` is."""
    base = start(problem)
    return _searched(problem, settle, problem.trips, Found([(preference(problem, base), base)]), SHORT, None)


def search_on(problem: Problem, settle: Settle, trips: Sequence[Trip], known: Choice, beaten: Beaten) -> Found:
    """The best choice alone, of these trips, where a settled one is known that is likely to be it."""
    return _searched(problem, settle, trips, Found([(preference(problem, known), known)], room=1), LONG, beaten)


def _searched(problem: Problem, settle: Settle, trips: Sequence[Trip], found: Found, budget: int, beaten: Beaten | None) -> Found:
    exact = all(trip.exact for trip in problem.trips)
    trips = [trip for trip in trips if any(trip.picks)]
    trips = _unbeaten(trips) if exact else trips
    if problem.max_shipments is None or problem.max_shipments > 0:
        _extend(_Search(problem, settle, exact and not problem.rivals, found, budget, beaten), start(problem), trips)
    return found


def _extend(search: _Search, base: Choice, trips: list[Trip]) -> None:
    """Looks at everything that adds some of the trips to the base."""
    search.found.tried += len(trips)
    search.found.complete = search.found.tried <= search.budget
    children = []
    ceiling = base.cost + surcharges(base) if search.exact else None
    for trip in trips:
        child = with_trip(base, trip, search.problem)
        if child is not None and (ceiling is None or child.cost <= ceiling):
            children.append((child, trip))
            _consider(search, child)
    if len(base.trips) + 1 == search.problem.max_shipments:
        return
    children.sort(key=lambda each: (each[0].cost, each[1].rank))
    rest = [trip for _, trip in children]
    for (child, _), after in zip(children[:-1], _cheapest_after(rest), strict=True):
        del rest[0]
        if search.found.complete and not _hopeless(search, child, after) and not _beaten(search, child, rest):
            _extend(search, child, rest)


def _consider(search: _Search, choice: Choice) -> None:
    worst = search.found.worst
    if worst is None or choice.cost <= worst:
        settled = search.settle(choice)
        if settled is not None:
            search.found.offer(preference(search.problem, settled), settled)


def _cheapest_after(trips: Sequence[Trip]) -> list[_Cheapest]:
    """For each trip but the last, the cheapest of the trips that follow it."""
    after: list[_Cheapest] = []
    if len(trips) > 1:
        last = trips[-1]
        after.append(_Cheapest(last.fixed, [picks[0][0] if picks else None for picks in last.picks]))
    for trip in trips[-2:0:-1]:
        fixed, units = after[-1]
        units = [
            known if not picks or (known is not None and known <= picks[0][0]) else picks[0][0]
            for known, picks in zip(units, trip.picks, strict=True)
        ]
        after.append(_Cheapest(min(fixed, trip.fixed), units))
    return after[::-1]


def _beaten(search: _Search, base: Choice, rest: Sequence[Trip]) -> bool:
    return search.beaten is not None and search.beaten(base, rest, search.found.best[0][1])


def _hopeless(search: _Search, base: Choice, cheapest: _Cheapest) -> bool:
    """Whether no set that adds one or more trips, the cheapest of which are these, can be among the best."""
    worst = search.found.worst
    if worst is None:
        return False
    least = base.cost + search.problem.extra + cheapest.fixed
    for picks, cost in zip(base.lines, cheapest.units, strict=True):
        if cost is not None and picks[-1][0] > cost:
            least -= sum([(pick[0] - cost) * pick[3] for pick in picks if pick[0] > cost])
    return least > worst


def surcharges(choice: Choice) -> Decimal:
    """What the units of the choice cost on top of their picks."""
    found = Decimal(0)
    for trip in choice.trips:
        if trip.surcharge:
            found += total(trip.surcharge, sum([units_of(picks, trip.rank) for picks in choice.lines]))
    return found


def unused(choice: Choice) -> bool:
    """Whether nothing goes with one of the trips."""
    used = {pick[1] for picks in choice.lines for pick in picks}
    return any(trip.rank not in used for trip in choice.trips)


def _unbeaten(trips: Sequence[Trip]) -> list[Trip]:
    """Without services that another service of the same node and day beats, whatever is sent."""
    of_node = {node: list(group) for node, group in groupby(trips, key=lambda trip: trip.node)}
    return [trip for trip in trips if not any(_beats(other, trip) for other in of_node[trip.node])]


def _beats(one: Trip, other: Trip) -> bool:
    if one is other or one.dates != other.dates or one.fixed > other.fixed or one.surcharge != other.surcharge:
        return False
    if one.service.method != other.service.method:  # of which there may be too many
        return False
    sooner = (one.deliver_on, one.rank) < (other.deliver_on, other.rank)
    return (one.fixed < other.fixed or sooner) and _no_dearer(one, other)


def _no_dearer(one: Trip, other: Trip) -> bool:
    return all(_covers(a, b) for a, b in zip(one.picks, other.picks, strict=True))


def _covers(one: Picks, other: Picks) -> bool:
    """Whether the n-th unit of the first costs no more than that of the second, for each that the second has."""
    if len(one) == 1 and len(other) == 1:
        return one[0][3] >= other[0][3] and one[0][0] <= other[0][0]
    ahead = wanted = index = 0
    for cost, _, _, count in other:
        wanted += count
        while ahead < wanted and index < len(one):
            ahead += one[index][3]
            index += 1
        if ahead < wanted or one[index - 1][0] > cost:
            return False
    return True
