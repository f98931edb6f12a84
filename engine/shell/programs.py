"""Program versions: deployed into the store as sources, compiled when an order needs them, kept by digest."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from orderloom.dsl.program import Program
from orderloom.engine import wire
from orderloom.engine.store import Store, tables
from orderloom.engine.store.statements import ask, run, upsert

Sources = Mapping[str, bytes]  #: content of every file by path

_DEPLOY = upsert(tables.definitions)


class UnknownProgram(Exception):
    """An order or a worker asks for a version that was never deployed here."""


def deploy(store: Store, digest: str, sources: Sources, label: str, at: datetime) -> None:
    """Publishes a version, which is the current one from then on; one that was deployed before becomes current again."""
    packed = zlib.compress(wire.dump(sources).encode())
    with store.writing() as connection:
        run(connection, _DEPLOY, [(store.shard, digest, label, packed, wire.moment_text(at))])


def current(store: Store) -> str | None:
    """The digest of the version that new orders run on; None when nothing was deployed."""
    with store.reading() as connection:
        return _current(connection, store.shard)


class Programs:
    """Every version that the store has, compiled by `compile` at its first use."""

    def __init__(self, store: Store, compile: Callable[[Sources], Program]) -> None:
        self._shard = store.shard
        self._compile = compile
        self._known: dict[str, Program] = {}

    def get(self, connection: Connection, digest: str) -> Program:
        """The version with this digest; raises UnknownProgram."""
        program = self._known.get(digest)
        if program is None:
            program = self._known[digest] = self._compile(sources_of(connection, self._shard, digest))
        return program

    def current(self, connection: Connection) -> Program:
        """The version that was deployed last; raises UnknownProgram when there is none."""
        digest = _current(connection, self._shard)
        if digest is None:
            raise UnknownProgram("no version was deployed to this store")
        return self.get(connection, digest)


def _current(connection: Connection, shard: int) -> str | None:
    return next((digest for (digest,) in ask(connection, _LATEST, {"shard": shard})), None)


def sources_of(connection: Connection, shard: int, digest: str) -> Sources:
    """The files of the version with this digest; raises UnknownProgram."""
    t = tables.definitions.c
    packed = connection.execute(select(t.sources).where(t.shard == shard, t.digest == digest)).scalar_one_or_none()
    if packed is None:
        raise UnknownProgram(f"version {digest} was never deployed to this store")
    return wire.load(zlib.decompress(packed), dict[str, bytes])


_d = tables.definitions.c
_LATEST = select(_d.digest).where(_d.shard == bindparam("shard")).order_by(_d.deployed_at.desc(), _d.digest).limit(1)
