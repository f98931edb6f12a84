"""The search for the cheapest plan: exact branch and bound over sets of trips.

Given a set of trips, each line takes its cheapest units, which is the best it can do. What one more trip saves never grows
when other trips are there already (costs of units do not fall as more are taken), so a trip that does not pay now pays in no
larger set either: the search adds only trips that pay, and stops where even the cheapest units of all trips together could
not make up for another shipment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from orderloom.engine.sourcing.trip import LEFT_OUT, Pick, Problem, Trip

KEPT = 3  #: plans that are looked for: the winner and the best alternatives, each with other nodes or days
_BUDGET = 20_000  #: sets of trips that one search looks at before it settles for the best so far

Lines = tuple[tuple[Pick, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """A set of trips, what each line takes, and the cost of it all."""

    trips: tuple[Trip, ...]
    lines: Lines
    cost: Decimal

    @property
    def left_out(self) -> int:
        """Units without a source."""
        return sum(rank == LEFT_OUT for picks in self.lines for _, rank, _ in picks)

    @property
    def places(self) -> tuple[tuple[str, date], ...]:
        """Nodes and days of shipping, in the order of the nodes' ids."""
        return tuple(sorted((trip.node, trip.dates.ship_on) for trip in self.trips))


Pricing = Callable[[Choice], Choice | None]
Key = tuple[object, ...]


@dataclass(slots=True, eq=False)
class Found:
    """The best choices so far, the best first, each with other nodes or days; and how many sets were looked at."""

    best: list[tuple[Key, Choice]] = field(default_factory=list)
    looked_at: int = 0

    @property
    def worst(self) -> Decimal | None:
        """The cost that a further choice must not exceed; None while there is room."""
        return self.best[-1][1].cost if len(self.best) == KEPT else None

    @property
    def complete(self) -> bool:
        """Whether nothing was left unseen."""
        return self.looked_at <= _BUDGET


def search(problem: Problem, pricing: Pricing | None = None) -> Found:
    """The best choices; `pricing` gives the true cost and picks of a set of trips where the trips' figures are bounds."""
    found = Found()
    base = start(problem)
    _offer(found, problem, base, pricing)
    trips = list(problem.trips) if pricing else _worth_keeping(problem.trips)
    if problem.max_shipments is None or problem.max_shipments > 0:
        _extend(found, problem, base, trips, _cheapest(base, trips), pricing)
    return found


def start(problem: Problem) -> Choice:
    """No trips: every unit is left out."""
    lines = tuple(tuple((want.left_out, LEFT_OUT, n) for n in range(want.quantity)) for want in problem.wants)
    return Choice((), lines, sum((pick[0] for picks in lines for pick in picks), Decimal(0)))


def preference(problem: Problem, choice: Choice) -> Key:
    """What decides between choices: cost, then the policy's preferences, then nodes and days."""
    return (choice.cost, *(_PREFERENCES[name](choice) for name in problem.prefer), choice.places, [t.rank for t in choice.trips])


def _fewer_shipments(choice: Choice) -> int:
    return len(choice.trips)


def last_delivery(choice: Choice) -> date:
    """The day on which the last of it is delivered; `date.min` when nothing is sent."""
    return max((trip.deliver_on for trip in choice.trips), default=date.min)


def _nearer(choice: Choice) -> tuple[bool, Decimal]:
    miles = [trip.lane.miles for trip in choice.trips]
    return None in miles, sum((m for m in miles if m is not None), Decimal(0))


def _node_id(choice: Choice) -> tuple[str, ...]:
    return tuple(sorted(trip.node for trip in choice.trips))


_PREFERENCES: dict[str, Callable[[Choice], object]] = {
    "fewer shipments": _fewer_shipments,
    "earlier last delivery": last_delivery,
    "nearer": _nearer,
    "node id": _node_id,
}


def _extend(found: Found, problem: Problem, base: Choice, trips: list[Trip], floor: Decimal, pricing: Pricing | None) -> None:
    """Looks at everything that adds some of the trips to the base; `floor` is the least that all lines together can cost."""
    children = []
    for trip in trips:
        child = with_trip(base, trip, problem)
        if child is None or (pricing is None and child.cost > base.cost):
            continue
        children.append((child, trip))
        _offer(found, problem, child, pricing)
    if len(base.trips) + 1 == problem.max_shipments:
        return
    children.sort(key=lambda each: (each[0].cost, each[1].rank))
    for index, (child, _) in enumerate(children[:-1]):
        rest = [trip for _, trip in children[index + 1 :]]
        if found.complete and not _hopeless(found, problem, child, rest, floor):
            _extend(found, problem, child, rest, floor, pricing)


