"""Proves what must hold at every commit: of stock by a few queries, of orders a page at a time, so that memory is bounded."""

from __future__ import annotations

from orderloom.engine.audit.finding import Finding
from orderloom.engine.audit.orders import broken_by_orders
from orderloom.engine.audit.stock import broken_by_stock
from orderloom.engine.store import Store


def audit(store: Store) -> tuple[Finding, ...]:
    """Every finding, as of one moment; empty when all is well."""
    with store.reading() as connection:
        return (*broken_by_stock(connection, store.shard), *broken_by_orders(connection, store.shard))
