"""Steps: what further units cost more, as the few places where that changes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

#: From which unit on, counted from 0, each unit costs how much more; before the first step nothing.
Steps = tuple[tuple[int, Decimal], ...]

ZERO = Decimal(0)


def steps(starts: Mapping[int, Decimal]) -> Steps:
    """The steps of units of which each costs this much from some unit on; the units in order."""
    found: list[tuple[int, Decimal]] = []
    before = ZERO
    for unit, cost in starts.items():
        if cost != before:
            found.append((unit, cost))
            before = cost
    return tuple(found)


def step_at(found: Steps, unit: int) -> Decimal:
    """What this unit costs more."""
    return next((cost for start, cost in reversed(found) if start <= unit), ZERO)


def next_step(found: Steps, unit: int) -> int | None:
    """The first unit after this one that costs something else."""
    return next((start for start, _ in found if start > unit), None)


def rising(found: Steps) -> bool:
    """Whether no unit costs less than the one before it."""
    costs = [ZERO, *(cost for _, cost in found)]
    return costs == sorted(costs)


def total(found: Steps, units: int) -> Decimal:
    """What the first so many units cost more, together."""
    ends = [*(start for start, _ in found[1:]), units]
    return sum([cost * (min(end, units) - start) for (start, cost), end in zip(found, ends, strict=True) if start < units], ZERO)
