"""What the race is about: a shop with hot or cold items at two nodes, and orders for it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import known_by
from orderloom.adapters.imports.nodes import node_of
from orderloom.adapters.versions import deploy_version
from orderloom.dsl.compile import compile
from orderloom.dsl.load import load_workspace
from orderloom.engine.catalog import Item
from orderloom.engine.desk.reference_data import put_items, put_nodes, put_positions
from orderloom.engine.ledger.stock import ON_HAND, Position, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.store import Store, open_store

SOURCES = load_workspace(Path(__file__).parents[1] / "scenarios" / "world-w")
COMPILED = compile(SOURCES)
assert COMPILED.program is not None
PROGRAM = COMPILED.program
_NODE = {"type": "dc", "region": "EAST", "calendar": "weekdays", "cutoff": "14:00:00", "handling": 1, "transit": 2}
NODES = ({"id": "DC1", "base": 5} | _NODE, {"id": "DC2", "base": 9} | _NODE)


def opened_race(url: str) -> Store:
    """The store of the race."""
    store = open_store(url, PROGRAM.workspace)
    assert isinstance(store, Store), store
    return store


def stock_up(store: Store, items: int, each: int) -> None:
    """So many items, with so many units of each, spread over two nodes."""
    known = known_by(PROGRAM, (), ())
    now = store.now()
    put_items(store, [Item(f"I{n}") for n in range(items)])
    put_nodes(store, [node_of(Fields(node), known) for node in NODES])
    put_positions(store, [_position(f"I{n}", "DC1", each // 2) for n in range(items)], now)
    put_positions(store, [_position(f"I{n}", "DC2", each - each // 2) for n in range(items)], now)
    deploy_version(store, PROGRAM, SOURCES, now)


def _position(item: str, node: str, quantity: int) -> Position:
    return Position(item, node, supplies=(Supply("OH", item, node, ON_HAND, quantity),))


def order_of_race(id: str, item: int, quantity: int, at: datetime) -> Order:
    """An order of one line, by whatever way is the cheapest."""
    lines = (Line("1", f"I{item}", quantity, Decimal(10)),)
    own = {"date": "weighed", "late_penalty": Decimal(0)}
    return Order(id, "web", at, Customer("C"), lines, "USD", ship_to=Address(region="EAST"), attributes=own)
