"""What may be offered with an order or a draft of the store, or with one that is not placed yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from orderloom.engine.desk.customers import ZERO, Timeline, timeline
from orderloom.engine.offering import Offered, Past, bases, candidates, offers
from orderloom.engine.order import Order
from orderloom.engine.store import Store
from orderloom.engine.store.alerts import shipped_since
from orderloom.engine.world import World

DRAFTS = ("draft", "cancelled")  #: statuses of orders by which nothing was bought


def offered(store: Store, order: Order, world: Callable[[set[str]], World], at: datetime) -> Offered:
    """The offers for an order now; nothing is reserved."""
    past = past_of(store, order)
    first = bases(order, past)
    found = candidates(order, past, world(first), at)
    whole = world(first | {each.item for each in found})
    places = {(each.item, node) for each in found for node in whole.stock.nodes_of(each.item)}
    days = max((each.rules.days for each in found), default=1)
    with store.reading() as connection:
        shipped = shipped_since(connection, store.shard, places, at - timedelta(days=days))
    return offers(order, past, found, whole, shipped, at)


def past_of(store: Store, order: Order) -> Past:
    """What the customer did besides this order; the latest items first, each once."""
    known = timeline(store, order.customer.id)
    if not isinstance(known, Timeline):
        return Past()
    bought = [each for each in known.orders if each.order != order.id and each.status not in DRAFTS]
    items = dict.fromkeys(item for each in reversed(bought) for item in each.items)
    interests = dict.fromkeys(each.interest.item for each in reversed(known.interests))
    return Past(len(bought), known.lifetime or ZERO, tuple(items), tuple(interests))
