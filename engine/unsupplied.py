"""What was ordered for an order will not come: those who wait for it, and those who were to bring it, are told."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from orderloom.engine.bringing import waiting_for
from orderloom.engine.events import Happened
from orderloom.engine.process.cancelling import cancel
from orderloom.engine.process.flow import reach
from orderloom.engine.process.running import run
from orderloom.engine.process.standstill import stand_still
from orderloom.engine.process.undo import is_cancelling
from orderloom.engine.state import OrderState
from orderloom.engine.supply_order import TRANSFER, SupplyOrder
from orderloom.engine.turn import Turn
from orderloom.engine.unit import Unit

SUPPLY_CANCELLED = "supply-cancelled"


def tell_unsupplied(turn: Turn) -> None:
    """Tells those who wait for what was cancelled; who was to bring what nobody needs any more stops. Each is told of it once.

    What it is told of, a unit of work keeps: that it stands without supply is true at every turn, and may come about late in one.
    """
    if not turn.state.supply_orders or turn.state.ended or is_cancelling(turn.state):
        return
    for unit, order in list(_waiting(turn.state)):
        because = _because(turn.state, order, unit)
        if not _told(turn, unit, order, because):
            stand_still(turn, turn.state.instances[unit.id], because)
    for unit, order in list(_idle(turn.state)):
        if not _told(turn, unit, order, "nobody needs it any more"):
            cancel(turn, turn.state.instances[unit.id])
    run(turn)


def _waiting(state: OrderState) -> Iterator[tuple[Unit, SupplyOrder]]:
    """Units of work that take of what was cancelled, and have not been told."""
    for order in state.supply_orders:
        for unit in waiting_for(state, order.id) if order.cancelled else ():
            if order.id not in unit.told_of:
                yield unit, order


def _idle(state: OrderState) -> Iterator[tuple[Unit, SupplyOrder]]:
    """Units of work that are to bring what nobody takes any more, and have not been told."""
    taken = {part.supply for unit in state.units.values() if not unit.released for part in unit.lines if part.quantity}
    taken |= {part.supply for shipment in state.planned for part in shipment.allocations}
    orders = {order.id: order for order in state.supply_orders}
    for unit in state.units.values():
        order = orders.get(unit.supply_order)
        if order is None or unit.outcome is not None or unit.released or order.id in unit.told_of:
            continue
        if order.cancelled or (order.kind == TRANSFER and order.id not in taken):
            yield unit, order


def _told(turn: Turn, unit: Unit, order: SupplyOrder, because: str) -> bool:
    """Tells the unit's process; whether it has a use for that."""
    unit = turn.state.units[unit.id]
    turn.put_unit(replace(unit, told_of=(*unit.told_of, order.id)))
    told: dict[str, object] = {"supply": order.id, "item": order.item, "node": order.node, "because": because}
    return reach(turn, unit.id, Happened(turn.at, SUPPLY_CANCELLED, data=told))


def _because(state: OrderState, order: SupplyOrder, unit: Unit) -> str:
    """What does not come, and which lines stand still with it."""
    parts = [part for part in unit.lines if part.quantity]
    lacking = " and ".join(dict.fromkeys(f"{p.quantity} x {p.item} of line {p.line}" for p in parts if p.supply == order.id))
    others = [line for line in dict.fromkeys(p.line for p in parts) if all(p.supply != order.id for p in parts if p.line == line)]
    together = f"; with it {'waits line' if len(others) == 1 else 'wait lines'} {', '.join(others)}" if others else ""
    return f"{order.source} does not bring {lacking} ({order.kind} order {order.id}){together}"
