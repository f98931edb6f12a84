"""The schema's versions. A new store is made at the newest; an older one is carried there step by step, when it is asked for."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from orderloom.engine.refused import Refused
from orderloom.engine.store.address import place
from orderloom.engine.store.store import HEAD, OLDER, engine_at, revision, unusable
from orderloom.engine.store.trouble import one_line

MIGRATIONS = Path(__file__).parent / "migrations"


def config(connection: Connection) -> Config:
    """Alembic's configuration for this connection."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Brings the schema to a revision, within the connection's transaction."""
    command.upgrade(config(connection), revision)


def upgrade_store(url: str) -> str | Refused:
    """Brings a store's schema to the newest, in one transaction; the revision that it had, which may be the newest."""
    engine = engine_at(url, must_be_there=True)
    if isinstance(engine, Refused):
        return engine
    try:
        with engine.begin() as connection:
            before = revision(connection)
            if before in OLDER:
                upgrade(connection)
            return (before if before in OLDER else unusable(before)) or HEAD
    except DBAPIError as error:
        return Refused(f"cannot upgrade the store at {place(engine.url)}: {one_line(error)}")
    finally:
        engine.dispose()
