"""The data set that the demo plays, and others of the same shape: which files it has, and their names for our fields."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from msgspec import Struct


class DataFile(Struct, frozen=True):
    """A file of a data set: the kind of its records, and its names for our fields."""

    kind: str
    name: str
    renames: Mapping[str, str]


_SKU = {"sku": "item"}

#: The files in the order in which they are loaded: each speaks of what those before it brought.
DATA_SET = (
    DataFile("nodes", "nodes.csv", {"name": "title"}),
    DataFile("items", "items.csv", {"sku": "id", "weight_lb": "weight"}),
    DataFile("stock", "inventory.csv", _SKU),
    DataFile("supply", "supply.csv", _SKU | {"supply_id": "id", "qty": "quantity", "eta": "due_on", "status": "type"}),
    DataFile("orders", "orders.jsonl", _SKU | {"qty": "quantity"}),
)

#: What a data set may have besides: without it nothing is seen ahead.
FORECAST = DataFile("forecast", "forecast.csv", _SKU | {"region_dc": "region"})

#: What came back of the orders, where a data set has that.
RETURNS = DataFile(
    "returns",
    "returns.jsonl",
    _SKU
    | {
        "order_id": "order",
        "line_id": "line",
        "qty": "quantity",
        "requested_on": "asked_on",
        "method": "way",
        "return_to": "node",
    },
)


def shipped_data() -> Path:
    """The folder of the retail pack's data."""
    return Path(str(files("orderloom.rules") / "retail" / "data"))


def data_files(folder: Path) -> dict[str, Path]:
    """The files of a data set by kind, plain or gzipped. Raises FileNotFoundError for one that is missing."""
    found = {}
    for file in (*DATA_SET, FORECAST, RETURNS):
        plain, zipped = folder / file.name, folder / f"{file.name}.gz"
        path = plain if plain.is_file() else zipped
        if path.is_file():
            found[file.kind] = path
        elif file not in (FORECAST, RETURNS):
            raise FileNotFoundError(2, "the data set lacks this file, also as .gz", str(plain))
    return found
