"""Requests that what has become of an order may refuse: each gives the fact that it causes, or why it is refused. Pure."""

from __future__ import annotations

from datetime import datetime

from orderloom.engine.events import Cancelled
from orderloom.engine.refused import Refused
from orderloom.engine.state import OrderState


def cancelled(state: OrderState, by: str, at: datetime, reason: str = "") -> Cancelled | Refused:
    """Cancels the whole order; refused when it has ended, or when anything of it left its node."""
    if state.ended:
        return Refused(f"order {state.order.id} has ended as {state.status}")
    shipped = sorted(unit.id for unit in state.units.values() if unit.shipped)
    if shipped:
        left = ", ".join(shipped)
        return Refused(f"order {state.order.id} cannot be cancelled: {left} left its node; take it back as a return")
    return Cancelled(at, by, reason)
