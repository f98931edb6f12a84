"""Why the plan is as it is: the nodes that lost, and the whole plans that lost, each with its cost and the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from operator import attrgetter

from orderloom.engine.plan import Alternative, Candidate
from orderloom.engine.promising.calendars import day_name
from orderloom.engine.sourcing.choice import Choice, last_delivery, preference, real_cost, start, surcharges, unused, with_trip
from orderloom.engine.sourcing.costs import days_late
from orderloom.engine.sourcing.demand import Want
from orderloom.engine.sourcing.goals import missed
from orderloom.engine.sourcing.limits import torn
from orderloom.engine.sourcing.picks import Picks, cost_of, first, left_out, units_of
from orderloom.engine.sourcing.ride import WALL
from orderloom.engine.sourcing.savings import Offer, offer_of, paying_of
from orderloom.engine.sourcing.site import Site
from orderloom.engine.sourcing.solve import Solution
from orderloom.engine.sourcing.trip import Problem, Trip

_SPARE = "its pool is used only when the pools above it cannot serve"
_REASONS = {
    "fewer shipments": "is as cheap, with more shipments",
    "earlier last delivery": "is as cheap, delivered later",
    "nearer": "is as cheap, from farther away",
    "node id": "is as cheap, and its node's id comes later",
}


def candidates(solution: Solution, out: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Every node that has a position of an item of the order and is not, or not for all its lines, in the plan."""
    best = solution.best
    winners = [offer_of(trip, solution.problem) for trip in best.trips]
    used = {trip.node for trip in best.trips} | {candidate.node for candidate in solution.out}
    alone = _alone(solution)
    trips: dict[str, list[Trip]] = {}
    for trip in solution.problem.trips:
        trips.setdefault(trip.node, []).append(trip)
    losers = [site for site in solution.sites if site.node not in used]
    lost = [_lost(site, alone.get(site.node), best, winners, trips.get(site.node, ()), solution) for site in losers]
    refused = [refusal for site in solution.sites for refusal in site.refusals]
    spare = [Candidate(site.node, _SPARE, site.pool) for site in solution.unused]
    return tuple(sorted((*out, *solution.out, *lost, *refused, *spare), key=_place))


def _place(candidate: Candidate) -> tuple[str, str]:
    return candidate.node, candidate.line or ""


def alternatives(solution: Solution) -> tuple[Alternative, ...]:
    """The best whole plans that lost, the best first."""
    others = [choice for _, choice in solution.found.best[1:] if choice.trips]
    may_leave_out = not solution.problem.prohibitive
    return tuple(_alternative(each, solution) for each in others if may_leave_out or each.left_out <= solution.best.left_out)


def why_lost(problem: Problem, choice: Choice, best: Choice, cost: Decimal) -> str:
    """What decided against a choice of this cost in money."""
    if problem.prohibitive and choice.left_out > best.left_out:
        return f"leaves {choice.left_out} without a source"
    more = choice.cost - best.cost
    if problem.goals and (goal := missed(more, problem.goals)):
        return f"{goal}; costs {money(cost)}"
    if more:
        return f"costs {cost:.2f}, {more:.2f} more"
    ours, theirs = preference(problem, best)[1:], preference(problem, choice)[1:]
    decided = (name for name, one, other in zip(problem.prefer, ours, theirs, strict=False) if one != other)
    return _REASONS[next(decided, "node id")]


def money(amount: Decimal) -> str:
    """An amount as people read it, to the cent."""
    return f"{amount:.2f}"


def places(choice: Choice) -> str:
    """The nodes of a choice: DC1 + S2."""
    return " + ".join(dict.fromkeys(node for node, _ in choice.places))


def _alternative(choice: Choice, solution: Solution) -> Alternative:
    cost = real_cost(solution.problem, choice)
    because = why_lost(solution.problem, choice, solution.best, cost)
    return Alternative(tuple(_shipments(choice, solution.problem.wants)), cost, last_delivery(choice), because)


