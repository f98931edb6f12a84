"""Which running orders are meant, and how they stand."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from sqlalchemy import Connection, Row, Select, func, select

from orderloom.engine.store import Store, tables

PAGE = 200  #: orders at a time


class Cohort(Struct, frozen=True, omit_defaults=True):
    """Running orders of one division, channel or status, and of these the `first` so many by id; all without any."""

    division: str | None = None
    channel: str | None = None
    status: str | None = None
    first: int | None = None


def pages(store: Store, program: str, cohort: Cohort) -> Iterator[list[Row[tuple[str, int, str, str, str]]]]:
    """Id, version, state and chain of every order of the cohort that runs on the version, in order."""
    after, left = "", cohort.first
    while left is None or left > 0:
        with store.reading() as connection:
            asked = _running(store.shard, program, cohort).where(_o.id > after).order_by(_o.id)
            found = list(connection.execute(asked.limit(PAGE if left is None else min(PAGE, left))))
        if not found:
            return
        after, left = found[-1].id, None if left is None else left - len(found)
        yield found


def locked(connection: Connection, shard: int, program: str, ids: list[str]) -> list[Row[tuple[str, int, str, str, str]]]:
    """Those of these orders that still run on the version, so that nobody else works on them until the transaction ends."""
    asked = _running(shard, program, Cohort()).where(_o.id.in_(ids)).order_by(_o.id)
    return list(connection.execute(asked.with_for_update()))


def waiting_to_begin(store: Store, program: str) -> int:
    """Orders that are to run on the version and that no worker has come to yet."""
    with store.reading() as connection:
        asked = select(func.count()).where(_o.shard == store.shard, _o.program == program, _o.state.is_(None))
        return int(connection.execute(asked).scalar_one())


def _running(shard: int, program: str, cohort: Cohort) -> Select[tuple[str, int, str, str, str]]:
    asked = select(_o.id, _o.version, _o.state, _o.chain, _o.program).where(
        _o.shard == shard, _o.program == program, _o.outcome.is_(None), _o.state.is_not(None)
    )
    for name in ("division", "channel", "status"):
        if (value := getattr(cohort, name)) is not None:
            asked = asked.where(getattr(_o, name) == value)
    return asked


_o = tables.orders.c
