"""A store that is open: one database that holds one workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from weakref import finalize

from sqlalchemy import Connection, Engine, inspect, select
from sqlalchemy import text as sql
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from orderloom.engine.refused import Refused
from orderloom.engine.store import tables
from orderloom.engine.store.connect import NOW, connect, database_file, readers
from orderloom.engine.wire import moment_of

HEAD = "0003"  #: the newest revision of the schema
OLDER = frozenset({"0001", "0002"})  #: revisions that are upgraded


class Store:
    """One database. `shard` is the part of it that this store works in."""

    shard = 0

    def __init__(self, engine: Engine, workspace: str) -> None:
        self.engine = engine
        self.workspace = workspace
        self._readers = readers(engine)
        finalize(self, engine.dispose)  # what nobody holds any longer is closed

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes; it waits for its turn where there is one writer, and is undone by any exception."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads one state of the store, and never holds up a writer."""
        with self._readers.begin() as connection:
            yield connection

    def now(self) -> datetime:
        """The time by the database's clock, which alone decides what is due."""
        with self.reading() as connection:
            return moment_of(connection.exec_driver_sql(NOW[connection.dialect.name]).scalar_one())

    def close(self) -> None:
        """Closes every connection."""
        self.engine.dispose()


def open_store(url: str, workspace: str | None = None) -> Store | Refused:
    """Opens the store at a database URL such as `sqlite:///shop.sqlite`; `sqlite://` is one in memory.

    A store that is not there yet is made, for `workspace`; None stands for whichever workspace the store has.
    """
    try:
        engine = connect(url)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        return Refused(f"{url} is no address of a store: {error}")
    file = database_file(engine)
    if workspace is None and file is not None and not file.exists():
        return Refused(f"there is no store at {file}")
    try:
        found = _open(engine, workspace)
    except DBAPIError as error:
        found = Refused(f"cannot open the store at {_place(engine, file)}: {error.orig}")
    if isinstance(found, Refused):
        engine.dispose()
        return found
    return Store(engine, found)


def _open(engine: Engine, workspace: str | None) -> str | Refused:
    """The name of the workspace in the store, once its schema is the newest."""
    with readers(engine).begin() as connection:
        revision = _revision(connection)
    if revision != HEAD:
        with engine.begin() as connection:
            refused = _prepare(connection, _revision(connection), workspace)
        if refused:
            return refused
    with readers(engine).begin() as connection:
        name = connection.execute(select(tables.workspace.c.name)).scalar_one()
    if workspace is not None and name != workspace:
        return Refused(f"this store belongs to the workspace {name}, not to {workspace}")
    return str(name)


def _revision(connection: Connection) -> str | None:
    """The schema's revision, empty for a database with tables that are not ours, None for an empty one."""
    names = inspect(connection).get_table_names()
    if "alembic_version" in names and "workspace" in names:
        return str(connection.execute(sql("SELECT version_num FROM alembic_version")).scalar_one())
    return "" if names else None


def _prepare(connection: Connection, revision: str | None, workspace: str | None) -> Refused | None:
    """Makes or upgrades the schema."""
    if revision == "":
        return Refused("this database holds something else, not an orderloom store")
    if revision is None:
        return _create(connection, workspace)
    if revision in OLDER:
        # Alembic takes long to import and most runs upgrade nothing.
        from orderloom.engine.store.migrate import upgrade

        upgrade(connection)
    elif revision != HEAD:
        return Refused(f"a newer release made this store (its schema is {revision}, this release knows up to {HEAD})")
    return None


def _create(connection: Connection, workspace: str | None) -> Refused | None:
    if workspace is None:
        return Refused("this database is empty, there is no store in it")
    tables.metadata.create_all(connection, checkfirst=False)
    connection.execute(sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(sql("INSERT INTO alembic_version VALUES (:head)"), {"head": HEAD})
    now = moment_of(connection.exec_driver_sql(NOW[connection.dialect.name]).scalar_one())
    row = {"shard": Store.shard, "name": workspace, "catalog": 0, "imports": 0, "created_at": now}
    connection.execute(tables.workspace.insert(), row)
    return None


def _place(engine: Engine, file: Path | None) -> str:
    return str(file) if file else engine.url.render_as_string(hide_password=True)
