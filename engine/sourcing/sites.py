"""Sites: the nodes that could serve an order, what each has for its lines, and why others are out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Pool, Sourcing
from orderloom.engine.catalog import Node
from orderloom.engine.plan import Candidate
from orderloom.engine.promising.lanes import Lane, lane, lane_context
from orderloom.engine.promising.work import Taken
from orderloom.engine.sourcing.costs import Unknown
from orderloom.engine.sourcing.demand import Demand, Want
from orderloom.engine.sourcing.rates import Rates
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


class Site(Struct, frozen=True, eq=False):
    """A node in the first pool that takes it, its share for each line (None: nothing), and what it cannot give and why."""

    lane: Lane
    pool: str
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
    for node_id in sorted(holders & case.world.catalog.nodes.keys()):
        node = case.world.catalog.nodes[node_id]
        context = lane_context(node, case.base, case.rates.promising, case.world)
        index = pool_of(context, case.policy.pools)
        if index is None:
            out.append(Candidate(node_id, "in no pool of the policy", origin=str(case.policy.origin)))
            continue
        site = _site(node, context, case.policy.pools[index].name, case)
        if isinstance(site, Site):
            pools[index].append(site)
        else:
            out.extend(site)
    return pools, out


def pool_of(context: dict[str, object], pools: tuple[Pool, ...]) -> int | None:
    """The index of the first pool that takes the node of a lane."""
    return next((index for index, pool in enumerate(pools) if pool.nodes.evaluate(context) is True), None)


def _site(node: Node, context: dict[str, object], pool: str, case: Case) -> Site | tuple[Candidate, ...]:
    """The site, or why it is none."""
    found = lane(node, context, case.rates.promising, case.world, case.at)
    if isinstance(found, str):
        return (Candidate(node.id, found, pool, origin=str(case.rates.promising.origin)),)
    taken: Taken = Counter()
    shares = [share(found, want, case.demand, case.rates, case.world, taken) for want in case.wants]
    refusals = tuple(refusal for each, want in zip(shares, case.wants, strict=True) for refusal in _refusals(each, want, pool))
    given = tuple(None if isinstance(each, Candidate) else each for each in shares)
    return Site(found, pool, given, refusals) if any(given) else refusals


def _refusals(found: Share | Candidate, want: Want, pool: str) -> list[Candidate]:
    """Why nothing is to be had, for each of the want's lines."""
    return [replace(found, pool=pool, line=line) for line, _ in want.parts] if isinstance(found, Candidate) else []


def trips_of(found: list[Site], tariff: Tariff) -> tuple[tuple[Trip, ...], list[Candidate]]:
    """The trips of the sites, ranked in the order of the nodes' ids, and the sites whose cost cannot be worked out."""
    made: list[Trip] = []
    out = []
    for site in sorted(found, key=lambda site: site.node):
        try:
            made.extend(list(trips(site.lane, site.shares, tariff, len(made))))
        except Unknown as unknown:
            out.append(Candidate(site.node, str(unknown), site.pool, origin=unknown.origin))
    return tuple(made), out
