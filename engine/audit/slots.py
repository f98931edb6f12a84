"""The law of slots: at no time does a resource make more visits than it can."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import bindparam, select

from orderloom.engine.audit.finding import Finding
from orderloom.engine.servicing.slots import WHOLE_DAY, busiest, span_of
from orderloom.engine.store import Store, tables

_l, _r = tables.loads.c, tables.resources.c
_BOOKED = (
    select(_l.node, _l.day, _l.resource, _l.units, _r.capacity)
    .join(tables.resources, (_r.shard == _l.shard) & (_r.name == _l.node))
    .where(_l.shard == bindparam("shard"), _l.units != 0)
    .order_by(_l.node, _l.day)
)


def broken_by_slots(store: Store) -> Iterator[Finding]:
    """Every day of a resource on which it would be at more places at a time than any version of the rules allowed."""
    booked: dict[tuple[str, str], dict[str, int]] = {}
    capacities: dict[str, int] = {}
    with store.reading() as connection:
        for resource, day, slot, units, capacity in connection.execute(_BOOKED, {"shard": store.shard}):
            booked.setdefault((resource, str(day)), {})[slot] = units
            capacities[resource] = capacity
    day_long = span_of(WHOLE_DAY)
    assert day_long is not None, "a whole day is a slot, too"
    for (resource, day), slots in booked.items():
        most = busiest(day_long, slots)
        if most > capacities[resource]:
            because = f"{most} visits at a time are booked, it makes {capacities[resource]}"
            todo = "move one of them to another slot; the ledger says whose they are"
            subject = f"{resource} on {day}"
            yield Finding("no slot is booked beyond its resource's capacity", subject, because, "loads", subject, todo)
