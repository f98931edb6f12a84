"""The rows of orders as they stand in the store, a page of orders at a time: nothing is understood here, so nothing can fail.

Each page is read in a transaction of its own. What it says of its orders is of one moment, and none is held open for long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from sqlalchemy import BindParameter, Connection, RowMapping, TextClause, bindparam, text

from orderloom.engine.store import Store

PAGE = 100  #: orders at a time
BEYOND = "\U0010ffff"  #: behind every order

#: What else there is of orders, by table, with the columns by which its rows are in order.
OF_ORDERS = {
    "history": "sequence, at",
    "records": "sequence, number",
    "ledger": "sequence, number",
    "outbox": "key",
    "inbox": "participant, key",
    "due": "key",
    "exceptions": "id",
    "holds": "id",
    "tasks": "id",
    "appeasements": "customer, number",
    "reservations": "line, item, node, supply",
}


#: Tables whose rows stay when their order has gone to files.
STAYING = ("ledger", "appeasements")


class OrderRows(Struct):
    """Everything of one order by table; `order` is None where rows speak of an order that is not there."""

    id: str
    order: RowMapping | None = None
    tables: dict[str, list[RowMapping]] = field(default_factory=dict)

    def __getitem__(self, table: str) -> list[RowMapping]:
        return self.tables.get(table, [])


def pages(store: Store, after: str = "", page: int = PAGE) -> Iterator[list[OrderRows]]:
    """Every order behind `after`, by id, and what speaks of orders that are not there; of these the ledger may."""
    while True:
        with store.reading() as connection:
            found = _page(connection, store.shard, after, page)
        last = max((each.id for each in found if each.order), default=None)
        yield found
        if last is None:
            return
        after = last


def _page(connection: Connection, shard: int, after: str, page: int) -> list[OrderRows]:
    """The next orders; behind the last one all that is left."""
    rows = connection.execute(_ORDERS, {"shard": shard, "after": after, "page": page}).mappings()
    found = {row["id"]: OrderRows(row["id"], row) for row in rows}
    last = max(found) if found else BEYOND
    for table, query in _BETWEEN.items():
        for row in connection.execute(query, {"shard": shard, "after": after, "last": last}).mappings():
            known = found.setdefault(row["order_id"], OrderRows(row["order_id"]))
            known.tables.setdefault(table, []).append(row)
    return list(found.values())


def rows_of(connection: Connection, shard: int, orders: Sequence[str]) -> list[OrderRows]:
    """These orders with all their rows, by id; those that are there."""
    asked = {"shard": shard, "ids": list(orders)}
    found = {row["id"]: OrderRows(row["id"], row) for row in connection.execute(_THESE, asked).mappings()}
    for table, query in _OF_THESE.items():
        for row in connection.execute(query, asked).mappings():
            if row["order_id"] in found:
                found[row["order_id"]].tables.setdefault(table, []).append(row)
    return list(found.values())


def _between(table: str) -> TextClause:
    """The rows of a table by order. Those that stay when their order has gone to files are left out then."""
    there = "AND EXISTS (SELECT 1 FROM orders o WHERE o.shard = t.shard AND o.id = t.order_id)" if table in STAYING else ""
    between = f"t.shard = :shard AND t.order_id > :after AND t.order_id <= :last {there}"
    return text(f"SELECT * FROM {table} t WHERE {between} ORDER BY order_id, {OF_ORDERS[table]}")


_ids: BindParameter[str] = bindparam("ids", expanding=True)
_ORDERS = text("SELECT * FROM orders WHERE shard = :shard AND id > :after ORDER BY id LIMIT :page")
_BETWEEN = {table: _between(table) for table in OF_ORDERS}
_THESE = text("SELECT * FROM orders WHERE shard = :shard AND id IN :ids ORDER BY id").bindparams(_ids)
_OF_THESE = {
    table: text(f"SELECT * FROM {table} WHERE shard = :shard AND order_id IN :ids ORDER BY order_id, {by}").bindparams(_ids)
    for table, by in OF_ORDERS.items()
}
