"""Every character of a scalar is found again in the file, whatever its style."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.dsl.nodes import Map, Scalar
from orderloom.dsl.reader import read
from orderloom.dsl.source import Source

ABOVE = "# Größe: 日本 😀\n"

STYLES = {
    "plain": "a: order.total > limit\n",
    "plain on two lines": "a: order.total\n    > limit\n",
    "plain with a blank line": "a: order.total\n\n    > limit\n",
    "single quotes": "a: 'order.name = \"O''Hara\" > limit'\n",
    "single quotes on two lines": "a: 'order.total\n    > limit'\n",
    "double quotes": 'a: "order.name = \\"x\\" \\u00e9 \\x41 > limit"\n',
    "double quotes continued": 'a: "order.total \\\n    > limit"\n',
    "literal": "a: |\n    order.total\n      > limit\n",
    "literal with hint and strip": "a: |2-\n    order.total\n    > limit\n",
    "folded": "a: >-\n    order.total\n    > limit\n",
    "folded with blank lines": "a: >\n    order.total\n\n    and 日本\n    > limit\n",
    "behind an anchor": "a: &here order.total > limit\n",
    "in a flow map": "a: { b: order.total > limit }\n",
    "carriage returns": "a: |\r\n    order.total\r\n    > limit\r\n",
}


def first_scalar(text: str) -> Scalar:
    nodes, found = read(Source("a.yaml", text.encode()))
    assert not found
    node = nodes[0]
    while isinstance(node, Map):
        node = node.entries[0].value
    assert isinstance(node, Scalar)
    return node


@pytest.mark.parametrize("style", STYLES)
def test_a_word_is_found_at_its_place(style: str) -> None:
    text = ABOVE + STYLES[style]
    scalar = first_scalar(text)
    start = scalar.text.index("limit")
    span = scalar.part(start, start + len("limit"))
    assert span.text == "limit"
    assert (span.line, span.column) == place(text, "limit")


def place(text: str, word: str) -> tuple[int, int]:
    before = text[: text.index(word)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


WORDS = st.lists(st.text("abcxyzéß日😀0123456789", min_size=1, max_size=5), min_size=1, max_size=8)


@given(WORDS, st.sampled_from(["plain", "'", '"', "|", ">"]), st.data())
def test_every_character_is_found(words: list[str], style: str, data: st.DataObject) -> None:
    gaps = [data.draw(st.sampled_from([" ", "\n    "] if style in ("plain", "'", '"') else ["\n    ", " "])) for _ in words]
    body = "".join(word + gap for word, gap in zip(words, gaps, strict=True)).rstrip()
    written = {"plain": f"k{body}", "'": f"'{body}'", '"': f'"{body}"'}.get(style, f"{style}\n    {body}")
    scalar = first_scalar(f"{ABOVE}a: {written}\n")
    for at, character in enumerate(scalar.text.rstrip("\n")):
        if not character.isspace():
            assert scalar.part(at, at + 1).text == character


def test_the_end_of_a_text_has_a_place() -> None:
    scalar = first_scalar("a: one + \n")
    assert scalar.part(5, 5).column == scalar.part(4, 5).column + 1
    assert first_scalar('a: ""\n').part(0, 0).column == 4
