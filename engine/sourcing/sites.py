"""Sites: the nodes that could serve an order, what each has for its lines, and why others are out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from orderloom.engine.access.grants import has_borders
from orderloom.engine.plan import Candidate
from orderloom.engine.promising.borders import border
from orderloom.engine.promising.lanes import Begun, Lane, lane_by, lane_contexts
from orderloom.engine.promising.work import Taken
from orderloom.engine.sourcing.case import Case, Way
from orderloom.engine.sourcing.costs import Unknown
from orderloom.engine.sourcing.shares import Refusals, shares_of
from orderloom.engine.sourcing.site import Site
from orderloom.engine.sourcing.tariff import Tariff
from orderloom.engine.sourcing.trip import Trip
from orderloom.engine.sourcing.trips import trips


def sites(case: Case) -> tuple[list[list[Site]], list[Candidate]]:
    """The sites of each pool, in order, and the nodes that are out for every line.

    One thing is done for all nodes before the next: it is quicker to do the same again.
    """
    ways, out = _ways(case)
    taken: dict[str, Taken] = defaultdict(lambda: defaultdict(int))
    refusals: Refusals = defaultdict(list)
    found = [shares_of(want, ways, case, taken, refusals) for want in case.wants]
    pools: list[list[Site]] = [[] for _ in case.policy.pools]
    for way, shares in zip(ways, zip(*found, strict=True), strict=bool(found)):
        node = way.lane.node.id
        refused = tuple(refusals[node]) if None in shares else ()
        if any(shares):
            pools[way.turn].append(Site(node, way.lane, way.pool, way.routes, shares, refused))
        else:
            out += refused
    return pools, sorted(out, key=_node)


def _ways(case: Case) -> tuple[list[Way], list[Candidate]]:
    """The lanes from nodes that have any of the items, and nodes from which none leads."""
    world, promising, policy = case.world, case.rates.promising, case.policy
    known, calendars = world.catalog.nodes, world.program.calendars
    holders = {node for want in case.wants for node in world.stock.of_item(want.line.item)}
    if world.program.replenishment:
        holders |= known.keys()
    nodes = [known[node] for node in sorted(holders) if node in known]
    contexts = lane_contexts(nodes, case.base, promising, world)
    stands = [case.rates.stand(context) for context in contexts]
    bordered = has_borders(world.program)
    ways: list[Way] = []
    out: list[Candidate] = []
    begun: Begun = {}
    for node, context, (turn, terms, routes) in zip(nodes, contexts, stands, strict=True):
        if turn is None:
            out.append(Candidate(node.id, "in no pool of the policy", origin=str(policy.origin)))
            continue
        pool = policy.pools[turn].name
        lane = lane_by(terms, node, context, promising, calendars, case.at, begun)
        if isinstance(lane, Lane):
            between = border(world, node.id, promising, context) if bordered else None
            ways.append(Way(lane, turn, pool, routes, between))
        else:
            out.append(Candidate(node.id, lane, pool, origin=str(promising.origin)))
    return ways, out


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
