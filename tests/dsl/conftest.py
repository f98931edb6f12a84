"""A workspace on the retail pack, with one more file: what most tests of the compiler need."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent

import pytest

from orderloom.dsl.codes import Example
from orderloom.dsl.compile import Compiled, compile
from orderloom.dsl.packs import pack_sources
from orderloom.dsl.source import Source

MANIFEST = b"orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"

Compile = Callable[..., Compiled]


def compile_file(content: str | bytes, name: str = "example", *more: Source) -> Compiled:
    """A workspace on the retail pack with this file; a file that begins with `orderloom:` is its manifest."""
    content = content.encode() if isinstance(content, str) else content
    own = content.startswith(b"orderloom:")
    manifest = Source("orderloom.yaml", content if own else MANIFEST)
    packs = pack_sources("retail") if b"packs:" in manifest.content else _processes()
    return compile((*packs, manifest, *([] if own else [Source(f"rules/{name}.yaml", content)]), *more))


def _processes() -> tuple[Source, ...]:
    return tuple(source for source in pack_sources("retail") if "process-selection" not in source.path)


def document(example: Example) -> str:
    """An example as a file: steps stand in a process, an expression in a decision."""
    if example.language == "feel":
        return f"kind: decision\nname: example\nvalue: |-\n{indent(example.text, '  ')}\n"
    if example.text.startswith("- step:"):
        return f"kind: process\nname: backorder\nfor: fulfillment\nsteps:\n{indent(example.text, '  ')}\n"
    return example.text + "\n"


@pytest.fixture(name="compile_file")
def _compile_file() -> Compile:
    return compile_file


@pytest.fixture(name="document")
def _document() -> Callable[[Example], str]:
    return document
