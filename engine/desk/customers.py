"""A customer over all channels: what he was interested in, ordered, sent back and was granted, and what that came to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from sqlalchemy import select

from orderloom.engine import wire
from orderloom.engine.billing import CREDIT, FEE, INVOICE, REFUND
from orderloom.engine.interest import Interest
from orderloom.engine.refused import Refused
from orderloom.engine.state import DRAFT, OrderState
from orderloom.engine.store import Store, tables
from orderloom.engine.store.interests import interests_of
from orderloom.engine.unit import Unit

PAGE = 200  #: orders that are read at a time
RETURN, REPAIR = "return", "repair"  #: units of work after the sale
ZERO = Decimal(0)
COUNTS = {INVOICE: 1, FEE: 1, CREDIT: -1}  #: documents of which the value of an order is made up


class After(Struct, frozen=True, omit_defaults=True):
    """Something after the sale: a return or a repair with its unit of work, an appeasement, or money that was given back."""

    kind: str
    id: str
    status: str
    items: dict[str, int] = {}
    amount: Decimal | None = None
    at: datetime | None = None


class Bought(Struct, frozen=True, omit_defaults=True):
    """An order of the customer. `total` is its price now, `worth` what was invoiced of it less what was credited."""

    order: str
    channel: str
    number: str | None
    placed_at: datetime
    status: str
    items: dict[str, int]
    total: Decimal
    worth: Decimal
    after: tuple[After, ...] = ()


class Shown(Struct, frozen=True, omit_defaults=True):
    """An interest, and the first order with that item that the customer placed then or later."""

    interest: Interest
    led_to: str | None = None


class Timeline(Struct, frozen=True):
    """Everything of a customer, by when it was; `lifetime` is what all orders are worth, in the workspace's currency."""

    customer: str
    name: str | None
    email: str | None
    orders: tuple[Bought, ...]
    interests: tuple[Shown, ...]
    lifetime: Decimal
    open: Decimal


def timeline(store: Store, customer: str) -> Timeline | Refused:
    """What the store has of a customer; refused where that is nothing."""
    states = list(_states(store, customer))
    interests = interests_of(store, customer)
    if not states and not interests:
        return Refused(f"nothing is known of a customer {customer}")
    states.sort(key=lambda state: (state.order.placed_at, state.order.id))
    bought = tuple(map(_bought, states))
    last = states[-1].order.customer if states else None
    return Timeline(
        customer,
        last.name if last else None,
        last.email if last else None,
        bought,
        tuple(Shown(each, _led_to(each, states)) for each in interests),
        sum((each.worth for each in bought), ZERO),
        sum((state.order.total for state in states if not state.ended and state.status != DRAFT), ZERO),
    )


def _states(store: Store, customer: str) -> Iterator[OrderState]:
    """The customer's orders that a worker has seen."""
    t, after = tables.orders.c, ""
    query = select(t.id, t.state).where(t.shard == store.shard, t.customer == customer).order_by(t.id).limit(PAGE)
    while True:
        with store.reading() as connection:
            rows = connection.execute(query.where(t.id > after)).all()
        yield from (wire.load_state(state) for _, state in rows if state)
        if len(rows) < PAGE:
            return
        after = rows[-1][0]


def _bought(state: OrderState) -> Bought:
    order = state.order
    items: dict[str, int] = {}
    for line in order.lines:
        if line.part_of is None:
            items[line.item] = items.get(line.item, 0) + line.quantity
    known = (order.id, order.channel, order.external_id, order.placed_at, state.status, items, order.total)
    return Bought(*known, worth(state), tuple(_after(state)))


def worth(state: OrderState) -> Decimal:
    """What was invoiced of an order less what was credited; where refunds come without credit memos, less these."""
    credited = any(document.kind == CREDIT for document in state.documents)
    counts = COUNTS if credited else {**COUNTS, REFUND: -1}
    return sum((counts.get(document.kind, 0) * document.amount for document in state.documents), ZERO)


def _after(state: OrderState) -> Iterator[After]:
    for unit in state.units.values():
        if unit.type in (RETURN, REPAIR):
            yield After(unit.type, unit.id, unit.status, _items(unit))
    for each in state.appeasements.values():
        item = next((line.item for line in state.order.lines if line.id == each.line), each.line)
        yield After("appeasement", each.id, each.outcome, {item: each.quantity}, each.amount, each.at)
    for document in state.documents:
        if document.kind in (REFUND, CREDIT):
            yield After(document.kind, document.number, "", {}, document.amount, document.at)


def _items(unit: Unit) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in unit.lines:
        found[part.item] = found.get(part.item, 0) + part.quantity
    return found


def _led_to(interest: Interest, states: list[OrderState]) -> str | None:
    later = (state.order for state in states if state.order.placed_at >= interest.at)
    return next((order.id for order in later if any(line.item == interest.item for line in order.lines)), None)