def _shipments(choice: Choice, wants: Sequence[Want]) -> Iterator[str]:
    for trip in sorted(choice.trips, key=lambda trip: (trip.dates.ship_on, trip.node)):
        taken = [(units_of(picks, trip.rank), want.line.item) for picks, want in zip(choice.lines, wants, strict=True)]
        what = ", ".join([f"{units} x {item}" for units, item in taken if units])
        when = f"ships {day_name(trip.dates.ship_on)}, delivered {day_name(trip.deliver_on)}"
        yield f"{trip.node}: {what} by {trip.service.name}, {when}"


def _alone(solution: Solution) -> dict[str, Choice]:
    """For each node, the best choice with a single trip, from there."""
    best: dict[str, Choice] = {}
    for choice in solution.found.alone.values() or _singles(solution.problem):
        node = choice.trips[0].node
        if node not in best or choice.cost < best[node].cost:
            best[node] = choice
    return best


def _singles(problem: Problem) -> Iterator[Choice]:
    """Every choice of one trip, where the search has not looked at them."""
    first = start(problem)
    for trip in problem.trips:
        choice = with_trip(first, trip, problem)
        if choice is not None:
            yield choice


def _lost(
    site: Site, alone: Choice | None, best: Choice, winners: Sequence[Offer], trips: Sequence[Trip], solution: Solution
) -> Candidate:
    """Why a node with stock is not in the plan: too late, or what the plan would cost with it."""
    if alone is None:
        in_time = " in time" if solution.tariff.late == "hard" or solution.tariff.deliver_by else ""
        return Candidate(site.node, f"no service takes the order from here{in_time}", site.pool)
    problem = solution.problem
    choice = _completed(alone, winners, problem)
    spurned = unused(choice)
    choice = _served(trips, problem) if spurned else choice
    if more := surcharges(choice):
        if more >= WALL:
            return Candidate(site.node, "no plan with it was found that it can ship on one day", site.pool)
        choice = Choice(choice.trips, choice.lines, choice.cost + more)
    if torn(problem, choice) is not None:
        return Candidate(site.node, "no plan with it was found that keeps together what belongs together", site.pool)
    cost = real_cost(problem, choice)
    because, short = why_lost(problem, choice, best, cost), _short(site)
    because = f"with it the plan {because}" if len(choice.trips) > 1 else because
    because += _lateness(choice, problem) if spurned else ""
    because = f"{short}; {because}" if short else because
    return Candidate(site.node, because, site.pool, cost=cost)


def _served(trips: Sequence[Trip], problem: Problem) -> Choice:
    """The best choice that takes from a node, by one of its trips, all that it can bring, though that costs more."""
    return min([_full(trip, problem) for trip in trips], key=attrgetter("cost"))


def _full(trip: Trip, problem: Problem) -> Choice:
    lines: list[Picks] = []
    cost = trip.fixed
    for line, want in enumerate(problem.wants):
        taken = first(trip.picks[line], want.quantity)
        if missing := want.quantity - units_of(taken, trip.rank):
            taken += left_out(want.left_out, missing)
        lines.append(taken)
        cost += cost_of(taken)
    return Choice((trip,), tuple(lines), cost)


def _lateness(choice: Choice, problem: Problem) -> str:
    """By how many days the goods of the choice's one trip would be late; empty where they would not."""
    trip = choice.trips[0]
    late = max([days_late(want, trip.deliver_on) for want in problem.wants])
    return f": delivered {day_name(trip.deliver_on)}, {late} days late" if late else ""


def _short(site: Site) -> str:
    """What the node has too little of."""
    parts: list[str] = []
    for share in site.shares:
        if share and share.there < share.want.quantity:
            parts.append(f"{share.there} of {share.want.quantity} x {share.want.line.item}")
    return f"has {', '.join(parts)}" if parts else ""


def _completed(choice: Choice, winners: Sequence[Offer], problem: Problem) -> Choice:
    """The plan that gives a node as much as possible and what it lacks to the winner's trips, as long as that pays."""
    rest = winners
    while rest and len(choice.trips) != problem.max_shipments and (paying := paying_of(rest, choice, problem)):
        better, added = choice, None
        for offer in paying:
            grown = with_trip(choice, offer.trip, problem)
            if grown is not None and grown.cost < better.cost:
                better, added = grown, offer
        if added is None:
            break
        choice, rest = better, [offer for offer in rest if offer is not added]
    return choice
