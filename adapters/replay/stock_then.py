"""The stock of some items as it was at a moment, and what was told of it from outside after that: both by the ledger.

What the ledger has not is as it is now: items and nodes, safety stock, the days on which supply is due.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from orderloom.adapters.props import AT_ONCE, Props, batched, props_now
from orderloom.adapters.replay.part import News
from orderloom.engine.ledger.stock import ON_HAND, Entry, Key, Position, Supply
from orderloom.engine.store import tables

SupplyKey = tuple[str, str, str]  #: item, node, id
Sums = tuple[int, int, int]  #: quantity, received, reserved


def props_then(connection: Connection, shard: int, items: Collection[str], at: datetime) -> Props:
    """All nodes, and these items as they stood just before a moment."""
    now = props_now(connection, shard, items, at.date())
    sums, frozen = _sums(connection, shard, items, at), _frozen(connection, shard, items, at)
    positions = tuple(_then(position, sums, (position.item, position.node) in frozen) for position in now.positions)
    return replace(now, positions=positions, loads=tuple(_loads(connection, shard, at)))


def props_seen(connection: Connection, shard: int, items: Collection[str], at: datetime, order: str) -> Props:
    """All nodes, and these items as an order saw them that came at a moment: with all of that moment but its own doing."""
    now = props_now(connection, shard, items, at.date())
    sums = _sums_of(connection, shard, items, (_l.at <= at) & (_l.order_id != order))
    frozen = _frozen(connection, shard, items, at)
    positions = (_then(position, sums, (position.item, position.node) in frozen) for position in now.positions)
    return replace(now, positions=tuple(positions), loads=())


def news(connection: Connection, shard: int, items: Collection[str], since: datetime, until: datetime | None) -> Iterator[News]:
    """What was told of these items' stock from a moment on, in the order in which it took effect."""
    found = list[tuple[datetime, int, int, News]]()
    for part in batched(sorted(items), AT_ONCE):
        rows = _NEWS.where(_l.shard == shard, _l.item.in_(part), _l.at >= since)
        found += _told(connection, rows.where(_l.at < until) if until else rows)
    return (each for *_, each in sorted(found, key=lambda one: one[:3]))


_l, _s = tables.ledger.c, tables.supplies.c


def _sum(**factors: int) -> ColumnElement[int]:
    return func.sum(case(*((_l.kind == kind, factor * _l.quantity) for kind, factor in factors.items()), else_=0))


_SUMS = select(
    _l.item,
    _l.node,
    _l.supply,
    _sum(expect=1, adjust=1, withdraw=-1, ship=-1),
    _sum(receive=1, presume=1, adjust=1, ship=-1),
    _sum(reserve=1, release=-1, ship=-1),
).group_by(_l.item, _l.node, _l.supply)

#: The supply's own row says what a new one is, and when it is due.
_NEWS = select(
    _l.at, _l.sequence, _l.number, _l.kind, _l.item, _l.node, _l.supply, _l.quantity, _s.type, _s.due_on, _s.stock_class
).where(
    _l.order_id == "", _l.supply != "", _s.shard == _l.shard, _s.item == _l.item, _s.node == _l.node, _s.id == _l.supply
)  # fmt: skip


def _sums(connection: Connection, shard: int, items: Collection[str], at: datetime) -> Mapping[SupplyKey, Sums]:
    return _sums_of(connection, shard, items, _l.at < at)


def _sums_of(connection: Connection, shard: int, items: Collection[str], which: ColumnElement[bool]) -> Mapping[SupplyKey, Sums]:
    """What the entries come to that are meant, by supply."""
    found = {}
    for part in batched(sorted(items), AT_ONCE):
        asked = _SUMS.where(_l.shard == shard, _l.item.in_(part), _l.supply != "", which)
        for item, node, supply, *sums in connection.execute(asked):
            found[item, node, supply] = (int(sums[0]), int(sums[1]), int(sums[2]))
    return found


def _then(position: Position, sums: Mapping[SupplyKey, Sums], frozen: bool) -> Position:
    found = [_stood(supply, sums.get((supply.item, supply.node, supply.id), (0, 0, 0))) for supply in position.supplies]
    there = tuple(supply for supply in found if supply.quantity or supply.type == ON_HAND)
    return replace(position, quarantined=frozen, supplies=there)


def _stood(supply: Supply, sums: Sums) -> Supply:
    quantity, received, reserved = sums
    if supply.type == ON_HAND:
        quantity = max(received, reserved)
    return replace(supply, quantity=quantity, received=received, reserved=reserved)


def _frozen(connection: Connection, shard: int, items: Collection[str], at: datetime) -> set[Key]:
    """The positions that were in quarantine."""
    found: dict[Key, str] = {}
    for part in batched(sorted(items), AT_ONCE):
        asked = select(_l.item, _l.node, _l.kind).where(_l.shard == shard, _l.item.in_(part), _l.at < at)
        rows = asked.where(_l.kind.in_(("quarantine", "recount"))).order_by(_l.at, _l.order_id, _l.sequence, _l.number)
        found |= {(item, node): kind for item, node, kind in connection.execute(rows)}
    return {place for place, kind in found.items() if kind == "quarantine"}


def _loads(connection: Connection, shard: int, at: datetime) -> Iterator[tuple[str, str, date, int]]:
    booked = func.sum(case((_l.kind == "reserve", _l.quantity), else_=-_l.quantity))
    rows = select(_l.node, _l.resource, _l.ship_on, booked).group_by(_l.node, _l.resource, _l.ship_on)
    rows = rows.where(_l.shard == shard, _l.kind.in_(("reserve", "release")), _l.ship_on >= at.date(), _l.at < at)
    for node, resource, day, units in connection.execute(rows.order_by(_l.node, _l.resource, _l.ship_on)):
        if units:
            yield node, resource, day, int(units)


def _told(connection: Connection, rows: Select[*tuple[Any, ...]]) -> Iterator[tuple[datetime, int, int, News]]:
    for at, sequence, number, kind, item, node, supply, quantity, type, due_on, stock_class in connection.execute(rows):
        entry = Entry(kind, item, node, supply, quantity, supply_type=type, due_on=due_on, stock_class=stock_class)
        yield at, sequence, number, News(at, entry)
