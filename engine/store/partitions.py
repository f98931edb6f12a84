"""History by month, on PostgreSQL: what happened in a month is a table of its own, which ages and goes as a whole.

The history and the decision records are most of a store, are only added to, and are read by order. Their rows of one month
stand together, so that a month in which nothing is written any more is vacuumed once and never again, and the index that
rows are added to stays as small as a month. A month that has no table yet is no reason for an order to wait: its rows go to
a default partition, and are moved when its table is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import text as sql

from orderloom.engine.store import tables

CUT = (tables.history, tables.records)
AHEAD = 3  #: months beyond the present one that have their tables
PATIENCE = "2s"  #: how long the making of a month waits for those who write, who wait behind it
LOCK = 0x6F72646C  #: the advisory lock of whoever makes or drops months


def cut(connection: Connection) -> None:
    """Cuts plain tables by month, within the connection's transaction, for which nobody else may be at work. Rows stay."""
    for table in CUT:
        name, keys = table.name, ", ".join(column.name for column in table.primary_key)
        connection.execute(sql(f"ALTER TABLE {name} RENAME TO {name}_whole"))
        connection.execute(sql(f"ALTER INDEX {name}_pkey RENAME TO {name}_whole_pkey"))
        connection.execute(sql(f"CREATE TABLE {name} (LIKE {name}_whole INCLUDING DEFAULTS) PARTITION BY RANGE (at)"))
        connection.execute(sql(f"ALTER TABLE {name} ADD PRIMARY KEY ({keys}, at)"))
        connection.execute(sql(f"ALTER TABLE {name} ADD FOREIGN KEY (shard, order_id) REFERENCES orders (shard, id)"))
        connection.execute(sql(f"CREATE TABLE {name}_default PARTITION OF {name} DEFAULT"))
        _make(connection, name, _months_in(connection, f"{name}_whole"))
        connection.execute(sql(f"INSERT INTO {name} SELECT * FROM {name}_whole"))
        connection.execute(sql(f"DROP TABLE {name}_whole"))


def keep_up(connection: Connection, now: datetime) -> list[str]:
    """Makes the tables of this month, of the next ones, and of those whose rows are in the default; drops past empty ones.

    The names of what it made and dropped. Somebody else may be at it: then it does nothing. It gives up, with an error of the
    database, where it would have to wait long for those who write.
    """
    if (
        connection.dialect.name != "postgresql"
        or not connection.execute(sql(f"SELECT pg_try_advisory_xact_lock({LOCK})")).scalar()
    ):
        return []
    wanted = set(_ahead(now.date()))
    lacking = {t.name: (wanted | set(_months_in(connection, f"{t.name}_default"))) - set(months(connection, t.name)) for t in CUT}
    idle = {t.name: [m for m in months(connection, t.name) if m < min(wanted) and _is_empty(connection, t.name, m)] for t in CUT}
    if not any(lacking.values()) and not any(idle.values()):
        return []
    _hold_up(connection)
    made = [_table(name, month) for name, found in lacking.items() for month in sorted(found)]
    for name, found in lacking.items():
        _make(connection, name, found)
    gone = [_table(name, month) for name, found in idle.items() for month in found if _is_empty(connection, name, month)]
    for each in gone:
        connection.execute(sql(f"DROP TABLE {each}"))
    return made + gone


def make_between(connection: Connection, first: str, last: str) -> None:
    """Makes the tables of all months between those of two moments, as the store writes them; nothing in a file."""
    if connection.dialect.name == "postgresql":
        for table in CUT:
            there = set(months(connection, table.name))
            _make(connection, table.name, [month for month in _between(first[:7], last[:7]) if month not in there])


def months(connection: Connection, table: str) -> list[str]:
    """The months, such as 2026-03, that have a table."""
    asked = "SELECT c.relname FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE inhparent = CAST(:name AS regclass)"
    names = connection.execute(sql(asked), {"name": table}).scalars()
    return sorted(name[-7:].replace("_", "-") for name in names if not name.endswith("_default"))


# --- within ---------------------------------------------------------------------------------------------------------------


def _hold_up(connection: Connection) -> None:
    """Waits for those who write and lets nobody else begin; in their order of tables, so that nobody waits in a circle."""
    connection.execute(sql("SELECT set_config('lock_timeout', :patience, true)"), {"patience": PATIENCE})
    connection.execute(sql("LOCK TABLE orders IN SHARE ROW EXCLUSIVE MODE"))
    for table in CUT:
        connection.execute(sql(f"LOCK TABLE {table.name} IN ACCESS EXCLUSIVE MODE"))


def _make(connection: Connection, table: str, found: Iterable[str]) -> None:
    """Makes months; rows of theirs that are in the default move there."""
    for month in sorted(found):
        here, (first, after) = _table(table, month), (f"'{month}'", f"'{_next(month)}'")
        connection.execute(sql(f"CREATE TABLE {here} (LIKE {table} INCLUDING DEFAULTS)"))
        moving = f"DELETE FROM {table}_default WHERE at >= {first} AND at < {after} RETURNING *"
        connection.execute(sql(f"WITH moving AS ({moving}) INSERT INTO {here} SELECT * FROM moving"))
        connection.execute(sql(f"ALTER TABLE {table} ATTACH PARTITION {here} FOR VALUES FROM ({first}) TO ({after})"))


def _months_in(connection: Connection, table: str) -> list[str]:
    return list(connection.execute(sql(f"SELECT DISTINCT substr(at, 1, 7) FROM {table}")).scalars())


def _is_empty(connection: Connection, table: str, month: str) -> bool:
    there: Any = connection.execute(sql(f"SELECT EXISTS (SELECT 1 FROM {_table(table, month)})")).scalar_one()
    return not there


def _table(table: str, month: str) -> str:
    return f"{table}_{month.replace('-', '_')}"


def _ahead(today: date) -> Iterator[str]:
    month = f"{today:%Y-%m}"
    for _ in range(AHEAD + 1):
        yield month
        month = _next(month)


def _between(first: str, last: str) -> Iterator[str]:
    while first <= last:
        yield first
        first = _next(first)


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + 1}-01" if number == 12 else f"{year}-{number + 1:02}"
