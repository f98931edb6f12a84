"""A customer over all channels: what he was interested in, ordered, sent back and was granted, and what that came to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from sqlalchemy import select

from orderloom.dsl.rights import ORDER_FIELDS
from orderloom.engine import wire
from orderloom.engine.bringing import lines_of
from orderloom.engine.desk.gate import Gate
from orderloom.engine.interest import Interest
from orderloom.engine.money.billing import CREDIT, FEE, FUTURE_DISCOUNT, GIFT_CARD, INVOICE, REFUND
from orderloom.engine.refused import Refused
from orderloom.engine.seen import status, total
from orderloom.engine.state import DRAFT, Document, OrderState
from orderloom.engine.store import Store, tables
from orderloom.engine.store.interests import interests_of
from orderloom.engine.unit import Unit

PAGE = 200  #: orders that are read at a time
RETURN, REPAIR = "return", "repair"  #: units of work after the sale
ZERO = Decimal(0)
COUNTS = {INVOICE: 1, FEE: 1, CREDIT: -1}  #: documents of which the value of an order is made up


class After(Struct, frozen=True, omit_defaults=True):
    """What came after the sale: a return or a repair with its unit of work, an appeasement, money given back, a gift card."""

    kind: str
    id: str
    status: str
    items: dict[str, int] = {}
    amount: Decimal | None = None
    at: datetime | None = None


class Bought(Struct, frozen=True, omit_defaults=True):
    """An order of the customer. `total` is its price now, `worth` what was invoiced of it less what was credited.

    What whoever asks may not see is absent.
    """

    order: str
    channel: str | None = None
    number: str | None = None
    placed_at: datetime | None = None
    status: str | None = None
    items: dict[str, int] = {}
    total: Decimal | None = None
    worth: Decimal | None = None
    after: tuple[After, ...] = ()


class Shown(Struct, frozen=True, omit_defaults=True):
    """An interest, and the first order with that item that the customer placed then or later."""

    interest: Interest
    led_to: str | None = None


class Timeline(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Everything of a customer, by when it was; `lifetime` is what all orders are worth, in the workspace's currency.

    Where somebody asks who does not see every order, or not all of each, it is made of what he sees alone.
    """

    customer: str
    name: str | None = None
    email: str | None = None
    orders: tuple[Bought, ...]
    interests: tuple[Shown, ...]
    lifetime: Decimal | None = None
    open: Decimal | None = None


class _Sight(Struct, frozen=True):
    """An order as it lies before whoever asks."""

    state: OrderState
    show: frozenset[str]
    units: tuple[Unit, ...]
    status: str
    documents: tuple[Document, ...]
    total: Decimal
    counts: Mapping[str, int]
    whole: bool = True


def timeline(store: Store, customer: str, gate: Gate | None = None) -> Timeline | Refused:
    """What the store has of a customer, by what stands between it and whoever asks; refused where that is nothing."""
    sights = [found for state in _states(store, customer) if (found := _sight(state, gate)) is not None]
    interests = interests_of(store, customer)
    if not sights and not interests:
        return Refused(f"nothing is known of a customer {customer}")
    sights.sort(key=lambda sight: (sight.state.order.placed_at, sight.state.order.id))
    bought = tuple(map(_bought, sights))
    last = next((sight.state.order.customer for sight in reversed(sights) if "customer" in sight.show), None)
    told = [sight.state for sight in sights if "lines" in sight.show and sight.whole]
    worths = [each.worth for each in bought if each.worth is not None]
    priced = [sight for sight in sights if "total" in sight.show]
    going = sum((sight.total for sight in priced if not sight.state.ended and sight.state.status != DRAFT), ZERO)
    return Timeline(
        customer=customer,
        name=last.name if last else None,
        email=last.email if last else None,
        orders=bought,
        interests=tuple(Shown(each, _led_to(each, told)) for each in interests),
        lifetime=sum(worths, ZERO) if worths or not sights else None,
        open=going if priced or not sights else None,
    )


def _sight(state: OrderState, gate: Gate | None) -> _Sight | None:
    """What of an order whoever asks may see; None where he may not know of it."""
    if gate is None:
        counts, everything = {line.id: line.quantity for line in state.order.lines}, frozenset(ORDER_FIELDS)
        return _Sight(state, everything, tuple(state.units.values()), state.status, state.documents, state.order.total, counts)
    looked = gate.look(state)
    if looked is None:
        return None
    theirs = tuple(document for document in state.documents if looked.has(document.unit))
    price = state.order.total if looked.whole else total(looked)
    return _Sight(
        state, frozenset(looked.show), looked.units, status(looked), theirs, price, looked.counts, looked.whole
    )  # fmt: skip


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


def _bought(sight: _Sight) -> Bought:
    order, show = sight.state.order, sight.show
    return Bought(
        order.id,
        order.channel if "channel" in show else None,
        order.external_id if "channel" in show else None,
        order.placed_at if "placed at" in show else None,
        sight.status if "status" in show else None,
        _of_lines(sight) if "lines" in show else {},
        sight.total if "total" in show else None,
        worth(sight.documents) if "documents" in show else None,
        tuple(_after(sight)),
    )


def _of_lines(sight: _Sight) -> dict[str, int]:
    """How many of each item: of the whole order, or in the units of work that are seen."""
    items: dict[str, int] = {}
    whole = [(line.item, line.quantity) for line in sight.state.order.lines if line.part_of is None]
    parts = [(item, count) for unit in sight.units for _, item, count in lines_of(sight.state, unit)]
    for item, quantity in whole if sight.whole else parts:
        items[item] = items.get(item, 0) + quantity
    return items


def worth(documents: Collection[Document]) -> Decimal:
    """What was invoiced of an order less what was credited; where refunds come without credit memos, less these."""
    credited = any(document.kind == CREDIT for document in documents)
    counts = COUNTS if credited else {**COUNTS, REFUND: -1}
    return sum((counts.get(document.kind, 0) * document.amount for document in documents), ZERO)


def _after(sight: _Sight) -> Iterator[After]:
    state = sight.state
    for unit in sight.units if {"lines", "status"} <= sight.show else ():
        if unit.type in (RETURN, REPAIR):
            yield After(unit.type, unit.id, unit.status, _items(unit))
    if "documents" not in sight.show:
        return
    for each in state.appeasements.values():
        if not (sight.whole or each.line in sight.counts):
            continue
        item = next((line.item for line in state.order.lines if line.id == each.line), each.line)
        yield After("appeasement", each.id, each.outcome, {item: each.quantity}, each.amount, each.at)
    for document in sight.documents:
        if document.kind in (REFUND, CREDIT, GIFT_CARD, FUTURE_DISCOUNT):
            yield After(document.kind, document.number, "", {}, document.amount, document.at)


def _items(unit: Unit) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in unit.lines:
        found[part.item] = found.get(part.item, 0) + part.quantity
    return found


def _led_to(interest: Interest, states: list[OrderState]) -> str | None:
    later = (state.order for state in states if state.order.placed_at >= interest.at)
    return next((order.id for order in later if any(line.item == interest.item for line in order.lines)), None)
