"""Points of no return that an order has passed, and what it has passed one with."""

from __future__ import annotations

from orderloom.engine.state import OrderState, Passed


def points(state: OrderState) -> tuple[Passed, ...]:
    """Those that have been passed, hard ones first."""
    return tuple(sorted(state.points, key=lambda passed: not passed.hard))


def point_of(state: OrderState, unit: str) -> Passed | None:
    """The one that a unit of work has passed, a hard one first."""
    return next((each for each in points(state) if each.instance.partition("/")[0] == unit), None)
