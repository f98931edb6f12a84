"""Programs of one text, for tests of the engine."""

from __future__ import annotations

from orderloom.dsl.compile import compile
from orderloom.dsl.program import Program
from orderloom.dsl.source import Source

MANIFEST = "orderloom: 1\nworkspace: tests\ncurrency: USD\ntimezone: UTC\n"


def program_of(text: str) -> Program:
    """The program of these documents; the first one is the manifest, unless it is left out."""
    manifest, _, rules = text.partition("---\n") if text.startswith("orderloom:") else (MANIFEST, "", text)
    compiled = compile([Source("orderloom.yaml", manifest.encode()), Source("rules/policy.yaml", rules.encode())])
    assert compiled.program is not None, compiled.diagnostics
    return compiled.program
