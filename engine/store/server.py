"""What a store on PostgreSQL has besides its tables: indexes of what is open only, vacuuming that keeps up, months of history."""

from __future__ import annotations

from functools import cache

from sqlalchemy import Connection, MetaData, create_mock_engine
from sqlalchemy import text as sql

from orderloom.engine.store import tables
from orderloom.engine.store.partitions import cut

#: Rows come and go here with every turn; the dead ones at the head of an index are what slows a queue down.
VACUUM = {
    "due": "autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000",
    "outbox": "autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000",
}


def create_tables(connection: Connection) -> None:
    """Makes all tables of a store, within the connection's transaction."""
    if connection.dialect.name == "sqlite":
        for statement in _in_a_file():
            connection.exec_driver_sql(statement)
        return
    _say_where(tables.metadata)
    tables.metadata.create_all(connection, checkfirst=False)
    settle(connection)


@cache
def _in_a_file() -> tuple[str, ...]:
    """What makes the tables where there is no server, worked out once: each scenario has a store in memory of its own."""
    from sqlalchemy.dialects.sqlite import dialect

    found: list[str] = []
    unread = create_mock_engine("sqlite://", lambda said, *_, **__: found.append(str(said.compile(dialect=dialect()))))
    tables.metadata.create_all(unread, checkfirst=False)
    return tuple(found)


def settle(connection: Connection) -> None:
    """Makes of plain tables what they are on a server."""
    for table, settings in VACUUM.items():
        connection.execute(sql(f"ALTER TABLE {table} SET ({settings})"))
    cut(connection)


def _say_where(metadata: MetaData) -> None:
    """Lets PostgreSQL have the conditions of indexes, too. To declare them with the tables would load its dialect every time."""
    for table in metadata.tables.values():
        for index in table.indexes:
            index.dialect_options["postgresql"]["where"] = index.dialect_options["sqlite"]["where"]
