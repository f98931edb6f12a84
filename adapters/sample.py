"""What a data set in the shape of the shipped one has that matters to an order, read without a store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from orderloom.adapters.datasets import DATA_SET, data_files
from orderloom.adapters.fields import Fields
from orderloom.adapters.import_items import item_of
from orderloom.adapters.import_nodes import node_of
from orderloom.adapters.import_stock import position_of
from orderloom.adapters.import_supply import supply_of
from orderloom.adapters.imports import renamed
from orderloom.adapters.known import Known, known_by
from orderloom.adapters.rows import open_rows
from orderloom.adapters.stage import Props
from orderloom.dsl.program import Program
from orderloom.engine.stock import Position

T = TypeVar("T")


def sample(program: Program, folder: Path, items: frozenset[str]) -> Props:
    """All nodes, and these items with their stock. Rows that do not fit are left out. Raises OSError."""
    nodes = _records(folder, "nodes", node_of, known_by(program, (), ()))
    known = known_by(program, items, {node.id for node in nodes})
    supplies = _records(folder, "supply", supply_of, known, "item", items)
    positions = _records(folder, "stock", position_of, known, "item", items)
    there = {(position.item, position.node) for position in positions}
    bare = {(supply.item, supply.node) for supply in supplies} - there
    return Props(
        items=tuple(_records(folder, "items", item_of, known, "id", items)),
        nodes=tuple(nodes),
        positions=(*positions, *(Position(item, node) for item, node in sorted(bare))),
        supplies=tuple(supplies),
    )


def _records(
    folder: Path,
    kind: str,
    decode: Callable[[Fields, Known], T],
    known: Known,
    name: str = "",
    wanted: frozenset[str] | None = None,
) -> list[T]:
    """The good records of a file, those of which the field `name` is wanted."""
    renames = next(file.renames for file in DATA_SET if file.kind == kind)
    found = []
    with open_rows(data_files(folder)[kind]) as source:
        for row in source.rows():
            values = renamed(row.values, renames)
            if wanted is not None and values.get(name) not in wanted:
                continue
            fields = Fields(values)
            record = decode(fields, known)
            if not (row.problem or fields.problems):
                found.append(record)
    return found
