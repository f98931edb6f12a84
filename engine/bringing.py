"""What units of work bring for others of their order, and how that stands for the lines: pure, out of the state alone."""

from __future__ import annotations

from collections.abc import Collection

from orderloom.engine.state import OrderState
from orderloom.engine.supply_order import SupplyOrder
from orderloom.engine.unit import Unit


def order_of(state: OrderState, unit: Unit) -> SupplyOrder | None:
    """The order of supply that the unit is for."""
    return next((order for order in state.supply_orders if unit.supply_order == order.id), None)


def lines_of(state: OrderState, unit: Unit) -> list[tuple[str, str, int]]:
    """Line, item and units of what the unit has, brings, or brings back; what nobody has a claim on is of no line."""
    if (back := state.returns.get(unit.id)) is not None:
        units = back.request.quantity if back.received is None else back.received
        return [(back.request.line, state.order.line(back.request.line).item, units)]
    order = order_of(state, unit) if unit.supply_order else None
    if order is None:
        return [(part.line, part.item, part.quantity) for part in unit.lines]
    found = [(peg.line, order.item, peg.quantity) for peg in order.pegs if peg.order == state.order.id]
    free = order.quantity - sum(units for _, _, units in found)
    return [*found, ("", order.item, free)] if free else found


def waiting_for(state: OrderState, supply: str) -> list[Unit]:
    """The units of work that take of a supply, and have not ended."""
    units = [unit for unit in state.units.values() if not (unit.outcome or unit.shipped or unit.released)]
    return [unit for unit in units if any(part.supply == supply and part.quantity for part in unit.lines)]


def statuses(state: OrderState, lines: Collection[str], given_back: bool = True) -> list[str]:
    """How these lines stand: as their units of work, and as what brings the supply for which these wait, each status once.

    What was given back tells nothing, unless nothing else is left; without `given_back` not even then.
    """
    units = [unit for unit in state.units.values() if any(part.line in lines and part.quantity for part in unit.lines)]
    found: dict[str, None] = {}
    for unit in [unit for unit in units if not unit.released] or (units if given_back else []):
        coming = _coming(state, unit, lines) if state.supply_orders and not unit.shipped else []
        found |= dict.fromkeys(each.status for each in coming or [unit])
    return list(found)


def _coming(state: OrderState, unit: Unit, lines: Collection[str]) -> list[Unit]:
    supplies = {part.supply for part in unit.lines if part.line in lines and part.quantity}
    bringing = [each for each in state.units.values() if each.supply_order in supplies]
    return [each for each in bringing if each.outcome is None and not each.released]
