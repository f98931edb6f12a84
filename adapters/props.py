"""What there is before anything happens on a stage: all of it, or what of a store or a data set matters to one order."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, select

from orderloom.adapters.imports.datasets import DATA_SET, data_files
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.file import renamed
from orderloom.adapters.imports.items import item_of
from orderloom.adapters.imports.known import Known, known_by
from orderloom.adapters.imports.nodes import node_of
from orderloom.adapters.imports.stock import position_of
from orderloom.adapters.imports.supply import supply_of
from orderloom.dsl.program import Program
from orderloom.engine import wire
from orderloom.engine.catalog import Item, Node
from orderloom.engine.desk.slots import TakenSlot
from orderloom.engine.forecast.expected import Expected
from orderloom.engine.ledger.stock import Key, Position, Supply
from orderloom.engine.order import Order
from orderloom.engine.shell.foresight import opportunity_costs
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.store import Store, tables

T = TypeVar("T")

AT_ONCE = 1000  #: items of a query


class Props(Struct, frozen=True):
    """What there is before anything happens. `supplies` are those besides the ones in `positions`.

    `loads` are the units that nodes are to ship already, by node, resource and day; `taken` are the slots that others have. What
    a unit is worth elsewhere is given by `prices`, or else worked out anew of the `forecast`.
    """

    items: tuple[Item, ...] = ()
    nodes: tuple[Node, ...] = ()
    positions: tuple[Position, ...] = ()
    supplies: tuple[Supply, ...] = ()
    loads: tuple[tuple[str, str, date, int], ...] = ()
    prices: Mapping[Key, Decimal] = {}
    forecast: tuple[Expected, ...] = ()
    taken: tuple[TakenSlot, ...] = ()


def props_in_store(store: Store, order: Order) -> Props:
    """What a store has that matters to an order: all nodes, and the order's items with their stock as it stands now."""
    wanted = {line.item for line in order.lines}
    with store.reading() as connection:
        now = props_now(connection, store.shard, wanted, order.placed_at.date())
        return replace(now, prices=opportunity_costs(connection, store.shard, wanted))


def props_now(connection: Connection, shard: int, wanted: Collection[str], since: date) -> Props:
    """All nodes, and these items with their stock as it stands now and the loads from a day on; no prices and no forecast."""
    n, x = tables.nodes.c, tables.loads.c
    nodes = connection.execute(select(n.body).where(n.shard == shard).order_by(n.id)).scalars().all()
    loads = connection.execute(select(x.node, x.resource, x.day, x.units).where(x.shard == shard, x.day >= since)).all()
    items, positions = list[Item](), list[Position]()
    for part in batched(sorted(wanted), AT_ONCE):
        i = tables.items.c
        bodies = connection.execute(select(i.body).where(i.shard == shard, i.id.in_(part)).order_by(i.id)).scalars()
        items += [wire.load(body, Item) for body in bodies]
        stock = Shelf(shard).read(connection, part)
        found = [stock.position(item, node) for item in part for node in stock.nodes_of(item)]
        positions += [position for position in found if position]
    return Props(
        tuple(items),
        tuple(wire.load(body, Node) for body in nodes),
        tuple(positions),
        loads=tuple((node, resource, day, units) for node, resource, day, units in loads),
    )


def batched(values: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The values in their order, so many at once."""
    return (values[start : start + size] for start in range(0, len(values), size))


def props_in_data(program: Program, folder: Path, items: Container[str]) -> Props:
    """What a data set in the shape of the shipped one has of these items, and all nodes.

    Rows that do not fit are left out. Raises OSError.
    """
    nodes = _records(folder, "nodes", node_of, known_by(program, (), ()))
    known = known_by(program, items, {node.id for node in nodes})
    supplies = _records(folder, "supply", supply_of, known, "item", items)
    positions = _records(folder, "stock", position_of, known, "item", items)
    return Props(
        items=tuple(_records(folder, "items", item_of, known, "id", items)),
        nodes=tuple(nodes),
        positions=(*positions, *bare_positions(supplies, positions)),
        supplies=tuple(supplies),
    )


def only(props: Props, items: Container[str]) -> Props:
    """What of it concerns these items."""
    return replace(
        props,
        items=tuple(item for item in props.items if item.id in items),
        positions=tuple(position for position in props.positions if position.item in items),
        supplies=tuple(supply for supply in props.supplies if supply.item in items),
    )


def bare_positions(supplies: Iterable[Supply], positions: Iterable[Position]) -> list[Position]:
    """Positions without stock, for supplies of an item that its node does not have yet; by item and node."""
    there = {(position.item, position.node) for position in positions}
    missing = {(supply.item, supply.node) for supply in supplies} - there
    return [Position(item, node) for item, node in sorted(missing)]


def _records(
    folder: Path,
    kind: str,
    decode: Callable[[Fields, Known], T],
    known: Known,
    name: str = "",
    wanted: Container[str] | None = None,
) -> list[T]:
    """The good records of a CSV file, those of which the field `name` is wanted."""
    renames = next(file.renames for file in DATA_SET if file.kind == kind)
    column = next((foreign for foreign, own in renames.items() if own == name), name)
    found = []
    with data_files(folder)[kind].open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if wanted is None or row[column] in wanted:
                fields = Fields(renamed(row, renames))
                record = decode(fields, known)
                if not fields.problems:
                    found.append(record)
    return found
