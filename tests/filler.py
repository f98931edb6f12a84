"""Fills a store with orders that have ended: some that were run are copied, all their rows, as often as it takes.

The database makes the copies itself, so that millions of rows take minutes. A copy has another id, in every text that tells
of it, and happened in a month of its own, all of it in that month. The stock knows nothing of copies.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Column, Table, Text, bindparam, func, select, text
from sqlalchemy.engine import Connection

from orderloom.engine.store import Store, tables
from orderloom.engine.store.partitions import make_between

OF_ORDERS = (tables.orders, tables.history, tables.records, tables.outbox, tables.inbox, tables.ledger, tables.exceptions)
MONTHS = 24  #: over which the copies are spread, up to the month before the first of those that were run
AT_ONCE = 20_000  #: orders a transaction

#: Texts that an order's id stands in, besides those that are the id.
_TELL = frozenset({"state", "event", "notes", "body", "key", "id", "subject", "change"})


def fill(store: Store, orders: int) -> None:
    """Copies orders that have ended, until so many are there. Those that were run are few, and the first to be there."""
    with store.reading() as connection:
        originals, there, first = _originals(connection), _count(connection), _first_month(connection)
    assert originals, "no order has ended"
    months = list(_months_before(first))
    with store.writing() as connection:
        make_between(connection, months[0], months[-1])
    numbers = iter(range(there, 10**9))
    while there < orders:
        with store.writing() as connection:
            stop = min(orders, there + AT_ONCE)
            while there < stop:
                chosen = originals[: stop - there]
                number = next(numbers)
                _copy(connection, chosen, f"{number:07}-", months[number % MONTHS])
                there += len(chosen)


def settle(store: Store) -> None:
    """What a store does by itself in the course of time: what is dead is vacuumed away, what is there is counted."""
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if connection.dialect.name == "postgresql" else "PRAGMA optimize"))


def _copy(connection: Connection, originals: list[str], mark: str, month: str) -> None:
    for table in OF_ORDERS:
        of = "id" if table is tables.orders else "order_id"
        values = ", ".join(_value(table, column, of) for column in table.columns)
        names = ", ".join(column.name for column in table.columns)
        asked = text(
            f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {table.name} WHERE shard = 0 AND {of} IN :originals"
        )
        given = {"mark": mark, "month": month, "originals": originals}
        connection.execute(asked.bindparams(bindparam("originals", expanding=True)), given)


def _value(table: Table, column: Column[Any], of: str) -> str:
    """What a column of the copy has, as SQL."""
    name = column.name
    if name in (of, "external_id"):
        return f":mark || {name}"
    if name == "customer":
        return f"substr(:mark, 1, 6) || {name}"  # ten orders or so are of one customer
    if name in _TELL:
        return f"REPLACE({name}, {of}, :mark || {of})"
    if isinstance(column.type, tables.Moment):
        day = f"CASE WHEN substr({name}, 9, 2) > '28' THEN '28' ELSE substr({name}, 9, 2) END"
        return f"CASE WHEN {name} IS NULL THEN NULL ELSE :month || '-' || {day} || substr({name}, 11) END"
    return name


def _originals(connection: Connection) -> list[str]:
    """Orders that were run and have ended."""
    t = tables.orders.c
    run = select(t.id).where(t.outcome.is_not(None), ~t.id.like("%-%")).order_by(t.id).limit(500)
    return list(connection.execute(run).scalars())


def _count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(tables.orders)).scalar_one()


def _first_month(connection: Connection) -> date:
    t = tables.history.c
    return date.fromisoformat(str(connection.execute(select(func.min(t.at, type_=Text))).scalar_one())[:10])


def _months_before(first: date) -> Iterator[str]:
    for back in range(MONTHS, 0, -1):
        months = first.year * 12 + first.month - 1 - back
        yield f"{months // 12}-{months % 12 + 1:02}"
