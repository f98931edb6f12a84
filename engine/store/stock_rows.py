"""What changes of stock from outside share: locks of items, the number of the change, positions, what the ledger says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import BindParameter, Connection, bindparam, case, func, select, tuple_, update
from sqlalchemy import text as sql

from orderloom.engine import wire
from orderloom.engine.ledger.messages import Moved
from orderloom.engine.ledger.stock import Key, Position, Supply, by_date
from orderloom.engine.store import tables
from orderloom.engine.store.statements import TOUCH_STOCK, run

SupplyKey = tuple[str, str, str]  #: item, node, id
_AT_ONCE = 1000  #: keys of a query
_LESS = ("withdraw", "confirm")  #: kinds that take from what others of their family have added
_COMES = {"receive": 1, "presume": 1, "adjust": 1, "ship": -1}  #: what an entry adds to what is here

T = TypeVar("T")


def lock_items(connection: Connection, shard: int, items: Collection[str]) -> None:
    """Keeps everybody else from the stock of these items until the transaction ends."""
    for part in _parts(sorted(items)):
        connection.execute(_LOCK, {"shard": shard, "items": part}).all()


def touch(connection: Connection, shard: int, items: Collection[str]) -> None:
    """Marks cached copies of these items' stock as stale."""
    run(connection, TOUCH_STOCK, [(shard, item) for item in sorted(items)])


def count_change(connection: Connection, shard: int, name: str) -> int:
    """Counts a change of the `catalog` or one of `imports` of stock; the new count."""
    t = tables.workspace
    connection.execute(update(t).where(t.c.shard == shard).values({name: t.c[name] + 1}))
    return int(connection.execute(select(t.c[name]).where(t.c.shard == shard)).scalar_one())


def supplies_there(connection: Connection, shard: int, keys: Collection[SupplyKey]) -> dict[SupplyKey, Supply]:
    """The supplies with these keys that are there."""
    found = {}
    for part in _parts(sorted(keys)):
        for row in connection.execute(_THERE, {"shard": shard, "items": _items(part), "keys": part}):
            supply = Supply(*row)
            found[supply.item, supply.node, supply.id] = supply
    return found


def supplies_called(connection: Connection, shard: int, ids: Collection[str]) -> dict[str, list[SupplyKey]]:
    """The supplies to come that have these ids; an id may be used at several positions."""
    found: dict[str, list[SupplyKey]] = {}
    for part in _parts(sorted(ids)):
        for item, node, id in connection.execute(_CALLED, {"shard": shard, "ids": part}):
            found.setdefault(id, []).append((item, node, id))
    return found


def positions_at(connection: Connection, shard: int, places: Collection[Key]) -> tuple[dict[Key, Position], dict[Key, datetime]]:
    """The positions of these items at nodes, and when those were counted last that ever were."""
    supplies: dict[Key, list[Supply]] = {}
    found, counted = {}, {}
    for part in _parts(sorted(places)):
        asked = {"shard": shard, "items": _items(part), "places": part}
        for row in connection.execute(_SUPPLIES, asked):
            supplies.setdefault((row.item, row.node), []).append(Supply(*row))
        for item, node, safety_stock, quarantined, attributes, counted_at in connection.execute(_POSITIONS, asked):
            there = tuple(sorted(supplies.get((item, node), ()), key=by_date))
            own = wire.load(attributes, dict[str, object])
            found[item, node] = Position(item, node, safety_stock, quarantined, own, there)
            if counted_at is not None:
                counted[item, node] = counted_at
    return found, counted


def moved_since(connection: Connection, shard: int, since: Mapping[Key, datetime]) -> dict[Key, Moved]:
    """What happened at each of these positions after its moment."""
    units: dict[Key, dict[str, int]] = {}
    short = set()
    for place, moment in since.items():
        asked = {"shard": shard, "item": place[0], "node": place[1], "since": moment}
        here = units.setdefault(place, {})
        for supply, kind, quantity in connection.execute(_MOVED, asked):
            if kind == "quarantine":
                short.add(place)
            here[supply] = here.get(supply, 0) + _COMES.get(kind, 0) * quantity
    return {place: Moved(units.get(place, {}), place in short) for place in since}


def ever(connection: Connection, shard: int, kinds: Iterable[str], places: Collection[Key]) -> dict[SupplyKey, int]:
    """What entries of these kinds sum up to, by supply at these positions; what was withdrawn or confirmed counts against it."""
    found = {}
    for item, node in sorted(places):
        asked = {"shard": shard, "kinds": list(kinds), "item": item, "node": node}
        for supply, total in connection.execute(_EVER, asked):
            found[item, node, supply] = int(total)
    return found


def _items(keys: Iterable[tuple[str, ...]]) -> list[str]:
    """The items of keys; asked for as well, because by them alone every database finds the rows by its index."""
    return sorted({key[0] for key in keys})


def _parts(values: Sequence[T]) -> Iterable[list[T]]:
    return ([*values[start : start + _AT_ONCE]] for start in range(0, len(values), _AT_ONCE))


_shard: BindParameter[int] = bindparam("shard")
_some_items: BindParameter[str] = bindparam("items", expanding=True)
_v, _s, _l = tables.stock.c, tables.supplies.c, tables.ledger.c
_LOCK = (
    select(_v.item).where(_v.shard == _shard, _v.item.in_(bindparam("items", expanding=True))).order_by(_v.item).with_for_update()
)
_THERE = select(_s.id, _s.item, _s.node, _s.type, _s.quantity, _s.due_on, _s.reserved, _s.stock_class, _s.received).where(
    _s.shard == _shard, _s.item.in_(_some_items), tuple_(_s.item, _s.node, _s.id).in_(bindparam("keys", expanding=True))
)

_places: BindParameter[Key] = bindparam("places", expanding=True)
_p = tables.positions.c
_CALLED = select(_s.item, _s.node, _s.id).where(
    _s.shard == _shard, sql(tables.TO_COME), _s.id.in_(bindparam("ids", expanding=True))
)
_SUPPLIES = select(_s.id, _s.item, _s.node, _s.type, _s.quantity, _s.due_on, _s.reserved, _s.stock_class, _s.received).where(
    _s.shard == _shard, _s.item.in_(_some_items), tuple_(_s.item, _s.node).in_(_places)
)
_POSITIONS = select(_p.item, _p.node, _p.safety_stock, _p.quarantined, _p.attributes, _p.counted_at).where(
    _p.shard == _shard, _p.item.in_(_some_items), tuple_(_p.item, _p.node).in_(_places)
)

#: Entries of a position that change more than reservations; in words for which every database has the index of just these.
_OF_POSITION = (_l.shard == _shard, sql(tables.MOVES), _l.item == bindparam("item"), _l.node == bindparam("node"))
_EVER = (
    select(_l.supply, func.sum(case((_l.kind.in_(_LESS), -_l.quantity), else_=_l.quantity)))
    .where(*_OF_POSITION, _l.kind.in_(bindparam("kinds", expanding=True)))
    .group_by(_l.supply)
)
_MOVED = select(_l.supply, _l.kind, _l.quantity).where(*_OF_POSITION, _l.at > bindparam("since", type_=tables.Moment))
