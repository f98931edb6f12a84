"""Reference data and stock from outside: items, nodes, positions, supplies. A row replaces the one that was there before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, tuple_, update

from orderloom.engine import wire
from orderloom.engine.catalog import Item, Node
from orderloom.engine.stock import Position, Supply
from orderloom.engine.store import Store, tables
from orderloom.engine.store.statements import POST, TOUCH_STOCK, insert_new, run, upsert

_ITEM = upsert(tables.items)
_NODE = upsert(tables.nodes)
_STOCK = insert_new(tables.stock)
_POSITION = upsert(tables.positions)
_SUPPLY = upsert(tables.supplies, reserved="supplies.reserved")


def put_items(store: Store, items: Sequence[Item]) -> None:
    """Adds or replaces items."""
    with store.writing() as connection:
        run(connection, _ITEM, [(store.shard, item.id, wire.dump(item)) for item in items])
        run(connection, _STOCK, [(store.shard, item.id, 0) for item in items])
        _count(connection, store.shard, "catalog")


def put_nodes(store: Store, nodes: Sequence[Node]) -> None:
    """Adds or replaces nodes."""
    with store.writing() as connection:
        run(connection, _NODE, [(store.shard, node.id, wire.dump(node)) for node in nodes])
        _count(connection, store.shard, "catalog")


def put_positions(store: Store, positions: Sequence[Position], at: datetime) -> None:
    """Adds or replaces positions, with the supplies that they have; their items and nodes must be there."""
    rows = [(store.shard, p.item, p.node, p.safety_stock, p.quarantined, wire.dump(p.attributes)) for p in positions]
    with store.writing() as connection:
        run(connection, _POSITION, rows)
        _put_supplies(connection, store.shard, [supply for position in positions for supply in position.supplies], at)
        _touch(connection, store.shard, {position.item for position in positions})


def put_supplies(store: Store, supplies: Sequence[Supply], at: datetime) -> None:
    """Adds or replaces supplies; their positions must be there. What is reserved of them stays so.

    The ledger gets the difference in quantity. A quantity below what is reserved is an IntegrityError, and nothing is changed.
    """
    with store.writing() as connection:
        _put_supplies(connection, store.shard, supplies, at)
        _touch(connection, store.shard, {supply.item for supply in supplies})


def _put_supplies(connection: Connection, shard: int, supplies: Sequence[Supply], at: datetime) -> None:
    before = _quantities(connection, shard, supplies)
    rows = [(shard, s.item, s.node, s.id, s.type, s.stock_class, wire.day_text(s.due_on), s.quantity, 0) for s in supplies]
    run(connection, _SUPPLY, rows)
    sequence, moment = _count(connection, shard, "imports"), wire.moment_text(at)
    entries = []
    for number, s in enumerate(supplies):
        change = s.quantity - before.get((s.item, s.node, s.id), 0)
        before[s.item, s.node, s.id] = s.quantity
        entries.append((shard, "", sequence, number, moment, "receive", s.item, s.node, s.id, change, "", None))
    run(connection, POST, [entry for entry in entries if entry[9]])


_t = tables.supplies.c
_QUANTITIES = select(_t.item, _t.node, _t.id, _t.quantity).where(
    _t.shard == bindparam("shard"), tuple_(_t.item, _t.node, _t.id).in_(bindparam("keys", expanding=True))
)


def _quantities(connection: Connection, shard: int, supplies: Sequence[Supply]) -> dict[tuple[str, str, str], int]:
    found = {}
    for start in range(0, len(supplies), 1000):
        keys = [(s.item, s.node, s.id) for s in supplies[start : start + 1000]]
        for item, node, key, quantity in connection.execute(_QUANTITIES, {"shard": shard, "keys": keys}):
            found[item, node, key] = quantity
    return found


def _count(connection: Connection, shard: int, name: str) -> int:
    """Counts a change of the catalogue or an import of stock; the new count."""
    t = tables.workspace
    connection.execute(update(t).where(t.c.shard == shard).values({name: t.c[name] + 1}))
    return int(connection.execute(select(t.c[name]).where(t.c.shard == shard)).scalar_one())


def _touch(connection: Connection, shard: int, items: set[str]) -> None:
    run(connection, TOUCH_STOCK, [(shard, item) for item in sorted(items)])
