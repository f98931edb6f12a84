"""What customers are interested in, each thing once by the id that its channel gave it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from orderloom.engine import wire
from orderloom.engine.interest import Interest
from orderloom.engine.refused import Refused
from orderloom.engine.store import tables
from orderloom.engine.store.statements import insert_new, run
from orderloom.engine.store.store import Store

_t = tables.interests.c
_ADD = insert_new(tables.interests)
MOST = 1000  #: interests of a customer that are read


def put_interests(store: Store, interests: Sequence[Interest]) -> list[bool | Refused]:
    """Keeps interests; for each, in order, whether it is new. Another one under the same id of the customer is refused."""
    with store.writing() as connection:
        found: list[bool | Refused] = []
        for told in interests:
            row = (store.shard, told.customer, told.id, told.item, wire.moment_text(told.at), wire.dump(told))
            new = run(connection, _ADD, [row]) == 1
            known = told if new else wire.load(connection.execute(_this(store, told)).scalar_one(), Interest)
            other = Refused(f"interest {told.id} of customer {told.customer} is there already, with other content")
            found.append(new if known == told else other)
        return found


def _this(store: Store, told: Interest) -> Select[Any]:
    return select(_t.body).where(_t.shard == store.shard, _t.customer == told.customer, _t.id == told.id)


def interests_of(store: Store, customer: str) -> tuple[Interest, ...]:
    """The latest interests of a customer, the oldest of them first."""
    asked = select(_t.body).where(_t.shard == store.shard, _t.customer == customer).order_by(_t.at.desc(), _t.id.desc())
    with store.reading() as connection:
        found = connection.execute(asked.limit(MOST)).scalars().all()
    return tuple(wire.load(body, Interest) for body in reversed(found))
