"""Flow: the best way to spread lines over trips of which several leave from one node, and share its stock.

A minimum-cost flow from the lines over parts of a node's stock to the trips, each of which costs more from some unit on; it
takes the cheapest path that is left, as often as there is one (successive shortest paths: Jewell, 1962; Bellman and Ford).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from orderloom.engine.sourcing.choice import Choice, Lines
from orderloom.engine.sourcing.picks import Pick, Picks, Span, left_out, span
from orderloom.engine.sourcing.ride import WALL
from orderloom.engine.sourcing.steps import ZERO
from orderloom.engine.sourcing.trip import Problem, Trip

_SOURCE, _SINK = 0, 1
_MANY = 1 << 60  #: more units than anyone wants


class _Edge(Struct, eq=False):
    """Units may still go from one place to another at this cost each; those that went can come back by `back`."""

    start: int
    end: int
    cost: Decimal
    room: int
    back: int


class _Network(Struct, eq=False):
    places: int = 2
    edges: list[_Edge] = []

    def place(self) -> int:
        self.places += 1
        return self.places - 1

    def edge(self, start: int, end: int, cost: Decimal, room: int) -> int:
        """Adds an edge; its number."""
        number = len(self.edges)
        self.edges += [_Edge(start, end, cost, room, number + 1), _Edge(end, start, -cost, 0, number)]
        return number

    def gone(self, number: int) -> int:
        """Units that went over an edge."""
        return self.edges[number + 1].room

    def fill(self) -> None:
        """Lets as many units as can be go at the least cost."""
        while path := self._cheapest():
            units = min(edge.room for edge in path)
            for edge in path:
                edge.room -= units
                self.edges[edge.back].room += units

    def _cheapest(self) -> list[_Edge]:
        """The edges of the cheapest path on which there is room; of equally cheap ones, over what was added first."""
        cost: dict[int, Decimal] = {_SOURCE: ZERO}
        by: dict[int, _Edge] = {}
        better = True
        while better:
            better = False
            for edge in self.edges:
                known = cost.get(edge.start) if edge.room else None
                if known is not None and (edge.end not in cost or known + edge.cost < cost[edge.end]):
                    cost[edge.end], by[edge.end], better = known + edge.cost, edge, True
        path: list[_Edge] = []
        place = _SINK
        while place in by and place != _SOURCE:
            path.append(by[place])
            place = by[place].start
        return path


class _Part(NamedTuple):
    """Units of a node's stock that are alike to a line on every trip; over each edge they go by a trip, at a cost each."""

    units: Span
    ways: list[tuple[int, Trip, Decimal]]


def spread(choice: Choice, problem: Problem) -> Lines:
    """What each line takes of the choice's trips so that all together costs least; the trips must be exact.

    Lines of one item are spread as if each had the nodes' stock for itself.
    """
    network = _Network()
    places = {trip.rank: _place(network, trip) for trip in choice.trips}
    lines = [_parts(network, choice.trips, index, problem, places) for index in range(len(problem.wants))]
    network.fill()
    found = []
    for parts, want in zip(lines, problem.wants, strict=True):
        picks = tuple(sorted(pick for part in parts for pick in _picks(network, part)))
        found.append((*picks, *left_out(want.left_out, want.quantity - sum([pick[3] for pick in picks]))))
    return tuple(found)


def _place(network: _Network, trip: Trip) -> int:
    """Where the units of a trip come together, as many as have room."""
    place = network.place()
    steps = trip.surcharge if trip.surcharge and not trip.surcharge[0][0] else ((0, ZERO), *trip.surcharge)
    for (start, cost), (end, _) in pairwise([*steps, (_MANY, ZERO)]):
        if cost < WALL:
            network.edge(place, _SINK, cost, end - start)
    return place


def _parts(network: _Network, trips: Sequence[Trip], index: int, problem: Problem, places: Mapping[int, int]) -> list[_Part]:
    want, line = problem.wants[index], network.place()
    network.edge(_SOURCE, line, ZERO, want.quantity)
    found = []
    for node, units in _cut(trips, index):
        part, room = network.place(), units[1] - units[0]
        network.edge(line, part, ZERO, room)
        costs = [(trip, _cost(trip.picks[index], units)) for trip in trips if trip.node == node]
        ways = [(network.edge(part, places[trip.rank], cost, room), trip, cost) for trip, cost in costs if cost is not None]
        found.append(_Part(units, ways))
    network.edge(line, _SINK, want.left_out, want.quantity)
    return found


def _cut(trips: Sequence[Trip], index: int) -> list[tuple[str, Span]]:
    """The stock of each node, cut wherever a run of units that are equally dear to the line begins or ends."""
    cuts: dict[str, set[int]] = {}
    for trip in trips:
        for pick in trip.picks[index]:
            cuts.setdefault(trip.node, set()).update(span(pick))
    return [(node, units) for node, edges in sorted(cuts.items()) for units in pairwise(sorted(edges))]


def _cost(picks: Picks, units: Span) -> Decimal | None:
    """What each of the units costs by these picks; None where they do not have them."""
    spans = ((span(pick), pick[0]) for pick in picks)
    return next((cost for (start, end), cost in spans if start <= units[0] and units[1] <= end), None)


def _picks(network: _Network, part: _Part) -> Iterator[Pick]:
    """What goes of a part: trips take in their order the units that come first."""
    first = part.units[0]
    for edge, trip, cost in part.ways:
        count = network.gone(edge)
        if count:
            yield cost, trip.rank, first, count
            first += count
