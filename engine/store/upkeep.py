"""What is to be done for a store now and then: a worker does it when it starts and every minute, `orderloom db tidy` at once."""

from __future__ import annotations

import logging

from sqlalchemy import Connection
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from orderloom.engine.store import tables
from orderloom.engine.store.partitions import keep_up as keep_months
from orderloom.engine.store.store import Moved, Store

#: Tables that have changed so much since the server counted them that it would not find rows by the right index any more.
#: Its own daemon comes by once a minute, and a store may be filled in a second.
_COUNTED_LONG_AGO = sql("""
    SELECT c.relname FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid
    WHERE c.relkind = 'r' AND (c.reltuples < 0 OR s.n_mod_since_analyze > 100 + 2 * c.reltuples) ORDER BY 1""")

_log = logging.getLogger(__name__)


def tidy(store: Store) -> list[str]:
    """Makes the months of history that lack a table, drops past ones that are empty; their names. Raises what the database says.

    The database also counts anew what it has to count to answer by the right index. A store in a file has no months.
    """
    now = store.now()
    with store.writing() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA optimize")
            return []
        _count_anew(connection)
    with store.writing() as connection:
        return keep_months(connection, now)


def keep_up(store: Store) -> None:
    """As `tidy`, but what it cannot do now is left for the next time: no order waits for it."""
    try:
        tidy(store)
    except (DBAPIError, Moved) as fault:
        _log.info("the store was not tidied: %s", fault)


def _count_anew(connection: Connection) -> None:
    for name in connection.execute(_COUNTED_LONG_AGO).scalars():
        if name in tables.metadata.tables:
            connection.exec_driver_sql(f"ANALYZE {name}")
