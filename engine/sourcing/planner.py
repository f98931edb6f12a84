"""`plan`: the allocation plan of an order by a sourcing policy, with everything that explains it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from orderloom.dsl.feel.arithmetic import arithmetic
from orderloom.dsl.program import Service, Sourcing
from orderloom.engine.plan import Allocation, Candidate, Plan, PlannedShipment, Unfilled
from orderloom.engine.promising.promise import derivation, release_at
from orderloom.engine.sourcing.broken import broken
from orderloom.engine.sourcing.case import Case
from orderloom.engine.sourcing.choice import Choice
from orderloom.engine.sourcing.costs import ZERO, Unknown, amount
from orderloom.engine.sourcing.demand import Demand, Want
from orderloom.engine.sourcing.explain import alternatives, candidates
from orderloom.engine.sourcing.flips import flips
from orderloom.engine.sourcing.goals import in_money
from orderloom.engine.sourcing.lots import Lot
from orderloom.engine.sourcing.picks import LEFT_OUT, left_out, units_of
from orderloom.engine.sourcing.pricing import Content, contents, shipment_costs
from orderloom.engine.sourcing.relax import clash_and_relaxations
from orderloom.engine.sourcing.shares import Share
from orderloom.engine.sourcing.site import Site
from orderloom.engine.sourcing.sites import sites
from orderloom.engine.sourcing.solve import Solution, case_of, solve
from orderloom.engine.sourcing.tariff import Tariff
from orderloom.engine.sourcing.transfers import overdrawn
from orderloom.engine.sourcing.trip import Trip
from orderloom.engine.sourcing.worked import frees, planned_work, sentences, started, supply_day
from orderloom.engine.world import World


def plan(policy: Sourcing, demand: Demand, world: World, at: datetime) -> Plan:
    """The cheapest plan for the demand, of those that keep the policy's limits; equal input gives an equal plan.

    The optimum is exact: no other allocation of units to nodes, days and services costs less (`optimal` is False where the
    search was cut short). A day later than the first possible one is considered where it brings units that are missing
    before. A transfer for which its source has not enough left beside the other shipments is done without; the plan is then not
    `optimal` either. What cannot be served is left to the policy's fallback; with `exception` the order is served whole or not
    at all.
    """
    asked = {demand.order.line(line).item for line, _ in demand.quantities}
    unheard_of = [item for item in asked if item not in world.catalog.items]
    if unheard_of:
        return _nothing(policy, demand, f"there is no item {', '.join(sorted(unheard_of))}")
    with arithmetic():
        try:
            case = case_of(policy, demand, world, at)
            pools, out = sites(case)
            made = _plan(case, solve(case, pools), pools, out)
        except Unknown as unknown:
            return _nothing(policy, demand, f"{unknown} ({unknown.origin})")
    short = overdrawn(made, policy.promising, case.base["order"], world, at) if world.program.replenishment else None
    if not short:
        return made
    without = replace(demand, refused=demand.refused | short)
    return replace(plan(policy, without, world, at), optimal=False)


def _plan(case: Case, solution: Solution, pools: list[list[Site]], out: list[Candidate]) -> Plan:
    clash, relaxations = clash_and_relaxations(case, pools, solution)
    chosen = _kept(case, solution.best)
    shipments = _shipments(chosen, solution.tariff)
    unknown = broken(case, solution, out)
    unfilled = _unfilled(case, solution, chosen, unknown)
    counted, goals = _terms(case, chosen, shipments), case.rates.goals
    terms = in_money(counted, goals)
    return Plan(
        policy=case.policy.name,
        origin=str(case.policy.origin),
        outcome="sourced" if not unfilled else "partly" if shipments else "nothing",
        shipments=tuple([replace(each, costs=in_money(each.costs, goals)) for each in shipments]) if goals else shipments,
        unfilled=unfilled,
        cost=sum(terms.values(), ZERO),
        terms=terms,
        candidates=candidates(solution, out),
        alternatives=alternatives(solution),
        clash=clash,
        relaxations=relaxations,
        flips=flips(case, solution),
        broken=unknown,
        optimal=not solution.found.gap,
        gap=solution.found.gap,
        goals={name: int(counted.get(name, ZERO) / step) for name, step in goals},
        notional=case.rates.notional,
    )


def _nothing(policy: Sourcing, demand: Demand, because: str) -> Plan:
    lines = [(demand.order.line(line), quantity) for line, quantity in demand.quantities]
    unfilled = tuple(Unfilled(line.id, line.item, quantity, because) for line, quantity in lines if quantity > 0)
    return Plan(policy.name, str(policy.origin), "nothing", (), unfilled, ZERO, {}, clash=(because,), broken=(because,))


def _kept(case: Case, best: Choice) -> Choice:
    """The choice, without any shipment where the policy wants the whole order or an exception."""
    if case.policy.fallback != "exception" or not best.left_out:
        return best
    return Choice((), tuple(left_out(want.left_out, want.quantity) for want in case.wants), ZERO)


# --- shipments -----------------------------------------------------------------------------------------------------


def _shipments(choice: Choice, tariff: Tariff) -> tuple[PlannedShipment, ...]:
    given: Counter[str] = Counter()
    loaded = contents(choice)
    trips = sorted(choice.trips, key=lambda trip: (trip.dates.ship_on, trip.node))
    return tuple([_shipment(trip, loaded[trip.rank], tariff, given) for trip in trips])


def _shipment(trip: Trip, content: Sequence[Content], tariff: Tariff, given: Counter[str]) -> PlannedShipment:
    taken = frees(content)
    last, begins = max(taken, key=lambda free: free.usable_on), trip.lane.begins
    when = started(trip.dates, taken)
    comes = max([supply_day(free) for free in taken])
    return PlannedShipment(
        node=trip.node,
        service=trip.service.name,
        method=trip.service.method,
        supply_type=last.type,
        release_at=release_at(begins, when.start),
        ship_on=trip.dates.ship_on,
        deliver_on=trip.deliver_on,
        allocations=tuple(
            [allocation for share, lots in content for lot in lots for allocation in _allocations(share, lot, given, tariff)]
        ),
        costs=shipment_costs(trip, content, tariff) or {},
        derivation=derivation(begins, comes, _road(trip.service), when, trip.deliver_on, sentences(taken)),
    )


def _road(service: Service) -> str:
    """The service, with the calendar whose closed days lengthen its way."""
    return f"{service.name} by calendar {service.delivers_on}" if service.delivers_on else service.name


def _allocations(share: Share, lot: Lot, given: Counter[str], tariff: Tariff) -> Iterator[Allocation]:
    """The lot in parts for the want's lines, in their order; `given` are the units that each line has so far."""
    free, count = share.available.free[lot.supply], lot.units
    for line, quantity in share.want.parts:
        units = min(count, quantity - given[line])
        if units:
            given[line] += units
            count -= units
            yield Allocation(line, share.want.line.item, units, free.supply, free.type, planned_work(share, free, tariff.rates))


