"""A store's address: a file or a server, without a password wherever it is shown."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from orderloom.engine.refused import Refused

SERVERS = frozenset({"postgresql+psycopg", "postgresql", "postgres"})
_EXAMPLES = "such as sqlite:///shop.sqlite or postgresql://orders@db.example/shop"
_SPECIAL = "@ : / ? # and % of a name or password are written %40 %3A %2F %3F %23 %25"


def address_of(url: str) -> URL | Refused:
    """The address that a URL says. A refusal has nothing of it beyond the kind: nobody knows where its password ends."""
    kind, separator, _ = url.partition("://")
    if not separator:
        return Refused(f"{url} is no address of a store, {_EXAMPLES}")
    if kind != "sqlite" and kind not in SERVERS:
        return Refused(f"a store is in SQLite or PostgreSQL, not in {kind}; its address is {_EXAMPLES}")
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        return Refused(f"the address of the store ({kind}) cannot be read; {_SPECIAL}")
    if kind == "sqlite":
        return address
    if "@" in (address.host or ""):
        return Refused(f"the address of the store ({kind}) has more than one @; {_SPECIAL}")
    if address.query.get("prepare_threshold", "none") != "none":
        return Refused("prepare_threshold of a store's address is none (for a pool without prepared statements) or not said")
    return address.set(drivername="postgresql+psycopg")


def place(address: URL) -> str:
    """Where a store is, for people."""
    file = database_file(address)
    if file:
        return str(file)
    hidden = address.update_query_dict({"password": "***"}) if "password" in address.query else address
    return hidden.render_as_string(hide_password=True)


def database_file(address: URL) -> Path | None:
    """The file of an embedded store; None for a store in memory or on a server."""
    name = address.database if address.get_backend_name() == "sqlite" else None
    return Path(name) if name and name != ":memory:" else None
