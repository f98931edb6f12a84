"""The problem that the search solves: trips to choose from, and the demand of each line, in figures alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from msgspec import Struct

from orderloom.dsl.program import Service
from orderloom.engine.promising.lanes import Lane
from orderloom.engine.promising.promise import Dates
from orderloom.engine.sourcing.demand import Want
from orderloom.engine.sourcing.goals import BEFORE_GOALS, Goals
from orderloom.engine.sourcing.picks import Picks
from orderloom.engine.sourcing.shares import Share
from orderloom.engine.sourcing.steps import Steps

_MONEY = Decimal(10**9)  #: more than any plan costs


class Trip(Struct, frozen=True, eq=False, gc=False):
    """What one node may send of the order on one day by one service.

    `fixed` is what it costs whatever is in it; `picks` are, for each line, the units that it can bring, the cheapest first,
    no more than all lines of the item want. Further units cost a `surcharge` on top of their picks, which never falls. Where
    `exact` is False all of this is only a lower bound, and the true cost is that of the formulas.
    """

    rank: int
    node: str
    lane: Lane
    shares: tuple[Share | None, ...]
    service: Service
    dates: Dates
    deliver_on: date
    fixed: Decimal
    picks: tuple[Picks, ...]
    surcharge: Steps
    exact: bool


Binds = Literal["order", "shipment", "day"]
ORDER: Binds = "order"
SHIPMENT: Binds = "shipment"
DAY: Binds = "day"


class Group(NamedTuple):
    """Lines, by index, of which all are served or none; in one shipment, or delivered on one day, where it `binds` that."""

    lines: tuple[int, ...]
    binds: Binds


class Problem(Struct, frozen=True, eq=False):
    """Trips by rank, the demand, what each shipment after the first costs, and how many there may be (None: any number).

    `rivals` are the wants, by index, that share the units of one item: a unit goes to one of them.
    `prohibitive` is the part of what a unit left out costs that is no cost but keeps it from being left out; 0 where leaving
    it out is weighed against sending it. No more than `pickup_places` nodes may hand over at the counter, those that do so for
    other units of the order (`counters`) among them. `groups` are not kept
    by the search, but by what calls it (see `limits`). `goals` decide before money. Of lines
    in `must` nothing may be left out: it costs `missing` more, which nothing else can come to.
    """

    trips: tuple[Trip, ...]
    wants: tuple[Want, ...]
    extra: Decimal
    max_shipments: int | None
    prohibitive: Decimal
    prefer: tuple[str, ...]
    rivals: tuple[tuple[int, ...], ...] = ()
    pickup_places: int | None = None
    groups: tuple[Group, ...] = ()
    counters: frozenset[str] = frozenset()
    goals: Goals = ()
    must: frozenset[int] = frozenset()

    @property
    def missing(self) -> Decimal:
        """What a unit costs that is left out of a line that must be served, on top of what it costs anyway."""
        return (self.prohibitive or (BEFORE_GOALS if self.goals else _MONEY)) * (1 + sum([want.quantity for want in self.wants]))
