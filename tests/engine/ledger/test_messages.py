"""Laws of messages about stock: what is told in whatever order comes to what was counted and what moved."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from orderloom.engine.ledger.messages import (
    Adjustment,
    Count,
    Moved,
    SupplyReceipt,
    adjusted,
    changed,
    counted,
    missing,
    received,
)
from orderloom.engine.ledger.stock import ON_HAND, Entry, Position, Stock, Supply
from orderloom.engine.refused import Refused

KEY = ("TEE", "S1")
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
UNITS = st.integers(0, 9)


@st.composite
def positions(draw: st.DrawFn) -> Position:
    """A position with units on hand and a supply of which some have come; any of both may be claimed, or claimed and missing."""
    here, claimed = draw(UNITS), draw(UNITS)
    on_hand = Supply("OH", *KEY, ON_HAND, max(here, claimed), reserved=claimed, received=here)
    quantity = draw(UNITS)
    some = st.integers(0, quantity)
    supply = Supply("PO", *KEY, "on-order", quantity, date(2026, 3, 6), reserved=draw(some), received=draw(some))
    return Position(*KEY, supplies=(on_hand, supply))


def after(position: Position, entries: tuple[Entry, ...]) -> Position:
    found = Stock({KEY: position}, {}).post(entries).position(*KEY)
    assert found is not None
    return found


def claims(position: Position) -> int:
    return sum(supply.reserved for supply in position.supplies)


@given(positions(), st.integers(-20, 20))
def test_a_change_is_on_hand_and_touches_no_claim(position: Position, change: int) -> None:
    change = max(change, -position.on_hand)
    now = after(position, tuple(changed(position, *KEY, "good", change)))
    assert now.on_hand == position.on_hand + change
    assert claims(now) == claims(position)


@given(positions(), st.integers(0, 18))
def test_only_claimed_units_are_missing(position: Position, fewer: int) -> None:
    """As long as there is anything that nobody has claimed, no claimed unit is missing that was there before."""
    fewer = min(fewer, position.on_hand)
    now = after(position, tuple(changed(position, *KEY, "good", -fewer)))
    free = sum(part.unreserved for part in position.parts if part.type == ON_HAND and part.received >= part.reserved)
    if fewer <= free:
        assert missing(now) == missing(position)
    else:
        assert sum(part.unreserved for part in now.parts if part.type == ON_HAND) <= 0


@given(positions(), UNITS, st.dictionaries(st.sampled_from(["OH", "PO"]), st.integers(-5, 5)))
def test_a_count_is_what_was_counted_and_what_moved_since(position: Position, quantity: int, moved: dict[str, int]) -> None:
    now = after(position, counted(position, Count(*KEY, quantity), Moved(moved)))
    assert now.on_hand == max(0, quantity + sum(moved.values()))


@given(positions(), st.integers(1, 9), UNITS)
def test_a_receipt_brings_what_did_not_ship_before(position: Position, quantity: int, presumed: int) -> None:
    supply = position.supplies[1]
    now = after(position, received(supply, SupplyReceipt("R1", "PO", quantity, NOON), presumed)).supplies[1]
    assert now.received == supply.received + max(0, quantity - presumed)
    assert now.quantity == max(supply.quantity, now.received)
    assert now.reserved == supply.reserved


@given(positions(), st.integers(-20, 20))
def test_an_adjustment_never_leaves_less_than_nothing(position: Position, quantity: int) -> None:
    entries = adjusted(position, Adjustment("A1", *KEY, quantity, NOON), None)
    if isinstance(entries, Refused):
        assert position.on_hand + quantity < 0
    else:
        assert after(position, entries).on_hand == position.on_hand + quantity
