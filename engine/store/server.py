"""What a store on PostgreSQL has besides its tables: indexes of what is open only, vacuuming that keeps up, months of history."""

from __future__ import annotations

from sqlalchemy import Connection, MetaData
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
    on_server = connection.dialect.name == "postgresql"
    if on_server:
        _say_where(tables.metadata)
    tables.metadata.create_all(connection, checkfirst=False)
    if on_server:
        settle(connection)


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
