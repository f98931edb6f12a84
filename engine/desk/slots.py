"""Slots of resources: what others have taken of them is told, and which are free is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from msgspec import Struct
from sqlalchemy import Connection, bindparam, func, select

from orderloom.dsl.program import BookedService, Program, Resource
from orderloom.engine import wire
from orderloom.engine.desk.names import unknown_name
from orderloom.engine.ledger.stock import Stock
from orderloom.engine.promising.calendars import ONE_DAY
from orderloom.engine.refused import Refused
from orderloom.engine.servicing.slots import busiest, room, slots_on, span_of
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.store import Store, tables
from orderloom.engine.store.statements import ADD_LOAD, POST, run
from orderloom.engine.store.stock_rows import count_change


class TakenSlot(Struct, frozen=True):
    """So many visits of a resource in a slot of a day are somebody else's: those of another system, or a holiday."""

    resource: str
    day: date
    slot: str
    visits: int


class FreeSlot(Struct, frozen=True):
    """A slot in which a resource can still make so many visits."""

    service: str
    resource: str
    day: date
    slot: str
    begins: datetime
    free: int


def put_taken(store: Store, program: Program, taken: Sequence[TakenSlot], at: datetime) -> list[bool | Refused]:
    """Sets what others have of slots, whatever they had before; of each whether that changes anything.

    Refused where orders have booked so much that both cannot be. All or part of a day may be told as any stretch of it.
    """
    found: list[bool | Refused] = []
    with store.writing() as connection:
        Shelf(store.shard).lock_resources(connection, [program])
        sequence = count_change(connection, store.shard, "imports")
        for each in taken:
            before = _of_others(connection, store.shard, each)
            booked = _booked(connection, store.shard, {each.resource}, each.day, each.day).loads_on(each.resource, each.day)
            span = span_of(each.slot)
            assert span is not None, "what is told was read as a slot"
            capacity = program.resources[each.resource].capacity
            if each.visits > before and busiest(span, booked) + each.visits - before > capacity:
                stands = f"{each.resource} makes {capacity} at a time, and {busiest(span, booked) - before} are booked"
                found.append(Refused(f"{each.day} {each.slot}: {stands}"))
                continue
            _enter(connection, store.shard, (sequence, len(found)), each, each.visits - before, at)
            found.append(each.visits != before)
    return found


def _enter(connection: Connection, shard: int, number: tuple[int, int], taken: TakenSlot, more: int, at: datetime) -> None:
    if not more:
        return
    kind = "reserve" if more > 0 else "release"
    what = (kind, "", taken.resource, "", abs(more), "", wire.day_text(taken.day), taken.slot)
    run(connection, POST, [(shard, "", *number, wire.moment_text(at), *what)])
    run(connection, ADD_LOAD, [(shard, taken.resource, taken.slot, wire.day_text(taken.day), more)])


def _of_others(connection: Connection, shard: int, taken: TakenSlot) -> int:
    """Visits in this very slot that are no order's."""
    asked = {"shard": shard, "resource": taken.resource, "slot": taken.slot, "day": taken.day}
    signs = {kind: int(units) for kind, units in connection.execute(_OF_OTHERS, asked)}
    return signs.get("reserve", 0) - signs.get("release", 0)


MOST_DAYS = 400  #: that may be asked for at once
_LAST = date(9998, 1, 1)  #: on which the days that are asked for may begin


def free_slots(
    store: Store,
    program: Program,
    at: datetime,
    days: int,
    service: str | None = None,
    skill: str | None = None,
    region: str | None = None,
    first: date | None = None,
) -> list[FreeSlot] | Refused:
    """The slots in which there is room on so many days, from today on unless said: of a service or all, by skill and region.

    Refused where nothing has such a name, or the calendar ends before.
    """
    if first is not None and first > _LAST:
        return Refused(f"the calendar ends before {first}")
    day = max(first or at.date(), at.date())
    last = (first or at.date()) + (days - 1) * ONE_DAY
    if (unknown := unknown_name(store, program, service=service, skill=skill, region=region)) is not None:
        return unknown
    with store.reading() as connection:
        stock = _booked(connection, store.shard, program.resources, day, last)
    found = list[FreeSlot]()
    while day <= last:
        found += sorted(_free_on(day, program, stock, at, service, skill, region), key=lambda each: (each.begins, each.resource))
        day += ONE_DAY
    return found


def _free_on(
    day: date, program: Program, stock: Stock, at: datetime, service: str | None, skill: str | None, region: str | None
) -> Iterator[FreeSlot]:
    for offered, resource in _offers(program):
        needs = skill or (offered.skill if isinstance(offered.skill, str) else None)
        serves = region is None or not resource.regions or region in resource.regions
        if service not in (None, offered.name) or not serves or (needs is not None and needs not in resource.skills):
            continue
        for slot in slots_on(resource, day, offered.slot, program.calendars):
            left = room(slot, resource.capacity, stock)
            if slot.begins > at and left > 0:
                yield FreeSlot(offered.name, resource.name, day, slot.name, slot.begins, left)


def _offers(program: Program) -> Iterator[tuple[BookedService, Resource]]:
    for services in program.services.values():
        for offered in services.services:
            for resource in services.resources.values():
                yield offered, resource


def _booked(connection: Connection, shard: int, resources: Collection[str], first: date, last: date) -> Stock:
    asked = {"shard": shard, "resources": sorted(resources), "first": first, "last": last}
    rows = connection.execute(_LOADS, asked) if resources else ()
    return Stock({}, {(resource, slot, day): units for resource, slot, day, units in rows})


_l, _e = tables.loads.c, tables.ledger.c
_LOADS = select(_l.node, _l.resource, _l.day, _l.units).where(
    _l.shard == bindparam("shard"),
    _l.node.in_(bindparam("resources", expanding=True)),
    _l.day >= bindparam("first", type_=tables.Day),
    _l.day <= bindparam("last", type_=tables.Day),
)
_OF_OTHERS = (
    select(_e.kind, func.sum(_e.quantity))
    .where(
        _e.shard == bindparam("shard"),
        _e.order_id == "",
        _e.kind.in_(("reserve", "release")),
        _e.node == bindparam("resource"),
        _e.resource == bindparam("slot"),
        _e.ship_on == bindparam("day", type_=tables.Day),
    )
    .group_by(_e.kind)
)
