"""What every change of stock from outside shares: the items' locks, the number of the change, and what is read of the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import BindParameter, Connection, bindparam, case, func, select, tuple_, update
from sqlalchemy import text as sql

from orderloom.engine.stock import Supply
from orderloom.engine.store import tables
from orderloom.engine.store.statements import TOUCH_STOCK, run

SupplyKey = tuple[str, str, str]  #: item, node, id
_AT_ONCE = 1000  #: keys of a query


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
        for row in connection.execute(_THERE, {"shard": shard, "keys": part}):
            supply = Supply(*row)
            found[supply.item, supply.node, supply.id] = supply
    return found


def ever(connection: Connection, shard: int, kinds: Iterable[str], places: Collection[tuple[str, str]]) -> dict[SupplyKey, int]:
    """What entries of these kinds sum up to, by supply of these items at nodes; what was withdrawn counts as negative."""
    found = {}
    for part in _parts(sorted(places)):
        for item, node, supply, total in connection.execute(_EVER, {"shard": shard, "kinds": list(kinds), "places": part}):
            found[item, node, supply] = int(total)
    return found


def _parts(values: Sequence[object]) -> Iterable[list[object]]:
    return ([*values[start : start + _AT_ONCE]] for start in range(0, len(values), _AT_ONCE))


_shard: BindParameter[int] = bindparam("shard")
_v, _s, _l = tables.stock.c, tables.supplies.c, tables.ledger.c
_LOCK = (
    select(_v.item)
    .where(_v.shard == _shard, _v.item.in_(bindparam("items", expanding=True)))
    .order_by(_v.item)
    .with_for_update()
)
_THERE = select(_s.id, _s.item, _s.node, _s.type, _s.quantity, _s.due_on, _s.reserved, _s.stock_class, _s.received).where(
    _s.shard == _shard, tuple_(_s.item, _s.node, _s.id).in_(bindparam("keys", expanding=True))
)

#: Entries that change more than reservations; in these words, so that the index of just these entries serves.
MOVES = sql(tables.MOVES)
_EVER = (
    select(_l.item, _l.node, _l.supply, func.sum(case((_l.kind == "withdraw", -_l.quantity), else_=_l.quantity)))
    .where(_l.shard == _shard, MOVES, _l.kind.in_(bindparam("kinds", expanding=True)))
    .where(tuple_(_l.item, _l.node).in_(bindparam("places", expanding=True)))
    .group_by(_l.item, _l.node, _l.supply)
)
