"""Shares of discounts, shipping and tax, and documents that sum up however an order is split."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from itertools import pairwise

import plays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from orderloom.engine.money.billing import (
    GIFT_CARD,
    bill,
    credit,
    give_back,
    give_back_rest,
    given_for,
    grant,
    paid,
    pay_or_give_back,
    present,
    record,
    refund_unit,
    refundable,
    take_payment,
    total_left,
)
from orderloom.engine.money.shares import Charge, charge, dealt, resized, shared
from orderloom.engine.order import Customer, Line, Order, Tender
from orderloom.engine.state import OrderState
from orderloom.engine.turn import Turn
from orderloom.engine.unit import Unit, UnitLine

CENT = Decimal("0.01")
money = st.integers(0, 100_000).map(lambda cents: cents * CENT)


def order(*lines: Line, **amounts: object) -> Order:
    return shared(Order("O1", "web", datetime(2026, 3, 2, tzinfo=UTC), Customer("C1"), lines, "USD", **amounts))


#: Scenario 3: two at 60, one at 30, 10 % off, 8 of shipping.
JEANS = order(
    Line("1", "JEAN", 2, Decimal("60.00")),
    Line("2", "BELT", 1, Decimal("30.00")),
    discount=Decimal("15.00"),
    shipping=Decimal("8.00"),
)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    lines = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        quantity, price = draw(st.integers(1, 9)), draw(money)
        discount = min(draw(money), quantity * price)
        lines.append(Line(str(number), "TEE", quantity, price, discount=discount, tax=draw(money)))
    most = sum((line.quantity * line.unit_price - line.discount for line in lines), Decimal(0))
    return order(*lines, discount=min(draw(money), most), shipping=draw(money))


def test_a_discount_and_shipping_are_shared_by_value() -> None:
    jean, belt = JEANS.lines
    assert JEANS.total == Decimal("143.00")
    assert charge(jean, 0, 1, "USD") == Charge("1", 0, 1, Decimal("60.00"), Decimal("6.00"), Decimal("3.20"))
    assert charge(belt, 0, 1, "USD") == Charge("2", 0, 1, Decimal("30.00"), Decimal("3.00"), Decimal("1.60"))


def test_the_first_units_have_the_cents_that_do_not_come_out_even() -> None:
    three = order(Line("1", "TEE", 3, Decimal("10.00")), discount=Decimal("1.00"))
    assert [charge(three.lines[0], first, 1, "USD").discount for first in range(3)] == [
        Decimal("0.34"),
        Decimal("0.33"),
        Decimal("0.33"),
    ]


def test_shares_are_whole_in_a_currency_without_cents() -> None:
    lines = tuple(Line(str(n), "TEE", 1, Decimal(100)) for n in range(3))
    yen = shared(Order("O1", "web", datetime(2026, 3, 2, tzinfo=UTC), Customer("C1"), lines, "JPY", discount=Decimal(100)))
    assert [line.discount for line in yen.lines] == [34, 33, 33]


@given(st.integers(0, 10_000), st.lists(st.integers(0, 1000).map(Decimal), min_size=1, max_size=9))
def test_what_is_dealt_out_sums_up_and_no_share_is_off_by_a_step(cents: int, weights: list[Decimal]) -> None:
    amount = cents * CENT
    shares = dealt(amount, weights, CENT)
    assert sum(shares) == amount
    total = sum(weights) or len(weights)
    for share, weight in zip(shares, weights if sum(weights) else [Decimal(1)] * len(weights), strict=True):
        assert abs(share - amount * weight / total) < CENT


@given(orders(), st.data())
def test_the_charges_of_all_parts_come_to_the_order(whole: Order, data: st.DataObject) -> None:
    parts = []
    for line in whole.lines:
        cuts = sorted({0, line.quantity, *data.draw(st.lists(st.integers(0, line.quantity), max_size=3))})
        parts += [charge(line, first, last - first, "USD") for first, last in pairwise(cuts)]
    assert sum(part.amount for part in parts) == whole.total


a_world = cache(plays.world)


@given(orders(), st.data())
def test_units_keep_their_shares_when_a_line_is_resized(whole: Order, data: st.DataObject) -> None:
    for line in whole.lines:
        other = resized(line, data.draw(st.integers(1, 12)), "USD")
        for unit in range(min(line.quantity, other.quantity)):
            assert charge(other, unit, 1, "USD") == charge(line, unit, 1, "USD")
        assert other.discount <= other.quantity * other.unit_price


def turn(of: Order, *units: tuple[str, str, int]) -> Turn:
    """A turn of an order with these units of work: their id, a line and how many of it."""
    at, day = of.placed_at, of.placed_at.date()
    made = {
        id: Unit(id, "DC1", "ship", "ground", "on-hand", (UnitLine(line, "TEE", many, "here"),), at, day, day)
        for id, line, many in units
    }
    world = a_world()
    return Turn(world, OrderState(of, "digest", units=made), at, world.stock)


@settings(deadline=None)
@given(orders(), st.data())
def test_invoices_of_any_split_come_to_the_total_and_refunds_to_no_more(whole: Order, data: st.DataObject) -> None:
    units = []
    for line in whole.lines:
        cuts = sorted({0, line.quantity, *data.draw(st.lists(st.integers(0, line.quantity), max_size=2))})
        units += [(f"U{line.id}-{first}", line.id, last - first) for first, last in pairwise(cuts)]
    now = turn(whole, *units)
    for id, _, _ in data.draw(st.permutations(units)):
        bill(now, now.state.units[id])
        bill(now, now.state.units[id])
    assert sum(d.amount for d in now.state.documents) == whole.total == paid(now.state)
    for id, _, _ in units:
        refund_unit(now, now.state.units[id])
        refund_unit(now, now.state.units[id])
    assert sum(d.amount for d in now.state.documents if d.kind == "refund") == whole.total
    assert give_back(now, Decimal(1)) == 0 == paid(now.state)


def test_refunds_go_to_the_tenders_that_paid() -> None:
    by_two = replace(JEANS, payments=(Tender("gift card", Decimal("40.00"), "G7"), Tender("card", Decimal("103.00"))))
    now = turn(by_two)
    take_payment(now)
    take_payment(now)
    assert give_back(now, Decimal("57.20")) == Decimal("57.20")
    assert give_back(now, Decimal("100.00")) == Decimal("85.80")
    assert [(d.kind, d.tender, d.amount) for d in now.state.documents] == [
        ("payment", "gift card", Decimal("40.00")),
        ("payment", "card", Decimal("103.00")),
        ("refund", "gift card", Decimal("40.00")),
        ("refund", "card", Decimal("17.20")),
        ("refund", "card", Decimal("85.80")),
    ]


def test_what_no_tender_pays_is_paid_where_it_was_sold() -> None:
    now = turn(replace(JEANS, payments=(Tender("gift card", Decimal("40.00")),), selling_node="S1"))
    take_payment(now)
    assert [(d.tender, d.amount, d.node) for d in now.state.documents] == [
        ("gift card", Decimal("40.00"), "S1"),
        ("", Decimal("103.00"), "S1"),
    ]


def test_what_was_lost_and_refunded_is_not_kept_back_from_what_is_given_up() -> None:
    two = order(Line("1", "TEE", 1, Decimal("50.00")), Line("2", "TEE", 1, Decimal("50.00")))
    now = turn(two, ("U1", "1", 1))
    take_payment(now)
    bill(now, now.state.units["U1"])
    refund_unit(now, now.state.units["U1"])
    now.change(cancelled={"2": 1})
    give_back_rest(now)
    assert paid(now.state) == 0


MUGS = order(Line("1", "TEE", 2, Decimal("12.00")))  #: in two units of work


def test_what_was_given_of_a_unit_does_not_come_again_when_it_is_lost() -> None:
    now = turn(MUGS, ("U1", "1", 1), ("U2", "1", 1))
    take_payment(now)
    bill(now, now.state.units["U1"])
    grant(now, (refundable(now.state, "1", 0, 1),))
    refund_unit(now, now.state.units["U1"])
    assert paid(now.state) == Decimal("12.00")


def test_what_a_gift_card_took_off_a_unit_is_named_and_is_what_is_missing_of_its_worth() -> None:
    now = turn(MUGS, ("U1", "1", 1), ("U2", "1", 1))
    take_payment(now)
    ten = replace(refundable(now.state, "1", 0, 1), price=Decimal(10), discount=Decimal(0), tax=Decimal(0))
    present(now, GIFT_CARD, Decimal(10), charges=(ten,))
    assert refundable(now.state, "1", 0, 1).amount == Decimal("2.00")
    [(name, amount)] = given_for(now.state, "1", 0, 1).items()
    assert (name, amount) == (f"gift-card {now.state.documents[-1].number}", 10)
    assert given_for(now.state, "1", 1, 1) == {}


def test_what_was_lost_and_refunded_is_worth_nothing_any_more() -> None:
    now = turn(MUGS, ("U1", "1", 1), ("U2", "1", 1))
    take_payment(now)
    bill(now, now.state.units["U1"])
    bill(now, now.state.units["U2"])
    refund_unit(now, now.state.units["U1"])
    assert [refundable(now.state, "1", unit, 1).amount for unit in range(2)] == [0, Decimal("12.00")]


def test_a_unit_that_nobody_has_paid_for_gets_nothing_of_what_another_was_paid() -> None:
    now = turn(MUGS, ("U1", "1", 1), ("U2", "1", 1))
    now.change(asks_money=True)
    for id in ("U1", "U2"):
        bill(now, now.state.units[id])
    assert paid(now.state) == 0, "what a bank was asked for is paid when it says so"
    record(now, "payment", Decimal("12.00"), "card", "U2")
    refund_unit(now, now.state.units["U1"])
    assert paid(now.state) == Decimal("12.00")
    refund_unit(now, now.state.units["U2"])
    assert paid(now.state) == 0


def test_other_goods_are_paid_as_any_where_a_bank_takes_the_money() -> None:
    now = turn(MUGS, ("U1", "1", 2))
    now.change(asks_money=True)
    record(now, "payment", Decimal("24.00"), "card", "U1")
    pay_or_give_back(now, Decimal("700.00"), Decimal("12.00"), now.state.units["U1"])
    assert [(d.kind, d.amount) for d in now.state.documents] == [("payment", Decimal("24.00")), ("refund", Decimal("12.00"))]


def test_what_is_given_up_is_not_owed() -> None:
    state = OrderState(JEANS, "digest", cancelled={"1": 1})
    assert total_left(state) == Decimal("143.00") - Decimal("57.20")


def test_what_was_taken_back_is_credited_and_billed_again() -> None:
    """The first of three has the odd cent of the discount; whoever brings that unit later bills it with that."""
    three = order(Line("1", "TEE", 3, Decimal("10.00")), discount=Decimal("1.00"))
    now = turn(three, ("U1", "1", 1), ("U2", "1", 2), ("U3", "1", 1))
    for unit in ("U1", "U2"):
        bill(now, now.state.units[unit])
    credit(now, now.state.units["U1"])
    credit(now, now.state.units["U1"])
    assert paid(now.state) == Decimal("19.34")
    bill(now, now.state.units["U3"])
    assert [(d.kind, d.unit, d.amount) for d in now.state.documents] == [
        ("invoice", "U1", Decimal("9.66")),
        ("invoice", "U2", Decimal("19.34")),
        ("credit-memo", "U1", Decimal("9.66")),
        ("invoice", "U3", Decimal("9.66")),
    ]
    assert paid(now.state) == three.total


def test_units_that_come_back_are_worth_their_share_and_no_more_than_is_left_of_it() -> None:
    """Scenario 3: 54.00, and 57.20 where its shipping is given back, too."""
    now = turn(JEANS)
    take_payment(now)
    assert refundable(now.state, "1", 0, 1).amount == Decimal("54.00")
    assert refundable(now.state, "1", 1, 1, shipping=True).amount == Decimal("57.20")
    assert grant(now, (replace(refundable(now.state, "1", 0, 1), price=Decimal(16), discount=Decimal(0), tax=Decimal(0)),)) == 16
    assert refundable(now.state, "1", 0, 1).amount == Decimal("38.00")
    assert refundable(now.state, "1", 0, 2).amount == Decimal("92.00")
    assert refundable(now.state, "1", 1, 1).amount == Decimal("54.00")


@given(orders(), st.data())
def test_what_was_given_of_several_units_was_given_of_each_to_the_cent(whole: Order, data: st.DataObject) -> None:
    now = turn(whole)
    take_payment(now)
    line = data.draw(st.sampled_from(whole.lines))
    first = data.draw(st.integers(0, line.quantity - 1))
    count = data.draw(st.integers(1, line.quantity - first))
    grant(now, (refundable(now.state, line.id, first, count, shipping=True),))
    for unit in range(line.quantity):
        left = refundable(now.state, line.id, unit, 1, shipping=True).amount
        assert left == (0 if first <= unit < first + count else charge(line, unit, 1, "USD").amount)


def test_what_was_granted_is_not_kept_back_from_what_is_given_up() -> None:
    two = order(Line("1", "LAMP", 1, Decimal("80.00")), Line("2", "TEE", 1, Decimal("50.00")))
    now = turn(two)
    take_payment(now)
    grant(now, (Charge("1", 0, 1, Decimal("16.00")),))
    now.change(cancelled={"2": 1})
    give_back_rest(now)
    assert paid(now.state) == Decimal("64.00") == refundable(now.state, "1", 0, 1).amount
    now.change(cancelled={"1": 1, "2": 1})
    give_back_rest(now)
    assert paid(now.state) == 0


@given(orders(), st.booleans(), st.data())
def test_whatever_is_granted_of_units_no_more_goes_back_than_was_paid(whole: Order, pays: bool, data: st.DataObject) -> None:
    now = turn(whole, *((f"U{line.id}", line.id, line.quantity) for line in whole.lines))
    if pays:
        take_payment(now)
    for unit in now.state.units.values():
        bill(now, unit)
    for _ in range(data.draw(st.integers(0, 6))):
        line = data.draw(st.sampled_from(whole.lines))
        first = data.draw(st.integers(0, line.quantity - 1))
        count = data.draw(st.integers(1, line.quantity - first))
        most = refundable(now.state, line.id, first, count, shipping=data.draw(st.booleans()))
        some = data.draw(st.integers(0, 100)) if data.draw(st.booleans()) else 100
        given = (most.amount * some / 100).quantize(CENT)
        grant(now, (Charge(line.id, first, count, given),))
    assert 0 <= paid(now.state) <= whole.total
    for line in whole.lines:
        for first in range(line.quantity):
            back = grant(now, (refundable(now.state, line.id, first, 1, shipping=True),))
            assert 0 <= back <= charge(line, first, 1, "USD").amount
    assert paid(now.state) >= 0


def test_a_set_is_billed_with_its_last_component() -> None:
    kit = order(
        Line("1", "SET", 1, Decimal("10.00"), bill="set"),
        Line("1.a", "A", 1, Decimal(0), part_of="1"),
        Line("1.b", "B", 1, Decimal(0), part_of="1"),
    )
    now = turn(kit, ("U1", "1.a", 1), ("U2", "1.b", 1))
    bill(now, now.state.units["U1"])
    bill(now, now.state.units["U2"])
    assert [(d.unit, d.amount) for d in now.state.documents] == [("U1", Decimal(0)), ("U2", Decimal("10.00"))]


@pytest.mark.parametrize("amount", [Decimal(0), Decimal("-5.00")])
def test_nothing_is_given_back_where_nothing_is_owed(amount: Decimal) -> None:
    now = turn(JEANS)
    take_payment(now)
    assert give_back(now, amount) == 0
    assert len(now.state.documents) == 1
