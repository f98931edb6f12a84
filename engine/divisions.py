"""The division that an order belongs to, by whose rules it goes."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from orderloom.dsl.program import Program
from orderloom.dsl.suggest import with_hint
from orderloom.engine.order import Order
from orderloom.engine.views import order_view
from orderloom.engine.world import World


def belonging(order: Order, world: World, at: datetime) -> Order:
    """The order with its division: of those that say so, the first whose `orders` it is, unless it names one itself."""
    divisions = world.program.divisions
    if order.division is not None or not divisions:
        return order
    context = {"now": at, "today": at.date(), "order": order_view(order, world.catalog, world.program.attributes)}
    fitting = (name for name, each in divisions.items() if each.orders is not None and each.orders(context) is True)
    division = next(fitting, None)
    return replace(order, division=division) if division is not None else order


def undeclared(division: str | None, program: Program) -> str:
    """What is wrong with the division that an order names as it comes in; empty where nothing is.

    Where a workspace declares divisions, it is one of them; where it declares none, it is any text. An order that was taken in
    stays what it is: where its division is gone from a later version, it goes by the rules of the workspace.
    """
    if division is None or not program.divisions or division in program.divisions:
        return ""
    return with_hint(f"there is no division {division}", division, program.divisions)


def placed(order: Order, world: World, at: datetime) -> tuple[Order, World]:
    """The order with the division that it would belong to once it is taken in, and the world by the rules of that division."""
    order = belonging(order, world, at)
    return order, world.of(order.division)