def _hopeless(found: Found, problem: Problem, base: Choice, trips: list[Trip], floor: Decimal) -> bool:
    """Whether no set that adds one or more of the trips can still be among the best."""
    if found.worst is None:
        return False
    fixed = sum((trip.fixed for trip in base.trips), problem.extra * len(base.trips))
    return fixed + min(trip.fixed for trip in trips) + floor > found.worst


def with_trip(base: Choice, trip: Trip, problem: Problem) -> Choice | None:
    """The choice with one more trip; None where the node ships on that day already."""
    same_node = [other for other in base.trips if other.lane is trip.lane]
    if any(other.dates.ship_on == trip.dates.ship_on for other in same_node):
        return None
    lines = tuple(
        _cheaper(picks, more, problem.trips if same_node else None) if more else picks
        for picks, more in zip(base.lines, trip.picks, strict=True)
    )
    cost = base.cost + trip.fixed + (problem.extra if base.trips else 0)
    for before, after in zip(base.lines, lines, strict=True):
        if after is not before:
            cost += sum(pick[0] for pick in after) - sum(pick[0] for pick in before)
    return Choice((*base.trips, trip), lines, cost)


def _cheaper(picks: tuple[Pick, ...], more: tuple[Pick, ...], trips: Sequence[Trip] | None) -> tuple[Pick, ...]:
    """The cheapest of both, as many as before; `trips` are given where both may have the same unit of a node's stock."""
    if more[0] >= picks[-1]:
        return picks
    if len(picks) == 1:
        return more[:1]
    merged = sorted(picks + more)
    return tuple((merged if trips is None else _distinct(merged, trips))[: len(picks)])


def _distinct(picks: list[Pick], trips: Sequence[Trip]) -> list[Pick]:
    """Of several picks of one unit, the cheapest."""
    units: dict[tuple[str | None, int], Pick] = {}
    for pick in picks:
        _, rank, unit = pick
        units.setdefault((None, unit) if rank == LEFT_OUT else (trips[rank].node, abs(unit)), pick)
    return list(units.values())


def _offer(found: Found, problem: Problem, choice: Choice, pricing: Pricing | None) -> None:
    """Keeps the choice if it is among the best. A trip that nothing goes with makes it no plan."""
    found.looked_at += 1
    if found.worst is not None and choice.cost > found.worst:
        return
    used = {rank for picks in choice.lines for _, rank, _ in picks}
    if pricing is None and any(trip.rank not in used for trip in choice.trips):
        return
    priced = pricing(choice) if pricing else choice
    if priced is None:
        return
    key = preference(problem, priced)
    for index, (other_key, other) in enumerate(found.best):
        if other.places == priced.places:
            if key < other_key:
                found.best[index] = (key, priced)
            break
    else:
        found.best.append((key, priced))
    found.best.sort(key=lambda each: each[0])
    del found.best[KEPT:]


def _cheapest(base: Choice, trips: Sequence[Trip]) -> Decimal:
    """The least that all lines can cost, shipments aside: every line takes the cheapest units of all trips."""
    least = Decimal(0)
    for index, picks in enumerate(base.lines):
        units = sorted(pick[0] for each in (picks, *(trip.picks[index] for trip in trips)) for pick in each)
        least += sum(units[: len(picks)], Decimal(0))
    return least


def _worth_keeping(trips: Sequence[Trip]) -> list[Trip]:
    """Without services that another service of the same node and day beats whatever is sent."""
    return [trip for trip in trips if not any(_beats(other, trip) for other in trips if other.lane is trip.lane)]


def _beats(one: Trip, other: Trip) -> bool:
    if one is other or one.dates != other.dates or one.fixed > other.fixed:
        return False
    sooner = (one.deliver_on, one.rank) < (other.deliver_on, other.rank)
    return (one.fixed < other.fixed or sooner) and _no_dearer(one, other)


def _no_dearer(one: Trip, other: Trip) -> bool:
    return all(
        len(a) >= len(b) and all(x[0] <= y[0] for x, y in zip(a, b, strict=False))
        for a, b in zip(one.picks, other.picks, strict=True)
    )
