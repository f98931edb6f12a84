from __future__ import annotations

import pytest

from orderloom.dsl.suggest import is_slip, with_hint


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


@pytest.mark.parametrize(
    ("written", "meant", "slip"),
    [
        ("ship-to-custmer", "ship-to-customer", True),
        ("fulfiler", "fulfiller", True),
        ("Unit Price", "unit_price", True),
        ("unitprice", "unit_price", True),
        ("ship-to-customer.fulfil", "ship-to-customer.lost", False),  # the half in which they differ is another word
        ("order-cancelled", "items-cancelled", False),
    ],
)
def test_what_is_put_in_unasked_is_a_slip_away(written: str, meant: str, slip: bool) -> None:
    assert is_slip(written, meant) is slip
