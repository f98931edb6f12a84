"""The page of what the benchmarks found says what they found last."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT / "tests/bench"))

from performance import page  # noqa: E402


def test_the_page_and_its_pictures_are_made_of_the_results() -> None:
    made = page()
    assert made == {path: (ROOT / "docs" / path).read_text() for path in made}
    assert {f"docs/{path}" for path in made if path.endswith(".svg")} == {
        str(path.relative_to(ROOT)) for path in (ROOT / "docs/pictures").glob("*.svg")
    }
