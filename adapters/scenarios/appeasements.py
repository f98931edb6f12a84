"""What a scenario sees of offers in place of a return, and of what was accepted and what came of it."""

from __future__ import annotations

from orderloom.adapters.story import Story
from orderloom.engine.appeasements.offers import Offers

Account = dict[str, object]


def offers(made: Offers) -> Account:
    """What may be offered, the cheapest first, and what may not; `expected` is what a return would cost, by name."""
    return {
        "policy": made.policy,
        "line": made.line,
        "first": made.first,
        "quantity": made.quantity,
        "expected": dict(made.expected),
        "return cost": made.return_cost,
        "offers": [
            {"offer": m.offer, "kind": m.kind, "amount": m.amount, "cost": m.cost, "saves": m.saves, "approve": m.approve}
            for m in made.made
        ],
        "blocked": [{"offer": b.offer, "amount": b.amount, "cost": b.cost, "because": list(b.because)} for b in made.blocked],
    }


def appeasements(story: Story) -> list[Account]:
    """What the customer accepted of the order, in that order, and what came of it."""
    return [
        {
            "appeasement": each.id,
            "policy": each.policy,
            "offer": each.offer,
            "line": each.line,
            "first": each.first,
            "quantity": each.quantity,
            "reason": each.reason,
            "amount": each.amount,
            "cost": each.cost,
            "return cost": each.return_cost,
            "saving": each.saving,
            "by": each.by or each.role,
            "status": each.status,
            "outcome": each.outcome,
            "approve": each.approve,
            "decided by": each.decided_by or None,
            "because": each.because or None,
        }
        for each in story.state.appeasements.values()
    ]
