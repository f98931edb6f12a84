"""What benchmarks find, kept as JSON beside them, so that `performance.py` can write it up: a list of rows for each benchmark."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "results"

Rows = Sequence[Mapping[str, Any]]


def keep(name: str, rows: Rows) -> None:
    """Keeps what a benchmark found, in place of what it found before."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(json.dumps(rows, indent=1) + "\n")


def kept(name: str) -> Rows:
    """What a benchmark found last; nothing where it never ran."""
    file = FOLDER / f"{name}.json"
    found: Rows = json.loads(file.read_text()) if file.exists() else []
    return found
