"""By when a customer should have everything: the first promise of what is still awaited."""

from __future__ import annotations

from datetime import date

from orderloom.engine.sourcing.choice import PICKUP
from orderloom.engine.state import OrderState
from orderloom.engine.unit import Unit


def awaited_on(state: OrderState) -> date | None:
    """The earliest day that was promised first of units that are still awaited; None where no promise is open."""
    if not state.promises:
        return None
    days = [first_promise(unit, state) for unit in state.units.values() if _is_awaited(unit, state)]
    planned = {part.line for shipment in state.planned for part in shipment.allocations}
    days += [each.deliver_on for each in state.promises if each.version == 1 and each.line in planned]
    return min(days, default=None)


def first_promise(unit: Unit, state: OrderState) -> date:
    """The delivery that was promised first: that of a re-sourced unit is its parent's."""
    while unit.promised_on is None and unit.parent is not None:
        unit = state.units[unit.parent]
    return unit.promised_on or unit.deliver_on


def _is_awaited(unit: Unit, state: OrderState) -> bool:
    """Whether the customer does not have it yet. Where it is to be picked up, whatever its process waits for is the customer."""
    if unit.outcome is not None or unit.released or not unit.lines:
        return False
    waiting = (each.waiting for each in state.instances.values() if each.root == unit.id)
    return not (unit.method == PICKUP and any(each is not None and each.kind == "event" for each in waiting))
