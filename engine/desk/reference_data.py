"""Reference data and stock from outside: items, nodes, positions, supplies. A row replaces the one that was there before.

Whoever writes many rows does so in the order of their keys, and locks items before anything of their stock: none of two who do
so at once waits for the other while that waits for him.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from msgspec.structs import replace
from sqlalchemy import Connection

from orderloom.engine import wire
from orderloom.engine.catalog import Item, Node
from orderloom.engine.ledger.stock import ON_HAND, SHIPPING, Position, Supply
from orderloom.engine.shell.claimants import tell_of_slips
from orderloom.engine.shell.writes import supply_row
from orderloom.engine.store import Store, tables
from orderloom.engine.store.statements import POST, insert_new, run, upsert
from orderloom.engine.store.stock_rows import count_change, ever, lock_items, supplies_there, touch

_id = attrgetter("id")
_ITEM = upsert(tables.items)
_NODE = upsert(tables.nodes)
_STOCK = insert_new(tables.stock)
_POSITION = upsert(tables.positions, counted_at="COALESCE(excluded.counted_at, positions.counted_at)")
_SUPPLY = upsert(tables.supplies, reserved="supplies.reserved")


def put_items(store: Store, items: Sequence[Item]) -> None:
    """Adds or replaces items."""
    with store.writing() as connection:
        run(connection, _ITEM, [(store.shard, item.id, wire.dump(item)) for item in sorted(items, key=_id)])
        run(connection, _STOCK, [(store.shard, item.id, 0) for item in sorted(items, key=_id)])
        count_change(connection, store.shard, "catalog")


def put_nodes(store: Store, nodes: Sequence[Node]) -> None:
    """Adds or replaces nodes."""
    with store.writing() as connection:
        run(connection, _NODE, [(store.shard, node.id, wire.dump(node)) for node in sorted(nodes, key=_id)])
        count_change(connection, store.shard, "catalog")


def put_positions(store: Store, positions: Sequence[Position], at: datetime) -> None:
    """Adds or replaces positions, with the supplies that they have; their items and nodes must be there.

    Supply on hand counts as a snapshot of this moment.
    """
    moment = wire.moment_text(at)
    rows = [
        (store.shard, p.item, p.node, p.safety_stock, p.quarantined, wire.dump(p.attributes), moment if p.supplies else None)
        for p in positions
    ]
    with store.writing() as connection:
        lock_items(connection, store.shard, {position.item for position in positions})
        run(connection, _POSITION, rows)
        _put_supplies(connection, store.shard, [supply for position in positions for supply in position.supplies], at)
        touch(connection, store.shard, {position.item for position in positions})


def put_supplies(store: Store, supplies: Sequence[Supply], at: datetime) -> None:
    """Adds or replaces supplies; their positions must be there. What is reserved and received of them stays so.

    The quantity of what is on hand is what is there now, that of what is to come is all that was ever expected of it: units that
    have shipped since do not come again. The ledger gets the difference. A quantity below what is reserved is an IntegrityError,
    and nothing is changed. Orders that claim a supply are told when it is due on another day.
    """
    with store.writing() as connection:
        _put_supplies(connection, store.shard, supplies, at)
        touch(connection, store.shard, {supply.item for supply in supplies})


def _put_supplies(connection: Connection, shard: int, supplies: Sequence[Supply], at: datetime) -> None:
    lock_items(connection, shard, {supply.item for supply in supplies})
    before = supplies_there(connection, shard, {(s.item, s.node, s.id) for s in supplies})
    to_come = {(s.item, s.node) for s in supplies if s.type != ON_HAND and (s.item, s.node, s.id) in before}
    expected = ever(connection, shard, ("expect", "withdraw"), to_come)
    sequence, moment = count_change(connection, shard, "imports"), wire.moment_text(at)
    entries, moved = [], []
    for number, supply in enumerate(supplies):
        key = (supply.item, supply.node, supply.id)
        was = before.get(key)
        change = supply.quantity - (0 if was is None else was.received if supply.type == ON_HAND else expected.get(key, 0))
        before[key], expected[key] = _replaced(was, supply, change), supply.quantity
        kind = "adjust" if supply.type == ON_HAND else "expect"
        entries.append((shard, "", sequence, number, moment, kind, *key, change, "", None, SHIPPING))
        moved += [supply] if was and was.due_on != supply.due_on else []
    run(connection, _SUPPLY, [supply_row(shard, supply) for supply in before.values()])
    run(connection, POST, [entry for entry in entries if entry[9]])
    tell_of_slips(connection, shard, moved, at)


def _replaced(was: Supply | None, supply: Supply, change: int) -> Supply:
    """The supply as it is from now on."""
    if was is None:
        return replace(supply, reserved=0)
    if supply.type == ON_HAND:
        return supply
    return replace(supply, quantity=was.quantity + change, received=was.received)
