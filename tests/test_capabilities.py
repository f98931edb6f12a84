"""The page of capabilities names the scenarios that show each of them. ORDERLOOM_UPDATE=1 writes it anew."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

from orderloom.dsl.compile import Compiled, compile_pack, compile_workspace
from orderloom.dsl.packs import packs

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "capabilities.md"
HEAD = """# Capabilities

The numbers are those of the list of capabilities that the product is built to; a scenario
names in `covers` the ones that it shows. Every scenario below runs in `make test`.

| capability | scenario | file |
| --- | --- | --- |
"""


def page() -> str:
    folders = sorted(path.parent for path in (ROOT / "tests" / "scenarios").glob("*/orderloom.yaml"))
    shown: dict[int, set[tuple[str, str]]] = defaultdict(set)
    definitions = [(compile_pack(pack), ROOT) for pack in packs()] + [(compile_workspace(folder), folder) for folder in folders]
    for compiled, folder in definitions:
        for number, name, path in covered(compiled, folder):
            shown[number].add((name, path))
    return HEAD + "".join(
        f"| {n} | {name} | [{Path(path).name}](../{path}) |\n" for n in sorted(shown) for name, path in sorted(shown[n])
    )


def covered(compiled: Compiled, folder: Path) -> list[tuple[int, str, str]]:
    own = [scenario for scenario in compiled.scenarios if (folder / scenario.origin.path).exists()]
    places = [(scenario, (folder / scenario.origin.path).relative_to(ROOT)) for scenario in own]
    return [(number, scenario.name, str(path)) for scenario, path in places for number in scenario.covers]


def test_the_page_of_capabilities_is_up_to_date() -> None:
    if os.environ.get("ORDERLOOM_UPDATE"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()
