"""Program versions: deployed into the store as sources, compiled when an order needs them, kept by digest."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import BindParameter, Column, Connection, bindparam, func, select

from orderloom.dsl.program import Program
from orderloom.engine import wire
from orderloom.engine.store import Store, tables
from orderloom.engine.store.connect import NOW
from orderloom.engine.store.statements import ask, insert, run

Sources = Mapping[str, bytes]  #: content of every file by path

_DEPLOY = insert(tables.definitions)
_SET_IN_FORCE = insert(tables.in_force)


class UnknownProgram(Exception):
    """An order or a worker asks for a version that was never deployed here."""


def deploy(
    store: Store, digest: str, sources: Sources, label: str, at: datetime,
    effective_at: datetime | None = None, by: str = "", note: str = "",
) -> int:  # fmt: skip
    """Sets a version in force, from `effective_at` on, else from now; its number.

    A version is never changed: one that was deployed before keeps its number, and is in force again from then on.
    """
    with store.writing() as connection:
        one_at_a_time(connection, store.shard)
        number = connection.execute(select(_d.number).where(_d.shard == store.shard, _d.digest == digest)).scalar_one_or_none()
        moment = wire.moment_text(at)
        if number is None:
            number = next_number(connection, _d.shard, _d.number, store.shard)
            packed = zlib.compress(wire.dump(sources).encode())
            run(connection, _DEPLOY, [(store.shard, digest, label, packed, moment, number, by)])
        row = (
            next_number(connection, _f.shard, _f.number, store.shard),
            digest,
            wire.moment_text(effective_at or at),
            moment,
            by,
            note,
        )
        run(connection, _SET_IN_FORCE, [(store.shard, *row)])
    return int(number)


def is_deployed(connection: Connection, shard: int, digest: str) -> bool:
    """Whether the store has this version."""
    return connection.execute(select(_d.number).where(_d.shard == shard, _d.digest == digest)).one_or_none() is not None


def one_at_a_time(connection: Connection, shard: int) -> None:
    """Waits until nobody else gives out a number, until the transaction ends."""
    connection.execute(select(_w.name).where(_w.shard == shard).with_for_update(key_share=True))


def next_number(connection: Connection, of: Column[int], number: Column[int], shard: int) -> int:
    """The number after the last one that was given out."""
    last = connection.execute(select(func.max(number)).where(of == shard)).scalar_one()
    return (last or 0) + 1


def current(store: Store) -> str | None:
    """The digest of the version that new orders run on; None when nothing was deployed."""
    with store.reading() as connection:
        return in_force(connection, store.shard)


def in_force(connection: Connection, shard: int) -> str | None:
    """The version that is in force now. Before the first one is, it is that one."""
    now = connection.exec_driver_sql(NOW[connection.dialect.name]).scalar_one()
    for statement in (_LATEST, _FIRST):
        for (digest,) in ask(connection, statement, {"shard": shard, "now": now}):
            return str(digest)
    return None


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
            compiled = self._compile(sources_of(connection, self._shard, digest))
            program = self._known[digest] = replace(compiled, digest=digest)  # an older release may have digested it otherwise
        return program

    def current(self, connection: Connection) -> Program:
        """The version that is in force; raises UnknownProgram when there is none."""
        digest = in_force(connection, self._shard)
        if digest is None:
            raise UnknownProgram("no version was deployed to this store")
        return self.get(connection, digest)


def sources_of(connection: Connection, shard: int, digest: str) -> Sources:
    """The files of the version with this digest; raises UnknownProgram."""
    t = tables.definitions.c
    packed = connection.execute(select(t.sources).where(t.shard == shard, t.digest == digest)).scalar_one_or_none()
    if packed is None:
        raise UnknownProgram(f"version {digest} was never deployed to this store")
    return wire.load(zlib.decompress(packed), dict[str, bytes])


_d, _f, _w = tables.definitions.c, tables.in_force.c, tables.workspace.c
_shard: BindParameter[int] = bindparam("shard")
_now: BindParameter[datetime] = bindparam("now", type_=tables.Moment)
_LATEST = (
    select(_f.digest)
    .where(_f.shard == _shard, _f.effective_at <= _now)
    .order_by(_f.effective_at.desc(), _f.number.desc())
    .limit(1)
)
_FIRST = select(_f.digest).where(_f.shard == _shard, _f.effective_at > _now).order_by(_f.effective_at, _f.number.desc()).limit(1)