# --- what is left, and what it costs ---------------------------------------------------------------------------------


def _terms(case: Case, choice: Choice, shipments: Sequence[PlannedShipment]) -> dict[str, Decimal]:
    """The plan's costs by term. Units left out cost nothing unless they are cancelled."""
    terms: dict[str, Decimal] = {}
    for shipment in shipments:
        _add(terms, shipment.costs)
    for term in case.rates.extra:
        _add(terms, {term.name: amount(term, case.base) * max(0, len(shipments) - 1)})
    if case.policy.fallback == "cancel":
        for want, quantity in _left_out(case, choice):
            context = case.base | {"line": want.view, "item": want.item_view}
            _add(terms, {t.name: amount(t, context) * quantity for t in case.rates.cancelled})
    return terms


def _add(terms: dict[str, Decimal], more: dict[str, Decimal]) -> None:
    for name, cost in more.items():
        terms[name] = terms.get(name, ZERO) + cost


def _left_out(case: Case, choice: Choice) -> Iterator[tuple[Want, int]]:
    for want, picks in zip(case.wants, choice.lines, strict=True):
        quantity = units_of(picks, LEFT_OUT)
        if quantity:
            yield want, quantity


def _unfilled(case: Case, solution: Solution, choice: Choice, unknown: tuple[str, ...]) -> tuple[Unfilled, ...]:
    """What has no source, and why: where something cannot be worked out, that, since nobody knows what would be without it."""
    others = f", and {len(unknown) - 1} more" if len(unknown) > 1 else ""
    found: list[Unfilled] = []
    for want, quantity in _left_out(case, choice):
        found += _of_lines(want, quantity, f"{unknown[0]}{others}" if unknown else _because(case, solution, want))
    return tuple(found)


def _of_lines(want: Want, quantity: int, because: str) -> Iterator[Unfilled]:
    """Units without a source, by line: the last ones go without, in the order of the lines."""
    served = want.quantity - quantity
    for line, wanted in want.parts:
        short = wanted - min(wanted, served)
        served -= wanted - short
        if short:
            yield Unfilled(line, want.line.item, short, because)


def _because(case: Case, solution: Solution, want: Want) -> str:
    """Why units of a line have no source."""
    shares = [share for site in solution.sites for share in site.shares if share and share.want is want]
    available = sum([share.there for share in shares])
    if available < want.quantity:
        ordered = sum(case.demand.order.line(line).quantity for line, _ in want.parts)
        had = ordered - want.quantity
        others = f" (of {ordered} ordered, {had} have a source already or were given up)" if had > 0 else ""
        return f"{available} of {want.quantity} available at the nodes that may serve{others}"
    index = solution.problem.wants.index(want)
    if sum([pick[3] for trip in solution.problem.trips for pick in trip.picks[index]]) < want.quantity:
        return "no node can send it in time"
    return "no plan within the policy's limits serves it, or every one costs more than leaving it out"
