"""The promising rules of whoever asks without an order."""

from __future__ import annotations

from datetime import datetime

from orderloom.dsl.program import Program
from orderloom.engine.decisions import decide

SOURCING_FOR_ORDER = "sourcing-for-order"


def usual_rules(program: Program, at: datetime) -> str | None:
    """Name of the rules by which an order would be promised of which nothing is known: those of its sourcing policy.

    Where `sourcing-for-order` names no policy for such an order, the rules that the workspace defines first; None without any.
    """
    known = program.promising
    first = next(iter(known), None)
    if len(known) < 2 or SOURCING_FOR_ORDER not in program.decisions:
        return first
    answer = decide(program.decisions[SOURCING_FOR_ORDER], {"now": at, "today": at.date(), "order": None})
    policy = program.sourcing.get(str(answer.value))
    return policy.promising if policy else first
