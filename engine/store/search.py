"""Finding orders by what is in them: each order has a row for every term, and what is asked for is terms that all must be there.

An order is found by what it has had, too: an item that was taken out of it again, the address before the last one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Select, func, select

from orderloom.engine.order import Order
from orderloom.engine.store import queries, tables
from orderloom.engine.store.queries import ORDER_LINE, PAGE, OrderLine
from orderloom.engine.store.statements import Row
from orderloom.engine.store.store import Store

_WORDS = re.compile(r"\w{1,100}")


class Asked(Struct, frozen=True):
    """What is looked for; an order fits that fits all of it. `number` is the channel's own, `text` words of names and addresses.

    It was placed at `since` or later, and before `until`.
    """

    status: str | None = None
    channel: str | None = None
    customer: str | None = None
    hold: str | None = None
    number: str | None = None
    item: str | None = None
    email: str | None = None
    phone: str | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


def terms(order: Order) -> set[str]:
    """What an order is found by."""
    customer, to = order.customer, order.ship_to
    texts = [customer.name, *((to.name, to.street, to.city, to.zip) if to is not None else ())]
    found = {f"t:{word}" for text in texts if text for word in words(text)} | {f"i:{line.item}" for line in order.lines}
    found |= {f"n:{order.external_id}"} if order.external_id else set()
    found |= {f"e:{_plain(customer.email)}"} if customer.email else set()
    return found | ({f"p:{digits(customer.phone)}"} if customer.phone else set())


def term_rows(shard: int, order: Order) -> list[Row]:
    """The rows of its terms."""
    return [(shard, term, order.id) for term in sorted(terms(order))]


def words(text: str) -> list[str]:
    """The words of a text, in small letters."""
    return _WORDS.findall(_plain(text))


def digits(phone: str) -> str:
    """A telephone number as it is compared: its digits, whatever stands between them."""
    return "".join(each for each in phone if each.isdecimal())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text.strip()).casefold()


def _terms_asked(asked: Asked) -> Iterator[str]:
    """The term that fits the fewest orders first, as far as that can be known."""
    if asked.number is not None:
        yield f"n:{asked.number}"
    if asked.email is not None:
        yield f"e:{_plain(asked.email)}"
    if asked.phone is not None:
        yield f"p:{digits(asked.phone)}"
    yield from sorted((f"t:{word}" for word in words(asked.text)), key=len, reverse=True)
    if asked.item is not None:
        yield f"i:{asked.item}"


_o, _s = tables.orders.c, tables.search.c


def find(store: Store, asked: Asked, after: str = "", limit: int = PAGE) -> tuple[OrderLine, ...]:
    """Orders by id, behind the id `after`, that fit.

    What narrows it down most goes by its index; a column within `coalesce` does not, so that a database without figures of its
    tables has no choice.
    """
    first, *others = [*_terms_asked(asked), ""]
    days = asked.since is not None or asked.until is not None
    if not first and not days:
        return queries.orders(store, asked.status, asked.channel, asked.customer, after, limit, asked.hold)
    by_customer = not first and asked.customer is not None
    query = _by_terms(store, first, others[:-1]) if first else ORDER_LINE.where(_o.shard == store.shard)
    key = _s.order_id if first else _o.id if by_customer else func.coalesce(_o.id, "")
    customer = _o.customer if by_customer else func.coalesce(_o.customer, "")
    placed_at: Any = func.coalesce(_o.placed_at, "") if first or by_customer else _o.placed_at
    query = query.where(customer == asked.customer) if asked.customer is not None else query
    for column, value in ((_o.status, asked.status), (_o.channel, asked.channel)):
        query = query.where(func.coalesce(column, "") == value) if value is not None else query
    query = query.where(placed_at >= asked.since) if asked.since is not None else query
    query = query.where(placed_at < asked.until) if asked.until is not None else query
    query = query.where(queries.held_by(asked.hold)) if asked.hold is not None else query
    with store.reading() as connection:
        return tuple(OrderLine(*row) for row in connection.execute(query.where(key > after).order_by(key).limit(limit)))


def _by_terms(store: Store, first: str, others: list[str]) -> Select[Any]:
    """By the index of terms, in which the orders of one stand by their ids; the other terms are looked up order by order."""
    this = (_s.shard == _o.shard) & (_s.order_id == _o.id)
    query = ORDER_LINE.select_from(tables.search.join(tables.orders, this)).where(_s.shard == store.shard, _s.term == first)
    for term in others:
        also = tables.search.alias().c
        there = (also.shard == _o.shard) & (also.term == term) & (also.order_id == _o.id)
        query = query.where(select(also.term).where(there).exists())
    return query
