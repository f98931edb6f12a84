"""The statements of the hot path: text made once from the tables, rows as tuples, straight through the driver.

SQLAlchemy's work for each row costs more than SQLite's own, so nothing but a list of tuples in the order of the columns goes
through here. The text is the same for every database that knows `ON CONFLICT`; only the marks of the values differ. A server is
given all rows of a statement at once, as JSON, where no two of them have the same key: it takes half the time of one by one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Table, TextClause, text
from sqlalchemy.engine import Dialect

from orderloom.engine import wire
from orderloom.engine.store import tables

Row = tuple[Any, ...]


def run(connection: Connection, statement: TextClause, rows: Sequence[Row]) -> int:
    """Runs a statement for every row; the number of rows that it touched."""
    if not rows:
        return 0
    if statement in AT_ONCE and connection.dialect.name == "postgresql":
        asked, names = _for_all(statement, connection.dialect)
        told = wire.dump([dict(zip(names, row, strict=True)) for row in rows])
        return connection.exec_driver_sql(asked, (told,)).rowcount
    return connection.exec_driver_sql(_driver_text(statement, connection.dialect), list(rows)).rowcount


def ask(connection: Connection, statement: Executable, values: Mapping[str, object]) -> Sequence[Sequence[Any]]:
    """The rows of a select, of which no number of values makes another text. Moments and days are texts, both ways."""
    asked, names, given = _question(statement, connection.dialect)
    known = {**given, **values}
    return connection.exec_driver_sql(asked, tuple([known[name] for name in names])).all()


@cache
def _question(statement: Executable, dialect: Dialect) -> tuple[str, Sequence[str], Mapping[str, object]]:
    compiled: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    return str(compiled), compiled.positiontup or (), compiled.params


@cache
def _driver_text(statement: TextClause, dialect: Dialect) -> str:
    return str(statement.compile(dialect=dialect))


@cache
def _for_all(statement: TextClause, dialect: Dialect) -> tuple[str, Sequence[str]]:
    """The statement for all rows at once, and the names of their values in order."""
    columns, names = AT_ONCE[statement].c, re.findall(r":(\w+)", statement.text)
    kinds = {f"r_{name}": columns[name].type.compile(dialect) if name in columns else "integer" for name in names}
    rows = ", ".join(f"{name} {kind}" for name, kind in kinds.items())
    asked = re.sub(r":(\w+)", r"r.r_\1", statement.text)
    for one, all_ in _FOR_ALL:
        asked = re.sub(one, all_.format(f"json_to_recordset(%s::json) AS r({rows})"), asked)
    return asked, list(kinds)


#: Where all rows stand in a statement that is made for one.
_FOR_ALL = (
    (r"VALUES \((.*?)\)", r"SELECT \1 FROM {}"),
    (r"(FROM \(SELECT .*?)\) w", r"\1 FROM {}) w"),
    (r"(^UPDATE .*?) WHERE", r"\1 FROM {} WHERE"),
    (r"(^DELETE .*?) WHERE", r"\1 USING {} WHERE"),
)


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def insert(table: Table) -> TextClause:
    """Adds rows; a row that is there already is an error."""
    names = _names(table)
    return text(f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)})")


def insert_new(table: Table) -> TextClause:
    """Adds the rows that are not there yet."""
    return text(f"{insert(table).text} ON CONFLICT DO NOTHING")


def upsert(table: Table, **special: str) -> TextClause:
    """Adds rows or replaces those with the same key; `special` says how a column is replaced where not by the new value."""
    return text(f"{insert(table).text} {_or_replace(table, **special)}")


def _or_replace(table: Table, **special: str) -> str:
    keys = [column.name for column in table.primary_key]
    sets = [f"{name} = {special.get(name, 'excluded.' + name)}" for name in _names(table) if name not in keys]
    return f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(sets)}"


def _wake(also: str) -> TextClause:
    """Wakes orders, each in its own queue; the rows have every other column of `due`."""
    names = _names(tables.due)[:-1]
    row = ", ".join(f":{name} AS {name}" for name in names)
    queue = "SELECT o.queue FROM orders o WHERE o.shard = w.shard AND o.id = w.order_id"
    return text(f"INSERT INTO due SELECT w.*, ({queue}) FROM (SELECT {row}) w WHERE true {also}")


def update(table: Table, *names: str, also: str = "") -> TextClause:
    """Sets columns of the row with a key: first the new values, then the key's."""
    return text(f"UPDATE {table.name} SET {', '.join(f'{name} = :{name}' for name in names)} WHERE {_by_key(table)}{also}")


