"""Maps of running orders: what is said of one that cannot be. ORDERLOOM_UPDATE=1 writes the expected texts anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lanes import FIRST, SECOND, content

from orderloom.adapters.versions import compiled
from orderloom.dsl.diagnostics import render
from orderloom.dsl.migration import read_map
from orderloom.dsl.source import Source

FOLDER = Path(__file__).parents[1] / "golden" / "migration"
FILES = sorted(FOLDER.glob("*.yaml"))


def read(text: bytes, name: str = "map.yaml") -> tuple[object, tuple[str, ...]]:
    written, found = read_map(Source(name, text), compiled(content(FIRST)), compiled(content(SECOND)))
    return written, tuple(map(render, found))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bad_map(path: Path) -> None:
    written, found = read(path.read_bytes(), path.name)
    code = path.stem.split("-")[0]
    assert written is None and any(f"[{code}]" in text for text in found)
    expected, text = path.with_suffix(".txt"), "\n\n".join(found) + "\n"
    if os.environ.get("ORDERLOOM_UPDATE"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


def test_every_code_of_maps_has_a_golden() -> None:
    assert {path.stem.split("-")[0] for path in FILES} == {"E890", "E891", "E892", "E893"}


def test_a_map_says_what_becomes_of_processes_and_steps() -> None:
    text = b"kind: migration\nprocesses:\n  sale: { becomes: sale, steps: { pack: label, check: settle } }\n  unit:\n"
    assert read(text) == ({"sale": ("sale", {"pack": "label", "check": "settle"}), "unit": (None, {})}, ())
