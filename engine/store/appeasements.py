"""Appeasements in the store, by customer and over all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, select, tuple_

from orderloom.engine import wire
from orderloom.engine.appeasements.appeasement import COUNTS, Appeasement, Earlier
from orderloom.engine.store import tables
from orderloom.engine.store.store import Store

_t = tables.appeasements.c

AppeasementKey = tuple[datetime, str, str]


class Kept(Appeasement, frozen=True, omit_defaults=True):
    """An appeasement with the order and the customer that it is of."""

    order: str = ""
    customer: str = ""


def of_customer(connection: Connection, shard: int, customer: str) -> Sequence[tuple[str, Appeasement]]:
    """Each that the customer accepted, with its order, in the order of their numbers."""
    asked = select(_t.order_id, _t.body).where(_t.shard == shard, _t.customer == customer).order_by(_t.number)
    return [(order, wire.load(body, Appeasement)) for order, body in connection.execute(asked)]


def counted(granted: Sequence[tuple[str, Appeasement]]) -> list[Earlier]:
    """What limits count of them."""
    return [Earlier(order, each.line, each.at, each.amount) for order, each in granted if each.status in COUNTS]


def appeasements(
    store: Store,
    order: str | None = None,
    customer: str | None = None,
    policy: str | None = None,
    after: AppeasementKey | None = None,
    limit: int = 100,
) -> list[Kept]:
    """Those that were accepted, the latest first."""
    asked = select(_t.order_id, _t.customer, _t.body).where(_t.shard == store.shard)
    for column, wanted in ((_t.order_id, order), (_t.customer, customer), (_t.policy, policy)):
        asked = asked.where(column == wanted) if wanted is not None else asked
    key = tuple_(_t.at, _t.order_id, _t.id)
    asked = asked.where(key < after) if after is not None else asked
    latest = [part.desc() for part in (_t.at, _t.order_id, _t.id)]
    with store.reading() as connection:
        return [_kept(*row) for row in connection.execute(asked.order_by(*latest).limit(limit))]


def key_of(kept: Kept) -> AppeasementKey:
    """Where one stands among all."""
    return (kept.at, kept.order, kept.id)


def _kept(order: str, customer: str, body: str) -> Kept:
    fields = wire.load(body, Appeasement)
    own = {name: getattr(fields, name) for name in Appeasement.__struct_fields__}
    return Kept(**own, order=order, customer=customer)


def each_of(store: Store, policy: str | None = None, since: datetime | None = None) -> Iterator[Kept]:
    """All of them since a moment, the latest first, a page at a time."""
    after: AppeasementKey | None = None
    while page := appeasements(store, policy=policy, after=after, limit=1_000):
        for each in page:
            if since is not None and each.at < since:
                return
            yield each
        after = key_of(page[-1])
