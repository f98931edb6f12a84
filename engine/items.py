"""Which items a turn may read of: those of the order, and those that a change would bring into it."""

from __future__ import annotations

from orderloom.engine.events import Captured, Drafted, Event, ModificationAsked, ReturnAsked
from orderloom.engine.modifications.request import Part
from orderloom.engine.state import OrderState


def items_of(state: OrderState | None, event: Event | None = None) -> set[str]:
    """Their ids."""
    orders = [state.order] if state else []
    orders += [event.order] if isinstance(event, (Captured, Drafted)) else []
    parts = [part for each in state.modifications.values() for part in each.parts] if state else []
    parts += event.parts if isinstance(event, ModificationAsked) else ()
    requests = [each.request for each in state.returns.values()] if state else []
    requests += [event.request] if isinstance(event, ReturnAsked) else []
    wanted = {request.exchange.item for request in requests if request.exchange is not None and request.exchange.item is not None}
    return {line.item for order in orders for line in order.lines} | {item for part in parts for item in _named(part)} | wanted


def _named(part: Part) -> set[str]:
    added = (part.add, *part.components) if part.add else ()
    return {item for item in (part.item, *(line.item for line in added)) if item is not None}
