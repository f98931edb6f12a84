"""What other goods of an exchange cost: what is known of them, or what somebody with the authority says."""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from orderloom.dsl.program import Returns
from orderloom.engine.events import ReturnAsked
from orderloom.engine.numbers import number
from orderloom.engine.refused import Refused
from orderloom.engine.returns.request import ReturnRequest
from orderloom.engine.turn import Turn


def priced(turn: Turn, event: ReturnAsked, policy: Returns) -> ReturnRequest | Refused:
    """The request with the price of what is to be got; refused where nobody knows it, or he may not name another one."""
    request, wanted = event.request, event.request.exchange
    if wanted is None:
        return request
    line, known = turn.state.order.line(request.line), known_price(turn, request)
    item = wanted.item or line.item
    if wanted.unit_price not in (None, known) and event.role and event.role not in policy.pricing:
        costs = f"it costs {known}" if known is not None else "its price is not known"
        words = f"{event.role} may not name the price of {item}: {costs}"
        return Refused(f"{words}; `prices by: [{event.role}]` of {policy.title} would allow it")
    if known is None and wanted.unit_price is None:
        return Refused(f"say what {item} costs (unit_price)")
    if wanted.unit_price is not None or item == line.item:
        return request  # the same item is got on the very terms of what comes back
    return replace(request, exchange=replace(wanted, unit_price=known))


def known_price(turn: Turn, request: ReturnRequest) -> Decimal | None:
    """The price of one of the other goods: that of the line, or of another item what the catalogue has as `unit_price`."""
    line, wanted = turn.state.order.line(request.line), request.exchange
    if wanted is None or wanted.item in (None, line.item):
        return line.unit_price
    item = turn.world.catalog.items.get(wanted.item)
    return number(item.attributes.get("unit_price"), 0) if item is not None else None
