"""The generated pages are up to date. ORDERLOOM_UPDATE=1 writes them anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from orderloom.dsl import reference
from orderloom.dsl.codes import pages
from orderloom.dsl.fields import keys
from orderloom.dsl.syntax import KINDS

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(("name", "written"), [("language.md", reference.language), ("diagnostics.md", reference.diagnostics)])
def test_page_is_up_to_date(name: str, written: Callable[[], str]) -> None:
    if os.environ.get("ORDERLOOM_UPDATE"):
        (DOCS / name).write_text(written(), encoding="utf-8")
    assert (DOCS / name).read_text(encoding="utf-8") == written()


def test_every_key_of_every_kind_is_described() -> None:
    page = reference.language()
    for kind, of in KINDS.items():
        assert f"## `kind: {kind}`" in page
        for key in keys(of):
            assert f"| `{key.text}` | " in page
            assert key.doc.endswith(".")


def test_every_code_is_described() -> None:
    page = reference.diagnostics()
    assert all(f"## {code}: " in page for code in pages())
