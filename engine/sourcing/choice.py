"""A choice: a set of trips with what each line takes from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from orderloom.engine.sourcing.trip import LEFT_OUT, Pick, Problem, Trip

Lines = tuple[tuple[Pick, ...], ...]
Key = tuple[object, ...]


class Choice(Struct, frozen=True, eq=False):
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


def start(problem: Problem) -> Choice:
    """No trips: every unit is left out."""
    lines = tuple(tuple((want.left_out, LEFT_OUT, n) for n in range(want.quantity)) for want in problem.wants)
    return Choice((), lines, sum((pick[0] for picks in lines for pick in picks), Decimal(0)))


def real_cost(problem: Problem, choice: Choice) -> Decimal:
    """The cost in money alone."""
    return choice.cost - choice.left_out * problem.prohibitive


def with_trip(base: Choice, trip: Trip, problem: Problem) -> Choice | None:
    """The choice with one more trip, each line with its cheapest units; None where the node ships on that day already.

    The cost has no surcharges in it.
    """
    trips = None
    for other in base.trips:
        if other.lane is trip.lane:
            if other.dates.ship_on == trip.dates.ship_on:
                return None
            trips = problem.trips
    cost = base.cost + trip.fixed
    if base.trips:
        cost += problem.extra
    lines = list(base.lines)
    for index, more in enumerate(trip.picks):
        picks = lines[index]
        if more and more[0] < picks[-1]:
            lines[index] = better = _cheaper(picks, more, trips)
            cost += _sum(better) - _sum(picks)
    return Choice((*base.trips, trip), tuple(lines), cost)


def _sum(picks: tuple[Pick, ...]) -> Decimal:
    return picks[0][0] if len(picks) == 1 else sum([pick[0] for pick in picks], Decimal(0))


def _cheaper(picks: tuple[Pick, ...], more: tuple[Pick, ...], trips: Sequence[Trip] | None) -> tuple[Pick, ...]:
    """The cheapest of both, as many as before; `trips` are given where both may have the same unit of a node's stock."""
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


# --- what decides between choices --------------------------------------------------------------------------------------


def preference(problem: Problem, choice: Choice) -> Key:
    """What decides between choices: cost, then the policy's preferences, then nodes and days."""
    preferred = [_PREFERENCES[name](choice) for name in problem.prefer]
    return (choice.cost, *preferred, choice.places, [trip.rank for trip in choice.trips])


def last_delivery(choice: Choice) -> date:
    """The day on which the last of it is delivered; `date.min` when nothing is sent."""
    return max((trip.deliver_on for trip in choice.trips), default=date.min)


def _fewer_shipments(choice: Choice) -> int:
    return len(choice.trips)


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
