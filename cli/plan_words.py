"""A plan in words: what was chosen and at what cost, and why everything else lost."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from orderloom.engine.plan import Alternative, Candidate, Plan, PlannedShipment, Unfilled


def plan_words(plan: Plan, currency: str) -> Iterator[str]:
    """The plan, line by line."""
    yield f"policy {plan.policy} ({plan.origin}): {plan.outcome} for {sum(plan.paid.values()):,.2f} {currency}"
    yield from ("  " + line for line in _costs(plan.paid))
    if plan.fees:
        yield f"  the customer pays {sum(plan.fees.values()):,.2f} {currency} of fees: {', '.join(_costs(plan.fees))}"
    for term in plan.notional:
        yield f"  {term}: {plan.terms.get(term, 0):,.2f}, which weighs in the choice and is not paid"
    if plan.goals:
        yield f"  compared before cost: {', '.join(f'{name} {count}' for name, count in plan.goals.items())}"
    for shipment in plan.shipments:
        yield from _shipment(shipment, plan.notional)
    yield from (f"no source: {_unfilled(unfilled)}" for unfilled in plan.unfilled)
    yield from (f"could not be met: {clash}" for clash in plan.clash)
    yield from (f"would help: {relaxation}" for relaxation in plan.relaxations)
    yield from _section("nodes that lost", map(_candidate, plan.candidates))
    yield from _section("other plans", map(_alternative, plan.alternatives))
    yield from _section("what would change the choice", plan.flips)
    if not plan.optimal:
        yield f"the search was cut short: a better plan could save {plan.gap:,.2f} at most"


def _costs(terms: dict[str, Decimal]) -> Iterator[str]:
    return (f"{term}: {cost:,.2f}" for term, cost in terms.items() if cost)


def _shipment(shipment: PlannedShipment, notional: Collection[str]) -> Iterator[str]:
    costs = {term: cost for term, cost in shipment.costs.items() if term not in notional}
    cost = sum(costs.values(), Decimal(0))
    yield f"from {shipment.node} by {shipment.service}, ship {shipment.ship_on}, deliver {shipment.deliver_on}: {cost:,.2f}"
    for part in shipment.allocations:
        yield f"  line {part.line}: {part.quantity} of {part.item}, {part.supply_type} supply {part.supply}"
    yield from ("  " + line for line in _costs(costs))
    yield from (f"  {term}: {shipment.costs[term]:,.2f}, not paid" for term in notional if shipment.costs.get(term))
    yield from ("  " + sentence for sentence in shipment.derivation)


def _unfilled(unfilled: Unfilled) -> str:
    return f"line {unfilled.line}, {unfilled.quantity} of {unfilled.item}: {unfilled.because}"


def _candidate(candidate: Candidate) -> str:
    place = candidate.node + (f", line {candidate.line}" if candidate.line else "")
    cost = f", {candidate.cost:,.2f}" if candidate.cost is not None else ""
    return f"{place}{cost}: {candidate.because}" + (f" ({candidate.origin})" if candidate.origin else "")


def _alternative(alternative: Alternative) -> str:
    shipments = " and ".join(alternative.shipments)
    return f"{shipments}: {alternative.cost:,.2f}, last delivery {alternative.last_delivery}: {alternative.because}"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    lines = list(lines)
    if lines:
        yield f"{title}:"
        yield from ("  " + line for line in lines)
