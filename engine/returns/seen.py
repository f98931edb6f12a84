"""What the expressions of a policy of returns, of its disposition and of its process see."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from orderloom.engine.ledger.stock import Position, Stock
from orderloom.engine.returns.request import Return, ReturnRequest
from orderloom.engine.state import OrderState
from orderloom.engine.unit import Unit
from orderloom.engine.views import View, line_view, position_view
from orderloom.engine.world import World

_NOTHING: View = dict.fromkeys(("line", "item", "position", "request", "disposition"))
_SAID = ("next", "node", "stock_class", "code")


class Asked(Struct, frozen=True):
    """A request with what is known of it so far; `on` is the day on which it was asked."""

    request: ReturnRequest
    on: date
    way: str | None = None
    node: str | None = None
    delivered_on: date | None = None
    condition: str | None = None
    id: str = ""


def return_view(world: World, state: OrderState, stock: Stock, asked: Asked, item: str | None = None) -> View:
    """What a policy sees of a return, besides the order."""
    attributes, line = world.program.attributes, state.order.line(asked.request.line)
    item = item or line.item
    position = stock.position(item, asked.node) if asked.node is not None else None
    return {
        "line": line_view(line, world.catalog, attributes, state),
        "item": world.catalog.item_views.get(item),
        "nodes": list(world.catalog.node_views.values()),
        "node": world.catalog.node_views.get(asked.node or ""),
        "position": position_view(position or Position(item, asked.node or ""), attributes),
        "request": _request(asked),
    }


def process_view(world: World, state: OrderState, stock: Stock, unit: Unit, goods: int = 0) -> View:
    """What the process of a return sees besides what every unit of work does; nothing of one that nobody asked for.

    The item and the disposition are those of the first goods, unless said.
    """
    known = state.returns.get(unit.id)
    if known is None:
        return dict(_NOTHING)
    own = known.goods[goods] if goods < len(known.goods) else None
    asked = Asked(known.request, known.at.date(), known.way, known.node, known.delivered_on, condition_of(known), unit.id)
    seen = return_view(world, state, stock, asked, own.item if own is not None else None)
    return seen | {"disposition": {name: getattr(own, name) or None if own and own.next else None for name in _SAID}}


def condition_of(known: Return) -> str | None:
    """As it was inspected; else as whoever asked has said."""
    return known.condition or known.request.condition


def _request(asked: Asked) -> View:
    request = asked.request
    return {
        "id": asked.id or None,
        "reason": request.reason or None,
        "condition": asked.condition or request.condition,
        "way": asked.way,
        "quantity": request.quantity,
        "serials": list(request.serials),
        "asked_on": asked.on,
        "delivered_on": asked.delivered_on,
        "days": (asked.on - asked.delivered_on).days if asked.delivered_on is not None else None,
        "exchange": request.exchange and ("advance" if request.exchange.advance else "regular"),
    }
