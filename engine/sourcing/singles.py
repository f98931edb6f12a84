"""Single units: what one unit of a line would cost from each node, whatever else the order takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from orderloom.dsl.feel.arithmetic import arithmetic
from orderloom.dsl.program import Sourcing
from orderloom.engine.sourcing.case import Case
from orderloom.engine.sourcing.costs import Unknown
from orderloom.engine.sourcing.demand import Demand
from orderloom.engine.sourcing.sites import sites, trips_of
from orderloom.engine.sourcing.solve import case_of
from orderloom.engine.sourcing.tariff import tariff
from orderloom.engine.sourcing.trip import Trip
from orderloom.engine.sourcing.wants import weighed
from orderloom.engine.world import World


class Single(NamedTuple):
    """A unit of a line from one node: what its shipment costs whatever is in it, and what the unit itself costs."""

    fixed: Decimal
    own: Decimal


class Singles(NamedTuple):
    """The trips that may bring a unit of a line, by node, and what it costs not to serve it.

    Where not serving is not weighed by the policy, it is None.
    """

    by_node: Mapping[str, tuple[Single, ...]]
    not_served: Decimal | None


def singles(policy: Sourcing, demand: Demand, world: World, at: datetime) -> Mapping[str, Singles]:
    """By line, from every pool. Empty where a cost of the order cannot be worked out."""
    with arithmetic():
        try:
            case = case_of(policy, demand, world, at)
            found = [site for pool in sites(case)[0] for site in pool]
            trips, _ = trips_of(found, tariff(case.rates, case.policy.late, demand.order, case.wants, case.world.stock))
        except Unknown:
            return {}
        return {want.line.id: _of_line(index, trips, case) for index, want in enumerate(case.wants)}


def _of_line(index: int, trips: Iterable[Trip], case: Case) -> Singles:
    by_node: dict[str, tuple[Single, ...]] = {}
    for trip in trips:
        if trip.picks[index]:
            single = Single(trip.fixed, trip.picks[index][0][0])
            by_node[trip.node] = (*by_node.get(trip.node, ()), single)
    return Singles(by_node, case.wants[index].left_out if weighed(case.rates) else None)
