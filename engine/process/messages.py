"""Who a message goes to, and what it says."""

from __future__ import annotations

from collections.abc import Mapping

from orderloom.engine.bringing import lines_of
from orderloom.engine.errors import NoWayForward
from orderloom.engine.process.elements import told
from orderloom.engine.state import Element, OrderState
from orderloom.engine.unit import Unit
from orderloom.engine.world import World

NONE: Mapping[str, Element] = {}


def recipient(world: World, role: str, node: str | None) -> str:
    """The organization that has the role: the one that operates the node, else one that operates none.

    The last one defined wins, so that a workspace's own organization comes before its pack's.
    """
    view = world.catalog.node_views.get(node or "")
    anywhere = None
    for organization in reversed(tuple(world.program.organizations.values())):
        if role not in organization.roles:
            continue
        if organization.nodes is None:
            anywhere = anywhere or organization.name
        elif view is not None and organization.nodes({"node": view}) is True:
            return organization.name
    if anywhere is not None:
        return anywhere
    raise NoWayForward(f"no organization has the role {role}" + (f" for node {node}" if node else ""))


def body(state: OrderState, unit: Unit | None, message: str, elements: Mapping[str, Element] = NONE) -> dict[str, object]:
    """What a participant is told: of a unit of work its lines and dates, else of the whole order. JSON values only.

    Within an `each` it is told of the element, too, and of no other line where that is a line.
    """
    order = state.order
    only = {each.line for each in elements.values() if each.line is not None}
    parts = lines_of(state, unit) if unit else [(line.id, line.item, line.quantity) for line in order.lines]
    about: dict[str, object] = {
        "message": message,
        "order": order.id,
        "status": unit.status if unit else state.status,
        "lines": [{"line": line, "item": item, "quantity": units} for line, item, units in parts if not only or line in only],
    }
    about |= told(elements)
    if unit is None:
        return about
    return (
        about
        | {
            "unit": unit.id,
            "node": unit.node,
            "method": unit.method,
            "service": unit.service,
            "ship_on": unit.ship_on.isoformat(),
            "deliver_on": unit.deliver_on.isoformat(),
        }
        | ({"slot": unit.slot} if unit.slot else {})
        | ({"supply_order": unit.supply_order} if unit.supply_order else {})
    )
