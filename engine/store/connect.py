"""Connections, and everything in which one kind of database differs from another."""

from __future__ import annotations

import os
import sqlite3
from functools import cache
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import StaticPool

_COMPILED: dict[Any, Any] = {}  #: what statements come to in a database in memory

LOCK_TIMEOUT = 30  #: seconds that a writer waits for its turn before it gives up
#: What holds for a transaction that writes on a server. What it has not gone on with for so long is taken back, and its locks are
#: free. Rows are found by their keys, however few there were when the server last counted them.
WRITER = {"idle_in_transaction_session_timeout": "60s", "enable_hashjoin": "off", "enable_mergejoin": "off"}

#: What a connection to a server is made with, unless its address says otherwise. A host that is gone is noticed within a minute.
SERVER = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "fallback_application_name": "orderloom",
}

#: The time by the database's clock, as `wire.moment_text` writes it.
NOW = {
    "sqlite": "SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000+00:00'",
    "postgresql": """SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00'""",
}

HINT = "orderloom"  #: the channel of a server on which is told that something has come in

#: Durable at every commit. Checkpoints are far apart, since each waits for the disk twice.
PRAGMAS = (
    f"PRAGMA busy_timeout = {LOCK_TIMEOUT * 1000}",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536",
    "PRAGMA wal_autocheckpoint = 4000",
)


def connect(url: str | URL) -> Engine:
    """An engine for this address; nothing is opened yet. Its driver takes values by position, in every dialect."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address.database)
    settings: dict[str, object] = {name: value for name, value in SERVER.items() if name not in address.query}
    if address.query.get("prepare_threshold") == "none":  # behind a pool that knows no prepared statements
        address, settings = address.difference_update_query(["prepare_threshold"]), settings | {"prepare_threshold": None}
    return create_engine(address, paramstyle="format", connect_args=settings)


def readers(engine: Engine) -> Engine:
    """The same engine for transactions that only read: all that one of them reads is of one moment."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(orderloom_reads=True)
    return engine.execution_options(isolation_level="REPEATABLE READ")


def hint(connection: Connection) -> None:
    """Tells those who listen, when the transaction is committed, that something may be due. In a file nobody can listen."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"NOTIFY {HINT}")


def glances(engine: Engine) -> Engine:
    """The same engine for single questions; where there is a server, nothing is said to it before and after one."""
    if engine.dialect.name == "sqlite":
        return readers(engine)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def _sqlite(database: str | None) -> Engine:
    if database in (None, "", ":memory:"):
        engine = _in_memory()
    elif _read_only(Path(str(database))):
        engine = create_engine(f"sqlite:///{database}", creator=lambda: _reader(Path(str(database))))
    else:
        engine = create_engine(f"sqlite:///{database}", connect_args={"timeout": LOCK_TIMEOUT})
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    return engine


def _in_memory() -> Engine:
    """A database that nobody else has. What statements come to is the same in each, and is worked out once."""
    first = _first_in_memory()
    return Engine(first.pool.recreate(), first.dialect, first.url, execution_options={"compiled_cache": _COMPILED})


@cache
def _first_in_memory() -> Engine:
    return create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


def _read_only(file: Path) -> bool:
    return file.exists() and not (os.access(file, os.W_OK) and os.access(file.parent, os.W_OK))


def _reader(file: Path) -> sqlite3.Connection:
    """A connection that cannot write. Where nobody has a log open beside the file it needs no files of its own there."""
    mode = "mode=ro" if file.with_name(f"{file.name}-wal").exists() else "immutable=1"
    return sqlite3.connect(f"{file.absolute().as_uri()}?{mode}", uri=True, timeout=LOCK_TIMEOUT, check_same_thread=False)


def _settle(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    for pragma in PRAGMAS:
        connection.execute(pragma)
    _write_ahead(connection, perf_counter() + LOCK_TIMEOUT)


def _write_ahead(connection: sqlite3.Connection, deadline: float) -> None:
    """One writes while the others read. SQLite lets nobody wait for this switch, so whoever meets another one asks again."""
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or perf_counter() > deadline:
                raise
            sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    """A writer takes the lock when it begins: a lock taken later could not wait for its turn."""
    reads = connection.get_execution_options().get("orderloom_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
