"""Sites: the nodes that could serve an order, what each has for its lines, and why others are out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Sourcing
from orderloom.engine.plan import Candidate
from orderloom.engine.promising.lanes import Begun, Lane, lane_by, lane_contexts
from orderloom.engine.promising.work import Taken
from orderloom.engine.sourcing.costs import Unknown
from orderloom.engine.sourcing.demand import Demand, Want
from orderloom.engine.sourcing.rates import Rates
from orderloom.engine.sourcing.routes import Route
from orderloom.engine.sourcing.shares import Share, share
from orderloom.engine.sourcing.site import Site
from orderloom.engine.sourcing.tariff import Tariff
from orderloom.engine.sourcing.trip import Trip
from orderloom.engine.sourcing.trips import trips
from orderloom.engine.world import World


class Case(Struct, frozen=True, eq=False, gc=False):
    """One order's sourcing: the policy (its formulas remember), its rates, the demand, the world, the moment."""

    policy: Sourcing
    rates: Rates
    demand: Demand
    wants: tuple[Want, ...]
    world: World
    at: datetime
    base: dict[str, object]


class _Way(Struct, frozen=True, eq=False, gc=False):
    """The lane from a node, the first pool that takes it, which has its turn and its name, and its routes."""

    lane: Lane
    turn: int
    pool: str
    routes: tuple[Route, ...]


def sites(case: Case) -> tuple[list[list[Site]], list[Candidate]]:
    """The sites of each pool, in order, and the nodes that are out for every line.

    One thing is done for all nodes before the next: it is quicker to do the same again.
    """
    ways, out = _ways(case)
    taken: dict[str, Taken] = defaultdict(lambda: defaultdict(int))
    demand, rates, world = case.demand, case.rates, case.world
    found = [[share(way.lane, way.pool, want, demand, rates, world, taken) for way in ways] for want in case.wants]
    pools: list[list[Site]] = [[] for _ in case.policy.pools]
    for way, *given in zip(ways, *found, strict=True):
        shares = tuple([each if type(each) is Share else None for each in given])
        refusals = tuple(_refusals(case.wants, given)) if None in shares else ()
        if any(shares):
            pools[way.turn].append(Site(way.lane.node.id, way.lane, way.pool, way.routes, shares, refusals))
        else:
            out += refusals
    return pools, sorted(out, key=_node)


def _ways(case: Case) -> tuple[list[_Way], list[Candidate]]:
    """The lanes from nodes that have any of the items, and nodes from which none leads."""
    world, promising = case.world, case.rates.promising
    holders = {node for want in case.wants for node in world.stock.nodes_of(want.line.item)}
    if world.program.replenishment:
        holders |= world.catalog.nodes.keys()
    nodes = [world.catalog.nodes[node] for node in sorted(holders & world.catalog.nodes.keys())]
    contexts = lane_contexts(nodes, case.base, promising, world)
    stands = [case.rates.stand(context) for context in contexts]
    ways: list[_Way] = []
    out: list[Candidate] = []
    begun: Begun = {}
    for node, context, stand in zip(nodes, contexts, stands, strict=True):
        if stand.pool is None:
            out.append(Candidate(node.id, "in no pool of the policy", origin=str(case.policy.origin)))
            continue
        pool = case.policy.pools[stand.pool].name
        lane = lane_by(stand.terms, node, context, promising, world, case.at, begun)
        if isinstance(lane, Lane):
            ways.append(_Way(lane, stand.pool, pool, stand.routes))
        else:
            out.append(Candidate(node.id, lane, pool, origin=str(promising.origin)))
    return ways, out


def _refusals(wants: Sequence[Want], given: Sequence[Share | Candidate]) -> Iterator[Candidate]:
    """Why a node gives nothing, for each line that it gives nothing."""
    for want, each in zip(wants, given, strict=True):
        if isinstance(each, Candidate):
            yield from [each] if len(want.parts) == 1 else [replace(each, line=line) for line, _ in want.parts]


def _node(candidate: Candidate) -> str:
    return candidate.node


def trips_of(found: Sequence[Site], tariff: Tariff) -> tuple[tuple[Trip, ...], list[Candidate]]:
    """The trips of the sites, ranked in the order of the nodes' ids, and the sites whose cost cannot be worked out."""
    found = sorted(found, key=_id)
    try:
        return trips(found, tariff), []
    except Unknown:
        unknown = {site.node: why for site in found if (why := _unknown(site, tariff))}
        return trips([site for site in found if site.node not in unknown], tariff), list(unknown.values())


def _id(site: Site) -> str:
    return site.node


def _unknown(site: Site, tariff: Tariff) -> Candidate | None:
    """Why the costs of the site cannot be worked out; None where they can."""
    try:
        trips((site,), tariff)
    except Unknown as unknown:
        return Candidate(site.node, str(unknown), site.pool, origin=unknown.origin)
    return None
