"""When not everything can be served: which of the policy's limits clash, and what it would cost to relax them."""

from __future__ import annotations

from dataclasses import replace

from orderloom.dsl.program import Sourcing
from orderloom.engine.sourcing.choice import Choice, real_cost
from orderloom.engine.sourcing.costs import days_late
from orderloom.engine.sourcing.explain import money
from orderloom.engine.sourcing.sites import Case, Site
from orderloom.engine.sourcing.solve import Solution, attempt

_DATE, _SHIPMENTS = "late", "max_shipments"


def clash_and_relaxations(case: Case, pools: list[list[Site]], solution: Solution) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The limits that keep units from being served, and for each way to relax them the nearest plan with its cost.

    Both are empty where everything is served, and the relaxations where only stock is missing.
    """
    if not solution.best.left_out:
        return (), ()
    everywhere = [site for pool in pools for site in pool]
    ways = [(limits, attempt(_without(case, limits), everywhere).best) for limits in _relaxable(case, solution)]
    helping = [(limits, choice) for limits, choice in ways if choice.left_out < solution.best.left_out]
    single = [(limits, choice) for limits, choice in helping if len(limits) == 1] or helping
    names = {limit for limits, _ in single for limit in limits}
    return tuple(_named(case, limit, solution) for limit in sorted(names)) or ("stock",), tuple(
        _relaxed(solution, choice) for _, choice in single
    )


def _relaxable(case: Case, solution: Solution) -> list[tuple[str, ...]]:
    """The policy's limits: each alone, then together."""
    limits = [_SHIPMENTS] if solution.problem.max_shipments is not None else []
    limits += [_DATE] if case.policy.late == "hard" else []
    return [(limit,) for limit in limits] + ([tuple(limits)] if len(limits) > 1 else [])


def _without(case: Case, limits: tuple[str, ...]) -> Case:
    policy: Sourcing = case.policy
    if _SHIPMENTS in limits:
        policy = replace(policy, max_shipments=None)
    return replace(case, policy=replace(policy, late="soft") if _DATE in limits else policy)


def _named(case: Case, limit: str, solution: Solution) -> str:
    if limit == _DATE:
        days = sorted({want.line.want_by for want in case.wants if want.line.want_by})
        return f"late: hard, wanted by {' and '.join(str(day) for day in days)} ({case.policy.origin})"
    origin = case.policy.max_shipments.origin if case.policy.max_shipments else case.policy.origin
    return f"limit of shipments: {solution.problem.max_shipments} ({origin})"


def _relaxed(solution: Solution, choice: Choice) -> str:
    """What the relaxed plan needs, and its cost: `2 shipments: 16.00`, `1 day late: 13.00`."""
    late = max(
        (days_late(share.want, trip.deliver_on) for trip in choice.trips for share in trip.shares if share), default=0
    )
    needs = f"{late} day late" if late == 1 else f"{late} days late" if late else f"{len(choice.trips)} shipments"
    left = f", {choice.left_out} still without a source" if choice.left_out else ""
    return f"{needs}: {money(real_cost(solution.problem, choice))}{left}"
