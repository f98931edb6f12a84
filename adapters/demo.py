"""The demo: a data set in the shape of the shipped one, played from the first order to the end of the last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from orderloom.adapters.imports import Kind, Progress, Report, import_file
from orderloom.adapters.known import known_in
from orderloom.adapters.writers import kinds
from orderloom.dsl.program import Program
from orderloom.engine.store import Store, tables

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  #: the moment of what there is before the first order


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of a data set: the kind of its records, and its names for our fields."""

    kind: str
    name: str
    renames: Mapping[str, str]


_SKU = {"sku": "item"}
DATA_SET = (
    DataFile("nodes", "nodes.csv", {"name": "title"}),
    DataFile("items", "items.csv", {"sku": "id", "weight_lb": "weight"}),
    DataFile("stock", "inventory.csv", _SKU),
    DataFile("supply", "supply.csv", _SKU | {"supply_id": "id", "qty": "quantity", "eta": "due_on", "status": "type"}),
    DataFile("orders", "orders.jsonl", _SKU | {"qty": "quantity"}),
)


def shipped_data() -> Path:
    """The folder of the retail pack's data."""
    return Path(str(files("orderloom.rules") / "retail" / "data"))


def data_files(folder: Path) -> dict[str, Path]:
    """The files of a data set by kind, plain or gzipped. Raises FileNotFoundError for one that is missing."""
    found = {}
    for file in DATA_SET:
        plain, zipped = folder / file.name, folder / f"{file.name}.gz"
        found[file.kind] = plain if plain.is_file() else zipped
        if not found[file.kind].is_file():
            raise FileNotFoundError(2, "the data set lacks this file, also as .gz", str(plain))
    return found


def load_data(
    store: Store, program: Program, folder: Path, limit: int | None, rejects: Path, progress: Callable[[str], Progress]
) -> dict[str, Report]:
    """Imports a data set, at most `limit` orders of it; the reports by kind. Loading it again changes nothing."""
    reports = {}
    paths = data_files(folder)
    for file in DATA_SET:
        kind: Kind[Any] = kinds(store, program.digest, BEGINNING)[file.kind]
        known = known_in(store, program)
        most = limit if file.kind == "orders" else None
        reports[file.kind] = import_file(paths[file.kind], kind, known, rejects, file.renames, progress(file.kind), limit=most)
    return reports


def has_begun(store: Store) -> bool:
    """Whether any order was worked on; the data set was loaded then."""
    t = tables.orders.c
    with store.reading() as connection:
        return bool(connection.execute(select(func.count()).where(t.shard == store.shard, t.state.is_not(None))).scalar_one())
