"""An order as somebody outside sees it: few words for many statuses, and no unit of work, node or participant."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

from orderloom.dsl.program import Program, StatusMap
from orderloom.engine.bringing import statuses
from orderloom.engine.catalog import Catalog
from orderloom.engine.order import Line
from orderloom.engine.promises.versions import standing
from orderloom.engine.refused import Refused
from orderloom.engine.state import OrderState
from orderloom.engine.views import cancelled, order_view

_TOLD = ("invoice", "payment", "refund", "fee")  #: documents that the customer has, too


class SeenLine(Struct, frozen=True, omit_defaults=True):
    """A line: `status` in the words of the map, several where parts of it differ; `arrives_on` is the last day promised."""

    line: str
    item: str
    title: str
    quantity: int
    unit_price: Decimal
    status: str
    cancelled: int = 0
    arrives_on: date | None = None


class SeenDocument(Struct, frozen=True):
    """An amount, in the order's currency."""

    kind: str
    number: str
    at: datetime
    amount: Decimal


class SeenOrder(Struct, frozen=True):
    """The order; `total` is the price of what was not given up."""

    order: str
    status: str
    placed_at: datetime
    currency: str
    total: Decimal
    lines: tuple[SeenLine, ...]
    documents: tuple[SeenDocument, ...]


def seen_by(role: str, state: OrderState, program: Program, catalog: Catalog, at: datetime) -> SeenOrder | Refused:
    """What a role sees of an order; refused where no map of statuses is for it."""
    order, program = state.order, program.of(state.order.division)
    view = order_view(order, catalog, program.attributes, state)
    context = {"now": at, "today": at.date(), "order": view}
    maps = (each for each in program.status_maps.values() if role in each.roles)
    chosen = next((each for each in maps if each.when is None or each.when(context) is True), None)
    if chosen is None:
        return Refused(f"no status map says what {role} sees of order {order.id}")
    left = ((line, line.quantity - cancelled(line, state)) for line in order.lines)
    return SeenOrder(
        order.id,
        chosen.word(state.status),
        order.placed_at,
        order.currency,
        sum((quantity * line.unit_price for line, quantity in left), Decimal(0)),
        tuple(_line(line, state, chosen, catalog) for line in order.lines if line.part_of is None),
        tuple(SeenDocument(d.kind, d.number, d.at, d.amount) for d in state.documents if d.kind in _TOLD),
    )


def _line(line: Line, state: OrderState, words: StatusMap, catalog: Catalog) -> SeenLine:
    parts = {part.id for part in state.order.lines if line.id in (part.id, part.part_of)}
    gone = cancelled(line, state)
    told = (
        [] if gone == line.quantity else dict.fromkeys(words.word(status) for status in statuses(state, parts, given_back=False))
    )
    status = ", ".join(told) or words.word("cancelled" if gone == line.quantity else state.status)
    days = [each.deliver_on for each in standing(state) if each.line in parts and gone < line.quantity]
    item = catalog.items.get(line.item)
    title = item.title if item is not None and item.title else line.item
    return SeenLine(line.id, line.item, title, line.quantity, line.unit_price, status, gone, max(days, default=None))
