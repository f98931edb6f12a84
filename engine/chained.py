"""Orders of supply are driven, too, where `process-for-supply` says how: each by a unit of work at the node that sends.

Its status stands for the lines whose units wait for it. That it will not come is told to the units of work that wait for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from orderloom.engine.bringing import order_of
from orderloom.engine.effects import OrderSupply
from orderloom.engine.ledger.stock import ON_HAND, Entry
from orderloom.engine.state import Instance
from orderloom.engine.supply_order import Approval
from orderloom.engine.turn import Turn
from orderloom.engine.unit import Unit


def unchained(turn: Turn) -> Iterator[Unit]:
    """A unit of work for each order of supply that has none."""
    known = {unit.supply_order for unit in turn.state.units.values()}
    for order in turn.state.supply_orders:
        if not (order.cancelled or order.id in known):
            yield Unit(
                id=f"{turn.state.order.id}-{len(turn.state.units) + 1}",
                node=order.source,
                method=order.kind,
                service="",
                supply=ON_HAND,
                lines=(),
                release_at=turn.at,
                ship_on=order.ships_on or turn.at.date(),
                deliver_on=order.due_on,
                type=order.kind,
                supply_order=order.id,
            )


def cancel_supply(turn: Turn, instance: Instance) -> str:
    """It will not come: nothing more is promised of it, what is given back is expected no more, it is not asked for again."""
    unit = turn.unit(instance)
    order = order_of(turn.state, unit)
    if order is None or order.cancelled:
        return "cancelled"
    position = turn.stock.position(order.item, order.node)
    supply = position.supply(order.id) if position else None
    free = min(supply.unreserved, supply.quantity - supply.received) if supply else 0
    if free:
        turn.post([Entry("withdraw", order.item, order.node, order.id, free, turn.state.order.id)])
    cancelled = replace(order, cancelled=True)
    turn.change(
        supply_orders=tuple(cancelled if each is order else each for each in turn.state.supply_orders),
        approvals=(*turn.state.approvals, Approval(order.item, order.node, order.planned, 0)),
    )
    turn.put_unit(replace(unit, released=True))
    turn.emit(OrderSupply(cancelled))
    turn.note("order", "document", f"{order.kind} order {order.id} to {order.source} is cancelled")
    return "cancelled"
