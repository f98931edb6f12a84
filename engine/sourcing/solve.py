"""From a case to its solution: pools in order, trips, the search."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Formula, Sourcing
from orderloom.engine.numbers import number
from orderloom.engine.plan import Candidate
from orderloom.engine.sourcing.case import Case
from orderloom.engine.sourcing.choice import Choice
from orderloom.engine.sourcing.costs import ZERO, Unknown, total
from orderloom.engine.sourcing.demand import Demand
from orderloom.engine.sourcing.large import search_large
from orderloom.engine.sourcing.limits import groups_of, within_limits
from orderloom.engine.sourcing.packing import Packing
from orderloom.engine.sourcing.rates import rates_of
from orderloom.engine.sourcing.search import Found, search
from orderloom.engine.sourcing.site import Site
from orderloom.engine.sourcing.sites import trips_of
from orderloom.engine.sourcing.tariff import Tariff, tariff
from orderloom.engine.sourcing.trip import DAY, Problem
from orderloom.engine.sourcing.wants import prohibitive_of, rivals_of, wants_of, weighed
from orderloom.engine.views import order_view
from orderloom.engine.world import World


class Solution(Struct, frozen=True, eq=False, gc=False):
    """The best choices of a case, and what they were made from. `unused` are the sites of pools that were not needed."""

    problem: Problem
    tariff: Tariff
    found: Found
    sites: tuple[Site, ...]
    unused: tuple[Site, ...]
    out: tuple[Candidate, ...]

    @property
    def best(self) -> Choice:
        """The winner."""
        return self.found.best[0][1]


def case_of(policy: Sourcing, demand: Demand, world: World, at: datetime) -> Case:
    """The case of an order; raises Unknown where the cost of leaving a unit out cannot be worked out."""
    rates = rates_of(policy, world.program.promising[policy.promising])
    policy = rates.policy
    view = order_view(demand.order, world.catalog, world.program.attributes)
    base: dict[str, object] = {"now": at, "today": at.date(), "order": view}
    wants = wants_of(rates, demand, world, base, view)
    return Case(policy, rates, demand, wants, world, at, base)


def solve(case: Case, pools: list[list[Site]]) -> Solution:
    """The solution with as many of the pools, in order, as it takes to serve the whole demand; raises Unknown."""
    used: list[Site] = []
    pools = [list(chain.from_iterable(pools))] if case.policy.pools_together else pools
    for index, pool in enumerate(pools):
        used.extend(pool)
        last = not any(pools[index + 1 :])
        if not used and not last:
            continue
        solution = attempt(case, used)
        if last or not solution.best.left_out:
            unused = tuple([site for later in pools[index + 1 :] for site in later])
            return replace(solution, unused=unused) if unused else solution
    return attempt(case, used)


def attempt(case: Case, sites: list[Site]) -> Solution:
    """The solution with just these sites; raises Unknown."""
    asked = tariff(case.rates, case.policy.late, case.demand.order, case.wants, case.world.stock, case.demand.deliver_by)
    rivals, groups = rivals_of(case.wants), groups_of(case.policy, case.wants, case.base)
    trips, out = trips_of(sites, asked)
    if trips and any(group.binds == DAY for group in groups):
        trips, out = trips_of(sites, replace(asked, wait_until=max(trip.deliver_on for trip in trips)))
    prohibitive = ZERO if weighed(case.rates) else prohibitive_of(case.rates)
    extra = total(case.rates.extra, case.base)
    limit = _limit("shipments", case.policy.max_shipments, case.base)
    places = _limit("pickup places", case.policy.pickup_places, case.base)
    prefer, counters, goals = case.policy.prefer, case.demand.counters, case.rates.goals
    problem = Problem(trips, case.wants, extra, limit, prohibitive, prefer, rivals, places, groups, counters, goals=goals)
    found = within_limits(problem, lambda part: _found(part, asked))
    return Solution(problem, asked, found, tuple(sites), (), tuple(out))


def _found(problem: Problem, asked: Tariff) -> Found:
    """The best choices of a problem, whatever its groups."""
    packing = Packing(problem, asked)
    found = search(problem, packing)
    if not found.complete:
        found = search_large(problem, packing, found)
    found.lower(packing.doubt)
    return found


def _limit(what: str, formula: Formula | None, base: Mapping[str, object]) -> int | None:
    """The most that a limit allows; None, which an order's own field may well be, stands for no limit."""
    value = formula(base) if formula else None
    if formula is None or value is None:
        return None
    found = number(value, least=0)
    if found is None:
        raise Unknown(f"the limit of {what}", formula.origin)
    return int(found)
