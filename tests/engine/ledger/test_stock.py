"""The ledger as a value: quantities are conserved, nothing is claimed twice, and a turn can be forgotten."""

from __future__ import annotations

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderloom.engine.ledger.stock import Entry, Oversold, Position, Stock, Supply

DAY = date(2026, 3, 2)
KINDS = ("reserve", "release", "ship")


def stock(quantity: int) -> Stock:
    supply = Supply("on-hand", "TEE", "S1", "on-hand", quantity)
    return Stock({("TEE", "S1"): Position("TEE", "S1", supplies=(supply,))}, {})


def supply_of(of: Stock) -> Supply:
    position = of.position("TEE", "S1")
    assert position is not None
    return position.supplies[0]


def entry(kind: str, quantity: int) -> Entry:
    return Entry(kind, "TEE", "S1", "on-hand", quantity, "o1", "1", DAY)  # type: ignore[arg-type]


def test_a_claim_is_taken_out_when_it_ships() -> None:
    after = stock(5).post([entry("reserve", 3), entry("ship", 2), entry("release", 1)])
    assert (supply_of(after).quantity, supply_of(after).reserved) == (3, 0)
    assert after.load("S1", DAY) == 2


@pytest.mark.parametrize("entries", [[("reserve", 6)], [("ship", 1)], [("reserve", 2), ("release", 3)]])
def test_more_than_there_is_cannot_be_claimed(entries: list[tuple[str, int]]) -> None:
    with pytest.raises(Oversold):
        stock(5).post(entry(kind, quantity) for kind, quantity in entries)


def test_an_entry_for_a_position_that_never_was_is_our_fault() -> None:
    with pytest.raises(Oversold):
        stock(5).post([Entry("reserve", "HAT", "S1", "on-hand", 1)])


def test_quarantine_touches_no_quantity() -> None:
    after = stock(5).post([entry("reserve", 2), Entry("quarantine", "TEE", "S1")])
    position = after.position("TEE", "S1")
    assert position is not None
    assert position.quarantined
    assert supply_of(after).unreserved == 3


@given(st.integers(0, 20), st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 8)), max_size=20))
def test_quantity_is_conserved(opening: int, moves: list[tuple[str, int]]) -> None:
    now, shipped, claimed = stock(opening), 0, 0
    for kind, quantity in moves:
        try:
            now = now.post([entry(kind, quantity)])
        except Oversold:
            continue
        shipped += quantity if kind == "ship" else 0
        claimed += quantity if kind == "reserve" else -quantity
    assert supply_of(now).quantity + shipped == opening
    assert supply_of(now).reserved == claimed
    assert 0 <= claimed <= opening


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 8)), max_size=8))
def test_posting_changes_no_earlier_stock(moves: list[tuple[str, int]]) -> None:
    before = stock(10)
    for kind, quantity in moves:
        with contextlib.suppress(Oversold):
            before.post([entry(kind, quantity)])
    assert supply_of(before) == supply_of(stock(10))
    assert before.load("S1", DAY) == 0
