"""A store that is open: one database that holds one workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from weakref import finalize

from sqlalchemy import Connection, Engine, bindparam, func, inspect, select
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError

from orderloom.engine.refused import Refused
from orderloom.engine.store import tables
from orderloom.engine.store.address import address_of, database_file, place
from orderloom.engine.store.connect import NOW, WRITER, connect, glances, readers
from orderloom.engine.store.server import create_tables
from orderloom.engine.store.statements import ask
from orderloom.engine.store.trouble import Moved as Moved
from orderloom.engine.store.trouble import one_line
from orderloom.engine.wire import moment_of

HEAD = "0012"  #: the newest revision of the schema
OLDER = frozenset(f"{number:04}" for number in range(1, int(HEAD)))  #: revisions that can be upgraded


class Store:
    """One database. `shard` is the part of it that this store works in."""

    shard = 0

    def __init__(self, engine: Engine, workspace: str) -> None:
        self.engine = engine
        self.workspace = workspace
        self._readers = readers(engine)
        self._glances = glances(engine)
        finalize(self, engine.dispose)  # what nobody holds any longer is closed

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes; it waits for its turn where there is one writer, and is undone by any exception.

        Raises Moved where the store has been given up for another one.
        """
        with self.engine.begin() as connection:
            ((moved_to, *_),) = ask(connection, _MOVED_TO[connection.dialect.name], {"shard": self.shard})
            if moved_to is not None:
                raise Moved(f"the store has moved to {moved_to}")
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads one state of the store, and never holds up a writer."""
        with self._readers.begin() as connection:
            yield connection

    @contextmanager
    def glancing(self) -> Iterator[Connection]:
        """A connection for a single question, which is a transaction of its own; it costs one way to the server and back."""
        with self._glances.begin() as connection:
            yield connection

    def now(self) -> datetime:
        """The time by the database's clock, which alone decides what is due."""
        with self.glancing() as connection:
            return moment_of(connection.exec_driver_sql(NOW[connection.dialect.name]).scalar_one())

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()


#: Whoever moves the store waits for everybody who has read this, and they for him. A server is told in the same breath what holds
#: for the transaction alone, so a pool of connections may stand between.
_w = tables.workspace.c
_ALONE = select(_w.moved_to).where(_w.shard == bindparam("shard")).with_for_update(read=True, key_share=True)
_MOVED_TO = {
    "sqlite": _ALONE,
    "postgresql": _ALONE.add_columns(*(func.set_config(name, value, True) for name, value in WRITER.items())),
}


def open_store(url: str, workspace: str | None = None) -> Store | Refused:
    """Opens the store at a database URL such as `sqlite:///shop.sqlite`; `sqlite://` is one in memory.

    A store that is not there yet is made, for `workspace`; None stands for whichever workspace the store has.
    """
    engine = engine_at(url, must_be_there=workspace is None)
    if isinstance(engine, Refused):
        return engine
    try:
        found = _open(engine, workspace)
    except DBAPIError as error:
        found = Refused(f"cannot open the store at {place(engine.url)}: {one_line(error)}")
    if isinstance(found, Refused):
        engine.dispose()
        return found
    return Store(engine, found)


def engine_at(url: str, must_be_there: bool) -> Engine | Refused:
    """An engine for a store's address; nothing is opened yet."""
    address = address_of(url)
    if isinstance(address, Refused):
        return address
    file = database_file(address)
    if file and file.is_dir():
        return Refused(f"{file} is a folder, not a store")
    if must_be_there and file and not file.exists():
        return Refused(f"there is no store at {file}; the first `orderloom import` makes one")
    return connect(address)


def revision(connection: Connection) -> str | None:
    """The schema's revision, empty for a database with tables that are not ours, None for an empty one."""
    names = inspect(connection).get_table_names()
    if "alembic_version" in names and "workspace" in names:
        return str(connection.execute(sql("SELECT version_num FROM alembic_version")).scalar_one())
    return "" if names else None


def unusable(found: str | None) -> Refused | None:
    """Why a database whose schema has this revision cannot be worked with; None where it can."""
    if found is None:
        return Refused("this database is empty, there is no store in it")
    if found == "":
        return Refused("this database holds something else, not an orderloom store")
    if found in OLDER:
        older = f"an older release made this store (its schema is {found}, this release works with {HEAD})"
        return Refused(f"{older}; bring it here with `orderloom db upgrade`")
    if found != HEAD:
        return Refused(f"a newer release made this store (its schema is {found}, this release knows up to {HEAD})")
    return None


def _open(engine: Engine, workspace: str | None) -> str | Refused:
    """The name of the workspace in the store, which is made where there is none."""
    with readers(engine).begin() as connection:
        found = revision(connection)
    if found is None and workspace is not None:
        with engine.begin() as connection:
            found = revision(connection) or _create(connection, workspace)
    refused = unusable(found)
    if refused:
        return refused
    with readers(engine).begin() as connection:
        here = select(_w.name, _w.moved_to).where(_w.shard == Store.shard)
        name, moved_to = connection.execute(here).one()
    if moved_to is not None:
        return Refused(f"this store has moved to {moved_to}")
    if workspace is not None and name != workspace:
        return Refused(f"this store belongs to the workspace {name}, not to {workspace}")
    return str(name)


def _create(connection: Connection, workspace: str) -> str:
    """Makes the store; the revision of its schema."""
    create_tables(connection)
    connection.execute(sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(sql("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
    now = moment_of(connection.exec_driver_sql(NOW[connection.dialect.name]).scalar_one())
    row = {"shard": Store.shard, "name": workspace, "catalog": 0, "imports": 0, "created_at": now}
    connection.execute(tables.workspace.insert(), row)
    return HEAD
