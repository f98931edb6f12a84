"""Sites: the nodes that could serve an order, what each has for its lines, and why others are out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Sourcing
from orderloom.engine.catalog import Node
from orderloom.engine.plan import Candidate
from orderloom.engine.promising.lanes import Begun, Lane, lane_by, lane_context
from orderloom.engine.promising.work import Taken
from orderloom.engine.sourcing.costs import Unknown
from orderloom.engine.sourcing.demand import Demand, Want
from orderloom.engine.sourcing.rates import Rates
from orderloom.engine.sourcing.routes import Route, Stand
from orderloom.engine.sourcing.shares import Share, share
from orderloom.engine.sourcing.tariff import Tariff
from orderloom.engine.sourcing.trip import Trip
from orderloom.engine.sourcing.trips import trips
from orderloom.engine.world import World


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One order's sourcing: the policy (its formulas remember), its rates, the demand, the world, the moment."""

    policy: Sourcing
    rates: Rates
    demand: Demand
    wants: tuple[Want, ...]
    world: World
    at: datetime
    base: dict[str, object]


class Site(Struct, frozen=True, eq=False, gc=False):
    """A node in the first pool that takes it, its routes, its share for each line (None: nothing), why it gives no more."""

    lane: Lane
    pool: str
    routes: tuple[Route, ...]
    shares: tuple[Share | None, ...]
    refusals: tuple[Candidate, ...]

    @property
    def node(self) -> str:
        """The node's id."""
        return self.lane.node.id


def sites(case: Case) -> tuple[list[list[Site]], list[Candidate]]:
    """The sites of each pool, in order, and the nodes that are out for every line."""
    pools: list[list[Site]] = [[] for _ in case.policy.pools]
    out: list[Candidate] = []
    holders = {node for want in case.wants for node in case.world.stock.nodes_of(want.line.item)}
    if case.world.program.replenishment:
        holders |= case.world.catalog.nodes.keys()
    begun: Begun = {}
    for node_id in sorted(holders & case.world.catalog.nodes.keys()):
        node = case.world.catalog.nodes[node_id]
        context = lane_context(node, case.base, case.rates.promising, case.world)
        stand = case.rates.stand(context)
        if stand.pool is None:
            out.append(Candidate(node_id, "in no pool of the policy", origin=str(case.policy.origin)))
            continue
        site = _site(node, context, stand, case, begun)
        if isinstance(site, Site):
            pools[stand.pool].append(site)
        else:
            out.extend(site)
    return pools, out


def _site(node: Node, context: dict[str, object], stand: Stand, case: Case, begun: Begun) -> Site | tuple[Candidate, ...]:
    """The site, or why it is none."""
    assert stand.pool is not None
    pool, promising = case.policy.pools[stand.pool].name, case.rates.promising
    found = lane_by(stand.terms, node, context, promising, case.world, case.at, begun)
    if isinstance(found, str):
        return (Candidate(node.id, found, pool, origin=str(promising.origin)),)
    taken: Taken = defaultdict(int)
    given: list[Share | None] = []
    refusals: list[Candidate] = []
    for want in case.wants:
        each = share(found, pool, want, case.demand, case.rates, case.world, taken)
        if isinstance(each, Share):
            given.append(each)
        else:
            given.append(None)
            refusals += [each] if len(want.parts) == 1 else [replace(each, line=line) for line, _ in want.parts]
    return Site(found, pool, stand.routes, tuple(given), tuple(refusals)) if any(given) else tuple(refusals)


def trips_of(found: list[Site], tariff: Tariff) -> tuple[tuple[Trip, ...], list[Candidate]]:
    """The trips of the sites, ranked in the order of the nodes' ids, and the sites whose cost cannot be worked out."""
    made: list[Trip] = []
    out = []
    for site in sorted(found, key=lambda site: site.node):
        try:
            made.extend(trips(site.lane, site.routes, site.shares, tariff, len(made)))
        except Unknown as unknown:
            out.append(Candidate(site.node, str(unknown), site.pool, origin=unknown.origin))
    return tuple(made), out
