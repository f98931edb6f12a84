"""Availability asked without an order: what a shop window, a stock query, a monitor or a published feed shows.

It is the function that promises, too. Only what an expression reads of an order is null here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from orderloom.dsl.entities import ENTITIES
from orderloom.dsl.program import Formula, Promising
from orderloom.engine.promising.availability import Availability, availability
from orderloom.engine.promising.borders import border
from orderloom.engine.promising.lanes import lane_context
from orderloom.engine.promising.usual import usual_rules
from orderloom.engine.views import NO_ALERTS, View, position_view
from orderloom.engine.world import World


def browsed(
    world: World,
    item: str,
    node: str,
    method: str,
    at: datetime,
    order_context: Mapping[str, object] | None = None,
    promising: str | None = None,
    as_owner: bool = False,
) -> Availability:
    """What may be promised of the item at the node to somebody who asks for this method at this moment.

    `order_context` is the order's context where there is one already (see `views.order_view`), `promising` the name of the rules;
    without it the usual ones count (see `usual`). `as_owner`: all that whoever owns the node has. An item or node that nobody
    knows has nothing.
    """
    named = promising if promising is not None else usual_rules(world.program, at)
    rules = world.program.promising[named] if named is not None else None
    if rules is None or item not in world.catalog.items or node not in world.catalog.nodes:
        return Availability(item, node, (), problem="no promising rule, item or node of this name")
    position = world.stock.position(item, node)
    base = {"now": at, "today": at.date(), "order": order_context}
    context = lane_context(world.catalog.nodes[node], base, rules, world) if _asks_for_lane(rules) else base
    item_view = world.catalog.item_views[item]
    alerts = world.alerts.get((item, node), NO_ALERTS)
    asked = {
        **context,
        "node": world.catalog.node_views[node],
        "item": item_view,
        "line": _line(method, item_view),
        "method": method,
        "position": position_view(position, world.program.attributes, alerts) if position else None,
    }
    between = border(world, node, rules, asked)
    if between is None:
        return availability(position, rules, asked, item, node)
    found = availability(position, between.rules, asked, item, node)
    return found if as_owner else between.lent(found)


def _line(method: str, item: Mapping[str, object]) -> View:
    """A line of which only the item and the method are known."""
    return {**dict.fromkeys(ENTITIES["line"]), "item": item, "method": method}


def _asks_for_lane(rules: Promising) -> bool:
    """Whether availability depends on the lane's values, which take long to work out."""
    trusts = [rule.trust for rule in rules.supply.values()]
    classes = [rule.when for rule in rules.stock_classes.values()]
    return any(_reads_lane(formula) for formula in (rules.floor, *trusts, *classes) if isinstance(formula, Formula))


def _reads_lane(formula: Formula) -> bool:
    return formula.shape is None or any(path[0] == "lane" for path in formula.shape.reads)
