"""Proves what must hold at every commit: of stock by a few queries, of orders a page at a time, so that memory is bounded.

No transaction is open for longer than a query or a page: workers go on beside it. Each law compares what stands there at one
moment; what two pages say is of two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic, sleep

from sqlalchemy import func, select

from orderloom.engine.audit.finding import Finding
from orderloom.engine.audit.orders import broken_by
from orderloom.engine.audit.rows import pages
from orderloom.engine.audit.slots import broken_by_slots
from orderloom.engine.audit.stock import broken_by_stock
from orderloom.engine.store import Store, tables

#: Is told how many orders were looked at, of how many, and the last one's id.
Told = Callable[[int, int, str], None]


def audit(store: Store) -> tuple[Finding, ...]:
    """Every finding; empty when all is well."""
    return tuple(audited(store))


def audited(
    store: Store, after: str = "", orders_a_second: int | None = None, told: Told = lambda done, total, last: None
) -> Iterator[Finding]:
    """Finding by finding: of stock, unless it begins `after` an order, and of orders, no more of them a second than given."""
    if not after:
        yield from broken_by_stock(store)
        yield from broken_by_slots(store)
    total, done, started = _count(store, after), 0, monotonic()
    for page in pages(store, after):
        for rows in page:
            yield from broken_by(rows)
        done += len(page)
        if page:
            told(done, total, page[-1].id)
        if orders_a_second:
            sleep(max(0.0, done / orders_a_second - (monotonic() - started)))


def _count(store: Store, after: str) -> int:
    o = tables.orders.c
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).where(o.shard == store.shard, o.id > after)).scalar_one())
