from __future__ import annotations

import pytest

from orderloom.dsl.suggest import with_hint


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (("DC1", "S1"), "there is no node DC2; did you mean DC1?"),
        (("north", "south"), "there is no node DC2; known: north, south"),
        (tuple(f"store-{n}" for n in range(13)), "there is no node DC2"),
        ((), "there is no node DC2"),
    ],
)
def test_a_sentence_ends_where_there_is_no_hint(known: tuple[str, ...], said: str) -> None:
    assert with_hint("there is no node DC2", "DC2", known) == said
