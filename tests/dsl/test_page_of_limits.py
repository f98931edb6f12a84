"""The examples on the page of limits compile as they stand."""

from __future__ import annotations

import re
from pathlib import Path

from orderloom.dsl.compile import compile
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.source import Source

PAGE = Path(__file__).parents[2] / "docs" / "sourcing.md"
MANIFEST = b"orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"


def test_they_are_a_policy() -> None:
    limits, groups, pools = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    policy = f"kind: sourcing\nname: mine\npromise by: retail\n{pools}{limits}minimise: {{ per unit: {{ handling: 1 }} }}\n"
    files = [Source("orderloom.yaml", MANIFEST), *pack_sources("retail")]
    files += [Source("rules/groups.yaml", groups.encode()), Source("rules/mine.yaml", policy.encode())]
    compiled = compile(files)
    assert {each.code for each in compiled.diagnostics} == {"W411"}  # no process uses it
    assert compiled.program is not None
