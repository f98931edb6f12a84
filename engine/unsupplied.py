"""What was ordered for an order will not come: those who wait for it, and those who were to bring it, are told."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.engine.bringing import waiting_for
from orderloom.engine.events import Happened
from orderloom.engine.flow import cancel, reach, run, stand_still
from orderloom.engine.state import OrderState
from orderloom.engine.supply_order import TRANSFER, SupplyOrder
from orderloom.engine.turn import Turn
from orderloom.engine.undo import is_cancelling
from orderloom.engine.unit import Unit

SUPPLY_CANCELLED = "supply-cancelled"


def tell_unsupplied(turn: Turn, before: OrderState) -> None:
    """Tells those who wait for what the turn has cancelled; who was to bring what nobody needs any more stops."""
    if not turn.state.supply_orders or turn.state.ended or is_cancelling(turn.state):
        return
    known = {order.id for order in before.supply_orders if order.cancelled}
    for order in [each for each in turn.state.supply_orders if each.cancelled and each.id not in known]:
        for unit in waiting_for(turn.state, order.id):
            because = _because(turn.state, order, unit)
            if not reach(turn, unit.id, _event(turn, order, because)):
                stand_still(turn, turn.state.instances[unit.id], because)
    for unit, order in list(_idle(turn.state)):
        if not reach(turn, unit.id, _event(turn, order, "nobody needs it any more")):
            cancel(turn, turn.state.instances[unit.id])
    run(turn)


def _idle(state: OrderState) -> Iterator[tuple[Unit, SupplyOrder]]:
    """Units of work that are to bring what nobody takes any more; those that have cancelled it themselves go on."""
    taken = {part.supply for unit in state.units.values() if not unit.released for part in unit.lines if part.quantity}
    taken |= {part.supply for shipment in state.planned for part in shipment.allocations}
    orders = {order.id: order for order in state.supply_orders}
    for unit in state.units.values():
        order = orders.get(unit.supply_order)
        if order is None or unit.outcome is not None or unit.released:
            continue
        if order.cancelled or (order.kind == TRANSFER and order.id not in taken):
            yield unit, order


def _event(turn: Turn, order: SupplyOrder, because: str) -> Happened:
    told: dict[str, object] = {"supply": order.id, "item": order.item, "node": order.node, "because": because}
    return Happened(turn.at, SUPPLY_CANCELLED, data=told)


def _because(state: OrderState, order: SupplyOrder, unit: Unit) -> str:
    """What does not come, and which lines stand still with it."""
    parts = [part for part in unit.lines if part.quantity]
    lacking = " and ".join(dict.fromkeys(f"{p.quantity} x {p.item} of line {p.line}" for p in parts if p.supply == order.id))
    others = [line for line in dict.fromkeys(p.line for p in parts) if all(p.supply != order.id for p in parts if p.line == line)]
    together = f"; with it {'waits line' if len(others) == 1 else 'wait lines'} {', '.join(others)}" if others else ""
    return f"{order.source} does not bring {lacking} ({order.kind} order {order.id}){together}"
