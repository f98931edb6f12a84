"""A quote: the plan that an order would get now. Nothing is reserved."""

from __future__ import annotations

from datetime import date, datetime

from orderloom.dsl.program import Sourcing
from orderloom.engine.decisions import Answer, decide
from orderloom.engine.divisions import placed
from orderloom.engine.order import Order
from orderloom.engine.plan import Plan
from orderloom.engine.promising.usual import SOURCING_FOR_ORDER
from orderloom.engine.servicing.whole import plan_whole
from orderloom.engine.sourcing import Demand
from orderloom.engine.views import order_view
from orderloom.engine.world import World


def policy_for(order: Order, world: World, at: datetime) -> tuple[Sourcing | None, Answer]:
    """The sourcing policy of an order that nothing has become of yet, None where there is none, and what decided it."""
    order, world = placed(order, world, at)
    view = order_view(order, world.catalog, world.program.attributes)
    answer = decide(world.program.decisions[SOURCING_FOR_ORDER], {"now": at, "today": at.date(), "order": view})
    return world.program.sourcing.get(str(answer.value)), answer


def quote(policy: Sourcing, order: Order, world: World, at: datetime, deliver_by: date | None = None) -> Plan:
    """The plan of the whole order, all of it delivered by that day and by the one that it was promised for."""
    order, world = placed(order, world, at)
    promised = order.promise.deliver_by if order.promise else None
    wanted = tuple((line.id, line.quantity) for line in order.sourced_lines)
    days = [day for day in (deliver_by, promised) if day is not None]
    return plan_whole(policy, Demand(order, wanted, deliver_by=min(days, default=None)), world, at)
