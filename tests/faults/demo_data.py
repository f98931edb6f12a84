"""Stores with the first orders of the demo in them."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

from orderloom.adapters.demo import BEGINNING, load
from orderloom.adapters.imports.datasets import DATA_SET, data_files, shipped_data
from orderloom.adapters.versions import deploy_version
from orderloom.dsl.compile import compile_pack
from orderloom.dsl.packs import pack_sources
from orderloom.engine.store import Store, open_store

PLENTY = 1000  #: units on hand, and what a node can ship a day


def loaded(url: str, folder: Path, orders: int) -> None:
    """Makes a store with so many orders of a data set, none of them begun."""
    store = open_store(url, "retail")
    program = compile_pack("retail").program
    assert isinstance(store, Store) and program is not None
    deploy_version(store, program, pack_sources("retail"), BEGINNING)
    for file in DATA_SET:
        load(store, program, folder, file, orders if file.kind == "orders" else None, lambda done, total: None)
    store.close()


def of_plenty(folder: Path) -> Path:
    """The shipped data with stock for everybody everywhere and orders at full hours: no order's end depends on another one."""
    files = data_files(shipped_data())
    for path in files.values():
        shutil.copy(path, folder)
    _rewrite(files["nodes"], folder, lambda row: row | {"capacity_per_day": PLENTY})
    _rewrite(files["stock"], folder, lambda row: row | {"on_hand": PLENTY})
    orders = folder / files["orders"].name
    with gzip.open(files["orders"], "rt") as source, gzip.open(orders, "wt") as target:
        for line in source:
            order = json.loads(line)
            target.write(json.dumps(order | {"placed_at": order["placed_at"][:13] + ":00:00"}) + "\n")
    (folder / "forecast.csv").unlink()
    return folder


def _rewrite(source: Path, folder: Path, change: Callable[[dict[str, object]], dict[str, object]]) -> None:
    with source.open(newline="") as file:
        rows = [change(dict(row)) for row in csv.DictReader(file)]
    with (folder / source.name).open("w", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