def delete(table: Table, also: str = "") -> TextClause:
    """Removes the row with a key, no harm if there is none."""
    return text(f"DELETE FROM {table.name} WHERE {_by_key(table)}{also}")


def _by_key(table: Table) -> str:
    return " AND ".join(f"{column.name} = :{column.name}" for column in table.primary_key)


# --- an order's turn, in the order in which they run -----------------------------------------------------------------

_SAVED = "status", "outcome", "version", "state", "chain", "promised_on", "program", "division"
SAVE_ORDER = update(tables.orders, *_SAVED, also=" AND version = :before")
END_WAIT = delete(tables.due)
BEGIN_WAIT = _wake(_or_replace(tables.due))
WAKE = _wake("ON CONFLICT DO NOTHING")  #: no harm if the order is to be woken by the same already
COUNT_ATTEMPT = update(tables.due, "attempt", "due_at")
TAKE_BACK_ATTEMPT = update(tables.due, "attempt", "due_at", also=" AND attempt = :counted")
SEND = insert_new(tables.outbox)
REMEMBER = insert(tables.history)
POST = insert(tables.ledger)
RESERVE = upsert(tables.reservations, quantity="reservations.quantity + excluded.quantity")
HARDEN = text(f"UPDATE reservations SET expires_at = NULL WHERE {_by_key(tables.reservations)}")
UNRESERVE = text(f"UPDATE reservations SET quantity = quantity - :quantity WHERE {_by_key(tables.reservations)}")
FORGET_RESERVATION = delete(tables.reservations, also=" AND quantity = 0")
EXPLAIN = insert(tables.records)
OPEN_EXCEPTION = upsert(tables.exceptions)
HAND_OVER = update(tables.exceptions, "role", "claimed_by", "escalated")
KEEP_TASK = upsert(tables.tasks)
CLOSE_EXCEPTION = update(tables.exceptions, "closed_at", "option", also=" AND closed_at IS NULL")
SAVE_HOLD = upsert(tables.holds)
FIND_BY = insert_new(tables.search)
KEEP_APPEASEMENT = upsert(tables.appeasements)
RAISE_ALARM = insert_new(tables.alarms)
ADD_POSITION = insert_new(tables.positions)
ADD_SUPPLY = insert(tables.supplies)
SAVE_SUPPLY = update(tables.supplies, "quantity", "reserved", "received")
QUARANTINE = update(tables.positions, "quarantined")
COUNTED = update(tables.positions, "counted_at")
TAKE_IN = insert(tables.stock_inbox)
ORDER_SUPPLY = upsert(tables.supply_orders)
ADD_LOAD = upsert(tables.loads, units="loads.units + excluded.units")
KNOW_RESOURCE = upsert(
    tables.resources,
    capacity="CASE WHEN excluded.capacity > resources.capacity THEN excluded.capacity ELSE resources.capacity END",
)
TOUCH_STOCK = text(f"UPDATE stock SET version = version + 1 WHERE {_by_key(tables.stock)}")

# --- deliveries ------------------------------------------------------------------------------------------------------

#: Still open, and nobody else has tried it since. Put so that no database walks its index of all open messages for one key.
_MINE = " AND attempt = :fence AND coalesce(done_at, '') = ''"
LEASE = update(tables.outbox, "attempt", "owner", "due_at")
RENEW = update(tables.outbox, "due_at", also=_MINE)
HOLD = update(tables.outbox, "attempt", "due_at", "owner", also=_MINE)
DELIVERED = update(tables.outbox, "attempt", "done_at", also=_MINE)
TRY_AGAIN = update(tables.outbox, "attempt", "due_at", "failure", "owner", also=_MINE)
GIVEN_UP = update(tables.outbox, "attempt", "done_at", "failure", also=_MINE)
RECEIVE = insert_new(tables.inbox)

#: Statements no two rows of which have the same key, and the tables that have the columns of their values.
AT_ONCE = {
    SAVE_ORDER: tables.orders,
    **dict.fromkeys((END_WAIT, BEGIN_WAIT, WAKE), tables.due),
    **dict.fromkeys((SEND, LEASE, HOLD, DELIVERED), tables.outbox),
    REMEMBER: tables.history,
    EXPLAIN: tables.records,
    POST: tables.ledger,
    RECEIVE: tables.inbox,
}
