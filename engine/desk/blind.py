"""Goods that come back although nobody knows the order that they were bought with: refused, or taken in for store credit."""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from msgspec.structs import replace
from sqlalchemy import select

from orderloom.dsl.program import Program
from orderloom.dsl.suggest import with_hint
from orderloom.engine import wire
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.desk.returns import KNOWN
from orderloom.engine.divisions import belonging, undeclared
from orderloom.engine.events import ReturnAsked
from orderloom.engine.money.shares import ZERO, cent, charge
from orderloom.engine.order import Line, Order
from orderloom.engine.refused import Refused
from orderloom.engine.returns.asked import BLIND, Offered, offered
from orderloom.engine.returns.eligible import policy_of
from orderloom.engine.shell.inbox import capture_brought
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store, tables
from orderloom.engine.turn import Turn
from orderloom.engine.views import cancelled
from orderloom.engine.world import World

LINE = "1"  #: the one line of the order that stands for what was brought


def bring(
    store: Store, program: Program, order: Order, item: str, asked: ReturnAsked, *, preview: bool = False,
    works_at: str | None = None,
) -> Offered | Refused:  # fmt: skip
    """What is given for goods of an item whose sale nobody knows; unless it is a `preview`, it is put in.

    `order` has the id, the channel and the customer under which it is kept, and no lines. The credit is at most the lowest price
    at which the store has sold the item, of the days that the policy says. Who works at a node takes them in there alone.
    """
    world = Lookup(store, program).world({item})
    if item not in world.catalog.items:
        return Refused(with_hint(f"there is no item {item}", item, Lookup(store, program).items_like(item)))
    if any(item in bill.items for bill in program.bills.values()):
        return Refused(f"{item} is made up of components: it comes back with its order")
    if problem := undeclared(order.division, program):
        return Refused(problem)
    order = belonging(_of(order, item, asked, ZERO), world, asked.at)
    policy = policy_of(_turn(world, order, asked))
    if isinstance(policy, Refused):
        return policy
    if policy.blind is not None:
        price = lowest_price(store, item, order.currency, asked.at - policy.blind.price)
        if price is None:
            return Refused(f"no order of the last {policy.blind.price.days} days has sold {item}: nothing can be given for it")
        order = _of(order, item, asked, price)
    made = offered(_turn(world, order, asked), asked, blind=True)
    if not isinstance(made, Refused):
        made = made.away_from(works_at) or made
    if isinstance(made, Refused) or preview:
        return made
    if not capture_brought(store, order, program.digest, asked).repeated:
        return made
    return KNOWN if _was_brought(store, order) else Refused(f"the id {order.id} is taken: choose another one")


def _was_brought(store: Store, order: Order) -> bool:
    """Whether what is known under the id is what the same customer has brought."""
    t = tables.orders.c
    with store.reading() as connection:
        asked = select(t.customer, t.state).where(t.shard == store.shard, t.id == order.id)
        found = connection.execute(asked).one_or_none()
    if found is None or found.customer != order.customer.id:
        return False
    return found.state is None or wire.load_state(found.state).order.document_type == BLIND


def lowest_price(store: Store, item: str, currency: str, since: datetime) -> Decimal | None:
    """The lowest price of a unit, less its discount, at which an order that was placed since then has sold the item."""
    t = tables.orders.c
    sold = t.state.contains(f'"item":{wire.dump(item)}', autoescape=True)
    asked = select(t.state).where(t.shard == store.shard, t.placed_at >= since, sold)
    with store.reading() as connection:
        states = [wire.load_state(text) for text in connection.execute(asked).scalars()]
    prices = (
        _price(line, state)
        for state in states
        if state.order.currency == currency
        for line in state.order.lines
        if line.item == item and cancelled(line, state) < line.quantity
    )
    return min(prices, default=None)


def _price(line: Line, state: OrderState) -> Decimal:
    whole = charge(line, 0, line.quantity, state.order.currency)
    return ((whole.price - whole.discount) / line.quantity).quantize(cent(state.order.currency), ROUND_DOWN)


def _of(order: Order, item: str, asked: ReturnAsked, price: Decimal) -> Order:
    return replace(order, lines=(Line(LINE, item, asked.request.quantity, price),), document_type=BLIND)


def _turn(world: World, order: Order, asked: ReturnAsked) -> Turn:
    world = world.of(order.division)
    return Turn(world, OrderState(order, world.program.digest), asked.at, world.stock)
