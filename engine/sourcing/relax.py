"""When not everything can be served: which of the policy's limits clash, and what it would cost to relax them."""

from __future__ import annotations

from dataclasses import replace

from orderloom.dsl.program import Sourcing
from orderloom.engine.sourcing.choice import Choice, last_delivery, real_cost
from orderloom.engine.sourcing.costs import days_late
from orderloom.engine.sourcing.explain import money
from orderloom.engine.sourcing.picks import LEFT_OUT
from orderloom.engine.sourcing.sites import Case, Site
from orderloom.engine.sourcing.solve import Solution, attempt

_DATE, _SHIPMENTS, _PROMISE = "late", "max_shipments", "promise"


def clash_and_relaxations(case: Case, pools: list[list[Site]], solution: Solution) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The limits that keep units from being served, and for each way to relax them the nearest plan with its cost.

    Both are empty where everything is served, or where leaving a unit out costs less; the relaxations also where stock is
    what is missing.
    """
    if not solution.best.left_out:
        return (), ()
    everywhere = [site for pool in pools for site in pool]
    ways = []
    if solution.best.left_out > _missing(case, everywhere):
        ways = [(limits, attempt(_without(case, limits), everywhere).best) for limits in _relaxable(case, solution)]
    helping = [(limits, choice) for limits, choice in ways if choice.left_out < solution.best.left_out]
    single = [(limits, choice) for limits, choice in helping if len(limits) == 1] or helping
    names = sorted({limit for limits, _ in single for limit in limits})
    clash = [_named(case, limit, solution) for limit in names] or (["stock"] if _missing(case, everywhere) else _broken(solution))
    return tuple(clash), tuple(_relaxed(case, solution, choice) for _, choice in single)


def _broken(solution: Solution) -> list[str]:
    """What cannot be worked out at nodes that would serve otherwise."""
    return sorted({f"{out.because} ({out.origin})" for out in solution.out})


def _missing(case: Case, sites: list[Site]) -> int:
    """Units that no site has."""
    shares = [share for site in sites for share in site.shares if share]
    available = [sum(x.available.total for x in shares if x.want is want) for want in case.wants]
    return sum(max(0, want.quantity - units) for want, units in zip(case.wants, available, strict=True))


def _relaxable(case: Case, solution: Solution) -> list[tuple[str, ...]]:
    """The policy's limits: each alone, then together."""
    most = solution.problem.max_shipments
    limits = [_SHIPMENTS] if most is not None and most < solution.tariff.quantity else []  # each shipment takes a unit
    limits += [_DATE] if case.policy.late == "hard" else []
    limits += [_PROMISE] if case.demand.deliver_by is not None else []
    return [(limit,) for limit in limits] + ([tuple(limits)] if len(limits) > 1 else [])


def _without(case: Case, limits: tuple[str, ...]) -> Case:
    policy: Sourcing = case.policy
    if _SHIPMENTS in limits:
        policy = replace(policy, max_shipments=None)
    if _PROMISE in limits:
        case = replace(case, demand=replace(case.demand, deliver_by=None))
    return replace(case, policy=replace(policy, late="soft") if _DATE in limits else policy)


def _named(case: Case, limit: str, solution: Solution) -> str:
    if limit == _PROMISE:
        return f"promised by {case.demand.deliver_by}"
    if limit == _DATE:
        days = sorted({want.line.want_by for want in case.wants if want.line.want_by})
        return f"late: hard, wanted by {' and '.join(str(day) for day in days)} ({case.policy.origin})"
    origin = case.policy.max_shipments.origin if case.policy.max_shipments else case.policy.origin
    return f"limit of shipments: {solution.problem.max_shipments} ({origin})"


def _relaxed(case: Case, solution: Solution, choice: Choice) -> str:
    """What the relaxed plan needs, and its cost: `2 shipments: 16.00`, `1 day late: 13.00`."""
    shipments, late, most = len(choice.trips), _days_late(solution, choice), solution.problem.max_shipments
    needs = [_counted(shipments, "shipment")] if most is not None and shipments > most else []
    needs += [f"{_counted(late, 'day')} late"] if late else []
    promised = case.demand.deliver_by
    if promised is not None and last_delivery(choice) > promised:
        needs.append(f"{_counted((last_delivery(choice) - promised).days, 'day')} after the promise")
    left = f", {choice.left_out} still without a source" if choice.left_out else ""
    return f"{', '.join(needs)}: {money(real_cost(solution.problem, choice))}{left}"


def _days_late(solution: Solution, choice: Choice) -> int:
    deliver_on = {trip.rank: trip.deliver_on for trip in choice.trips}
    lines = zip(solution.problem.wants, choice.lines, strict=True)
    sent = ((want, rank) for want, picks in lines for _, rank, _, _ in picks if rank != LEFT_OUT)
    return max((days_late(want, deliver_on[rank]) for want, rank in sent), default=0)


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
