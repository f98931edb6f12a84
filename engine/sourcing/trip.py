"""The problem that the search solves: trips to choose from, and the demand of each line, in figures alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from orderloom.dsl.program import Service
from orderloom.engine.lanes import Lane
from orderloom.engine.promise import Dates
from orderloom.engine.sourcing.demand import Want
from orderloom.engine.sourcing.shares import Share

#: One unit that a line may have: its cost, the rank of the trip that brings it, and which unit of the node's stock it is.
#: A unit that is left out has the rank `LEFT_OUT`.
Pick = tuple[Decimal, int, int]

LEFT_OUT = 1 << 30


class Trip(Struct, frozen=True, eq=False):
    """What one node may send of the order on one day by one service.

    `fixed` is what it costs whatever is in it; `picks` are, for each line, the units that it can bring, the cheapest first,
    no more than the line wants. The n-th unit of all costs `surcharge[n - 1]` more, which never falls. Where `exact` is
    False all of this is only a lower bound, and the true cost is that of the formulas.
    """

    rank: int
    lane: Lane
    shares: tuple[Share | None, ...]
    service: Service
    dates: Dates
    deliver_on: date
    fixed: Decimal
    picks: tuple[tuple[Pick, ...], ...]
    surcharge: tuple[Decimal, ...]
    exact: bool

    @property
    def node(self) -> str:
        """The node's id."""
        return self.lane.node.id


class Problem(Struct, frozen=True, eq=False):
    """Trips by rank, the demand, what each shipment after the first costs, and how many there may be (None: any number).

    `prohibitive` is the part of what a unit left out costs that is no cost but keeps it from being left out; 0 where leaving
    it out is weighed against sending it.
    """

    trips: tuple[Trip, ...]
    wants: tuple[Want, ...]
    extra: Decimal
    max_shipments: int | None
    prohibitive: Decimal
    prefer: tuple[str, ...]
