"""Goals: what decides between plans before money does, exactly.

A goal counts in steps, each larger than whatever comes after it: 100,000,000 for the last goal, a million times that for one
before it. So one exact number holds the counts and the money, and to compare two of them is to compare goal by goal. It holds
as long as a plan costs less than 50,000,000 and a goal that another one precedes counts less than 500,000.
"""

from __future__ import annotations

from decimal import Decimal

from orderloom.dsl.program import Sourcing

BEFORE_GOALS = Decimal(10**17)  #: more than all goals of a plan count together

Goals = tuple[tuple[str, Decimal], ...]  #: name and step, the first goal first


def goals_of(policy: Sourcing) -> Goals:
    """The policy's goals."""
    found = {term.name: term.step for term in policy.terms if term.step is not None}
    return tuple(sorted(found.items(), key=lambda goal: -goal[1]))


def counted(cost: Decimal, goals: Goals) -> tuple[tuple[int, ...], Decimal]:
    """What a cost counts by each goal, and the money in it."""
    counts = []
    for _, step in goals:
        count = (cost / step).to_integral_value()
        counts.append(int(count))
        cost -= count * step
    return tuple(counts), cost


def missed(difference: Decimal, goals: Goals) -> str:
    """By what a plan that costs this much more misses its first goal; nothing where only money is between the two."""
    if not goals:
        return ""
    counts, _ = counted(difference, goals)
    return next((f"{name}: {count} more" for (name, _), count in zip(goals, counts, strict=True) if count), "")


def in_money(costs: dict[str, Decimal], goals: Goals) -> dict[str, Decimal]:
    """The costs that are money."""
    counts = dict(goals)
    return {name: cost for name, cost in costs.items() if name not in counts} if counts else costs
