"""A choice: a set of trips with what each line takes from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from orderloom.engine.sourcing.goals import counted
from orderloom.engine.sourcing.picks import LEFT_OUT, Pick, Picks, Span, cost_of, first, left_out, span, units_of, without
from orderloom.engine.sourcing.steps import total
from orderloom.engine.sourcing.trip import Problem, Trip

_ZERO = Decimal(0)
PICKUP = "pickup"  #: the method of services that hand over at the counter

Lines = tuple[Picks, ...]
Key = tuple[object, ...]


class Choice(Struct, frozen=True, eq=False, gc=False):
    """A set of trips, what each line takes, and the cost of it all."""

    trips: tuple[Trip, ...]
    lines: Lines
    cost: Decimal

    @property
    def left_out(self) -> int:
        """Units without a source."""
        return sum([units_of(picks, LEFT_OUT) for picks in self.lines])

    @property
    def places(self) -> tuple[tuple[str, date], ...]:
        """Nodes and days of shipping, in the order of the nodes' ids."""
        return tuple(sorted([(trip.node, trip.dates.ship_on) for trip in self.trips]))


def start(problem: Problem) -> Choice:
    """No trips: every unit is left out."""
    lines = tuple(left_out(want.left_out, want.quantity) for want in problem.wants)
    return Choice((), lines, sum([cost_of(picks) for picks in lines], Decimal(0)))


def real_cost(problem: Problem, choice: Choice) -> Decimal:
    """The cost in money alone."""
    cost = choice.cost - choice.left_out * problem.prohibitive if problem.prohibitive else choice.cost
    return counted(cost, problem.goals)[1] if problem.goals else cost


def with_trip(base: Choice, trip: Trip, problem: Problem) -> Choice | None:
    """The choice with one more trip, each line with its cheapest units; None where it may not come to the others.

    It may not where the node ships on that day already, or would be one place at the counter too many. The cost has no
    surcharges in it.
    """
    if problem.pickup_places is not None and trip.service.method == PICKUP:
        places = counters((*base.trips, trip)) | problem.counters
        if len(places) > problem.pickup_places:
            return None
    cost, trips, before = base.cost + trip.fixed, None, base.trips
    if before:
        cost += problem.extra
        for other in before:
            if other.lane is trip.lane:
                if other.dates.ship_on == trip.dates.ship_on:
                    return None
                trips = problem.trips
    lines: list[Picks] = []
    wants, offered = problem.wants, trip.picks
    for line, picks in enumerate(base.lines):
        more = offered[line]
        if not more or (best := more[0]) >= (dearest := picks[-1]):
            lines.append(picks)
        elif (quantity := wants[line].quantity) == 1:
            lines.append(more[:1] if best[3] == 1 else first(more, 1))
            cost += best[0] - dearest[0]
        elif best[3] == quantity and len(picks) == 1 and trips is None:
            lines.append(more[:1])
            cost += (best[0] - dearest[0]) * quantity
        else:
            taken = _cheaper(picks, more, quantity, trips)
            lines.append(taken)
            cost += cost_of(taken) - cost_of(picks)
    return Choice((*before, trip), tuple(lines), cost)


def counters(trips: Iterable[Trip]) -> set[str]:
    """Nodes that hand over at the counter."""
    return {trip.node for trip in trips if trip.service.method == PICKUP}


def _cheaper(picks: Picks, more: Picks, quantity: int, trips: Sequence[Trip] | None) -> Picks:
    """The cheapest units of both; `trips` are given where both may have the same unit of a node's stock."""
    if more[0][3] >= quantity and more[0] < picks[0] and trips is None:
        return first(more, quantity)
    merged = sorted(picks + more)
    return first(merged if trips is None else _distinct(merged, trips), quantity)


def _distinct(picks: Sequence[Pick], trips: Sequence[Trip]) -> Iterator[Pick]:
    """Of several picks of one unit, the cheapest."""
    spans: dict[str, list[Span]] = {}
    for pick in picks:
        if pick[1] == LEFT_OUT:
            yield pick
        else:
            taken = spans.setdefault(trips[pick[1]].node, [])
            free = list(without(pick, taken))
            taken.extend(span(each) for each in free)
            yield from free


def surcharges(choice: Choice) -> Decimal:
    """What the units of the choice cost on top of their picks."""
    for trip in choice.trips:
        if trip.surcharge:
            return _surcharges(choice)
    return _ZERO


def _surcharges(choice: Choice) -> Decimal:
    found = _ZERO
    units: dict[int, int] = {}
    for picks in choice.lines:
        for _, rank, _, count in picks:
            units[rank] = units.get(rank, 0) + count
    for trip in choice.trips:
        if trip.surcharge and units.get(trip.rank, 0) > trip.surcharge[0][0]:
            found += total(trip.surcharge, units[trip.rank])
    return found


def unused(choice: Choice) -> bool:
    """Whether nothing goes with one of the trips."""
    used = {pick[1] for picks in choice.lines for pick in picks}
    return not used.issuperset([trip.rank for trip in choice.trips])


# --- what decides between choices --------------------------------------------------------------------------------------


def preference(problem: Problem, choice: Choice) -> Key:
    """What decides between choices: cost, then the policy's preferences, then nodes and days."""
    preferred = [_PREFERENCES[name](choice) for name in problem.prefer]
    return (choice.cost, *preferred, choice.places, sorted([trip.rank for trip in choice.trips]))


def places_in(key: Key) -> object:
    """The places of the choice that has this key."""
    return key[-2]


def last_delivery(choice: Choice) -> date:
    """The day on which the last of it is delivered; `date.min` when nothing is sent."""
    trips = choice.trips
    return trips[0].deliver_on if len(trips) == 1 else max([trip.deliver_on for trip in trips], default=date.min)


def _fewer_shipments(choice: Choice) -> int:
    return len(choice.trips)


def _nearer(choice: Choice) -> tuple[bool, Decimal]:
    miles = [trip.lane.miles for trip in choice.trips]
    return None in miles, sum((m for m in miles if m is not None), Decimal(0))


def _node_id(choice: Choice) -> tuple[str, ...]:
    return tuple(sorted([trip.node for trip in choice.trips]))


_PREFERENCES: dict[str, Callable[[Choice], object]] = {
    "fewer shipments": _fewer_shipments,
    "earlier last delivery": last_delivery,
    "nearer": _nearer,
    "node id": _node_id,
}
