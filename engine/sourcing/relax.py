"""When not everything can be served: which of the policy's limits clash, and what it would cost to relax them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from typing import NamedTuple

from msgspec.structs import replace

from orderloom.dsl.program import Formula
from orderloom.engine.sourcing.case import Case
from orderloom.engine.sourcing.choice import Choice, counters, last_delivery, real_cost
from orderloom.engine.sourcing.costs import days_late
from orderloom.engine.sourcing.explain import money
from orderloom.engine.sourcing.limits import is_torn
from orderloom.engine.sourcing.picks import LEFT_OUT
from orderloom.engine.sourcing.site import Site
from orderloom.engine.sourcing.solve import Solution, attempt
from orderloom.engine.sourcing.trip import DAY, ORDER, SHIPMENT, Binds

_TORN: dict[Binds, str] = {ORDER: "in part", SHIPMENT: "not shipped together", DAY: "not delivered together"}


class _Limit(NamedTuple):
    """A limit in words, and the case without it."""

    words: str
    lift: Callable[[Case], Case]


def clash_and_relaxations(case: Case, pools: list[list[Site]], solution: Solution) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The limits that keep units from being served, and for each way to relax them the nearest plan with its cost.

    Both are empty where everything is served, or where leaving a unit out costs less; the relaxations also where stock is
    what is missing.
    """
    if not solution.best.left_out:
        return (), ()
    everywhere = [site for pool in pools for site in pool]
    helping: list[tuple[tuple[_Limit, ...], Choice]] = []
    if solution.best.left_out > _missing(case, everywhere):
        helping = _helping(case, everywhere, solution)
    names = sorted({limit.words for limits, _ in helping for limit in limits})
    clash = names or (["stock"] if _missing(case, everywhere) else _broken(solution))
    return tuple(clash), tuple(_relaxed(case, solution, choice) for _, choice in helping)


def _helping(case: Case, everywhere: list[Site], solution: Solution) -> list[tuple[tuple[_Limit, ...], Choice]]:
    """The fewest limits without which more can be served, and the best choice without them."""
    known = list(_limits(case, solution))
    for size in range(1, len(known) + 1):
        ways = [(limits, attempt(_without(case, limits), everywhere).best) for limits in combinations(known, size)]
        helping = [(limits, choice) for limits, choice in ways if choice.left_out < solution.best.left_out]
        if helping:
            return helping
    return []


def _broken(solution: Solution) -> list[str]:
    """What cannot be worked out at nodes that would serve otherwise."""
    return sorted({f"{out.because} ({out.origin})" for out in solution.out})


def _missing(case: Case, sites: list[Site]) -> int:
    """Units that no site has."""
    shares = [share for site in sites for share in site.shares if share]
    available = [sum(share.there for share in shares if share.want is want) for want in case.wants]
    return sum(max(0, want.quantity - units) for want, units in zip(case.wants, available, strict=True))


def _limits(case: Case, solution: Solution) -> Iterator[_Limit]:
    """The limits that the case has."""
    policy, problem = case.policy, solution.problem
    most, bound = problem.max_shipments, {group.binds for group in problem.groups}
    if most is not None and most < solution.tariff.quantity:  # each shipment takes a unit
        yield _Limit(f"limit of shipments: {most}{_at(policy.max_shipments)}", _policy(max_shipments=None))
    if policy.late == "hard":
        days = sorted({want.line.want_by for want in case.wants if want.line.want_by})
        wanted = f"wanted by {' and '.join(str(day) for day in days)}"
        latest = f"at most {policy.most_days_late} days" if policy.most_days_late else "hard"
        yield _Limit(f"late: {latest}, {wanted} ({policy.origin})", _policy(late="soft"))
    if case.demand.deliver_by is not None:
        yield _Limit(
            f"promised by {case.demand.deliver_by}", lambda case: replace(case, demand=replace(case.demand, deliver_by=None))
        )
    if problem.pickup_places is not None:
        yield _Limit(f"pickup places: {problem.pickup_places}{_at(policy.pickup_places)}", _policy(pickup_places=None))
    if ORDER in bound:
        yield _Limit(f"all or nothing{_at(policy.all_or_nothing)}", _policy(all_or_nothing=None))
    if SHIPMENT in bound:
        yield _Limit(f"ship together{_at(policy.ship_together)}", _policy(ship_together=None))
    if DAY in bound:
        yield _Limit(f"deliver together{_at(policy.deliver_together)}", _policy(deliver_together=None))


def _at(formula: Formula | None) -> str:
    return f" ({formula.origin})" if formula else ""


def _policy(**changes: object) -> Callable[[Case], Case]:
    return lambda case: replace(case, policy=replace(case.policy, **changes))


def _without(case: Case, limits: tuple[_Limit, ...]) -> Case:
    for limit in limits:
        case = limit.lift(case)
    return case


def _relaxed(case: Case, solution: Solution, choice: Choice) -> str:
    """What the relaxed plan needs, and its cost: `2 shipments: 16.00`, `1 day late: 13.00`."""
    shipments, late, most = len(choice.trips), _days_late(solution, choice), solution.problem.max_shipments
    needs = [_counted(shipments, "shipment")] if most is not None and shipments > most else []
    needs += [f"{_counted(late, 'day')} late"] if late else []
    promised = case.demand.deliver_by
    if promised is not None and last_delivery(choice) > promised:
        needs.append(f"{_counted((last_delivery(choice) - promised).days, 'day')} after the promise")
    most, places = solution.problem.pickup_places, len(counters(choice.trips) | solution.problem.counters)
    needs += [_counted(places, "pickup place")] if most is not None and places > most else []
    needs += sorted({_TORN[group.binds] for group in solution.problem.groups if is_torn(group, choice)})
    left = f", {choice.left_out} still without a source" if choice.left_out else ""
    return f"{', '.join(needs)}: {money(real_cost(solution.problem, choice))}{left}"


def _days_late(solution: Solution, choice: Choice) -> int:
    deliver_on = {trip.rank: trip.deliver_on for trip in choice.trips}
    lines = zip(solution.problem.wants, choice.lines, strict=True)
    sent = ((want, rank) for want, picks in lines for _, rank, _, _ in picks if rank != LEFT_OUT)
    return max((days_late(want, deliver_on[rank]) for want, rank in sent), default=0)


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
