"""The law of appeasements: whatever is asked and granted in whatever order, limits hold and nobody gets more than was paid."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from orderloom.adapters.scenarios.given import props_of
from orderloom.adapters.simulator import simulated
from orderloom.adapters.stage import Stage, stage
from orderloom.dsl.compile import compile_workspace
from orderloom.engine import wire
from orderloom.engine.appeasements.appeasement import COUNTS, GRANTED
from orderloom.engine.appeasements.case import Case
from orderloom.engine.audit import audit
from orderloom.engine.desk.appeasing import Accepted, accept, offered
from orderloom.engine.money.billing import CREDIT, GIFT_CARD, REFUND, paid, refundable
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.refused import Refused
from orderloom.engine.shell.asking import resolve
from orderloom.engine.store import queries
from orderloom.engine.store.appeasements import Kept, appeasements

COMPILED = compile_workspace(Path(__file__).parents[2] / "scenarios" / "world-w")
assert COMPILED.program is not None
PROGRAM = COMPILED.program
GIVEN = {
    "items": {"LAMP": {"unit_cost": 30}},
    "nodes": {"DC1": {"type": "dc", "region": "EAST", "calendar": "weekdays", "base": 5, "handling": 1, "transit": 2}},
    "stock": {"DC1": {"LAMP": 100}},
}
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
Ask = tuple[str, int, str, tuple[str, str], str, str | None, int]
QUARTER = timedelta(days=90)
WHO = st.sampled_from([("csr", "ann"), ("csr", "ben"), ("csr-lead", "leo")])
ASKS = st.tuples(
    st.sampled_from(["A", "B"]),
    st.integers(1, 2),
    st.sampled_from(["late", "cosmetic damage"]),
    WHO,
    st.sampled_from(["discount-now", "gift-card"]),
    st.sampled_from(["approve", "reject", None]),
    st.sampled_from([0, 1, 45, 90]),
)


def two_orders(prices: tuple[Decimal, Decimal]) -> Stage:
    """Two orders of one customer, of three lamps each, all delivered."""
    made, problems = props_of(GIVEN, PROGRAM)
    assert not problems
    found = stage(PROGRAM, made, NOW, simulated(PROGRAM))
    who = Customer("C", attributes={"tier": "gold"})
    weighed = {"date": "weighed", "late_penalty": Decimal(0)}
    for id, price in zip("AB", prices, strict=True):
        line = Line("1", "LAMP", 3, price)
        found.submit(Order(id, "web", NOW, who, (line,), "USD", ship_to=Address(region="EAST"), attributes=weighed))
    found.run(NOW + timedelta(days=5))
    return found


def play(found: Stage, asks: list[Ask]) -> None:
    for order, quantity, reason, (role, by), offer, option, days in asks:
        found.run(found.now + timedelta(days=days))
        case = Case("1", reason, quantity=quantity, role=role, by=by)
        made = offered(found.store, found.programs, order, case, found.now)
        if not isinstance(made, Refused):
            costs = [each.cost for each in made.made]
            assert costs == sorted(costs)
            assert all(each.because for each in made.blocked)
            assert {each.offer for each in (*made.made, *made.blocked)} == {"discount-now", "gift-card"}
        taken = accept(found.store, found.programs, order, case, offer, found.now)
        found.run()
        if isinstance(taken, Accepted):
            assert not isinstance(made, Refused) and offer in {each.offer for each in made.made}
            kept = next(each for each in appeasements(found.store, order) if each.id == taken.appeasement.id)
            if kept.exception is not None and option is not None:
                assert resolve(found.store, order, kept.exception, option, "leo", found.now, "", PROGRAM.people) is None
                found.run()


def assert_kept(found: Stage) -> None:
    kept = appeasements(found.store, customer="C", limit=1000)
    counted = [each for each in kept if each.status in COUNTS]
    for each in counted:  # within every 90 days no more than 50.00, and of a line no more than 30 %
        window = [other.amount for other in counted if each.at - QUARTER < other.at <= each.at]
        assert sum(window) <= 50
    for id in "AB":
        whole = queries.order(found.store, id)
        assert whole is not None and whole.state is not None
        state, own = whole.state, [each for each in counted if each.order == id]
        line = state.order.lines[0]
        assert sum(each.amount for each in own) <= Decimal("0.30") * line.unit_price * 3
        credited = sum((each.amount for each in state.documents if each.kind == CREDIT), Decimal(0))
        assert credited == sum(each.amount for each in own if each.status == GRANTED and each.kind == "percent")
        assert credited == sum(each.amount for each in state.documents if each.kind == REFUND) <= state.order.total
        assert paid(state) == state.order.total - credited
        given = credited + sum((each.amount for each in state.documents if each.kind == GIFT_CARD), Decimal(0))
        assert sum(refundable(state, "1", unit, 1).amount for unit in range(3)) >= state.order.total - given
        assert all(within(each) for each in own)
    assert audit(found.store) == ()


def within(each: Kept) -> bool:
    """Nobody granted by himself more than he may."""
    may = {"ann": 20, "ben": 10, "leo": 50}[each.by]
    return each.amount <= may if each.approve is None else may < each.amount <= 50


def test_the_audit_finds_what_nobody_can_decide() -> None:
    found = two_orders((Decimal(80), Decimal(80)))
    case = Case("1", "late", quantity=1, role="csr", by="ben")
    taken = accept(found.store, found.programs, "A", case, "discount-now", found.now)
    assert isinstance(taken, Accepted)
    found.run(found.now + timedelta(minutes=1))
    whole = queries.order(found.store, "A")
    assert whole is not None and whole.state is not None and whole.state.ended
    assert audit(found.store) == ()
    (issue,) = whole.state.exceptions
    with found.store.writing() as connection:
        text = wire.dump_state(replace(whole.state, exceptions={}))
        connection.exec_driver_sql("UPDATE orders SET state = ? WHERE id = 'A'", (text,))
    laws = {each.law: each.because for each in audit(found.store)}
    assert laws["somebody can decide what waits for an agreement"] == f"{taken.appeasement.id} waits, and {issue} is not open"
    found.store.close()


PRICES = st.tuples(*[st.decimals(Decimal("3.33"), Decimal("150"), places=2)] * 2)


@given(PRICES, st.lists(ASKS, max_size=6))
@settings(max_examples=6, deadline=None)
def test_limits_hold_whatever_is_granted(prices: tuple[Decimal, Decimal], asks: list[Ask]) -> None:
    found = two_orders(prices)
    play(found, asks)
    assert_kept(found)
    found.store.close()


@pytest.mark.soak
@given(PRICES, st.lists(ASKS, max_size=25))
@settings(max_examples=400, deadline=None)
def test_limits_hold_whatever_is_granted_for_long(prices: tuple[Decimal, Decimal], asks: list[Ask]) -> None:
    found = two_orders(prices)
    play(found, asks)
    assert_kept(found)
    found.store.close()
