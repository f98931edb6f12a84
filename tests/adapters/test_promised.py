"""Promised against actual, on a retail order that is split by a short pick."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from orderloom.adapters.promised import Kept, arrivals, kept_by_place
from orderloom.adapters.props import Props
from orderloom.adapters.stage import Stage, stage
from orderloom.dsl.compile import compile_pack
from orderloom.dsl.program import Program
from orderloom.engine.catalog import Item, Node
from orderloom.engine.events import Replied
from orderloom.engine.ledger.stock import Position, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.promises.overdue import first_promise
from orderloom.engine.returns.pieces import at_customer
from orderloom.engine.views import delivered

START = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def program() -> Program:
    found = compile_pack("retail").program
    assert found is not None
    return found


def node(name: str, lon: int) -> Node:
    own: dict[str, object] = {"handling_cost": Decimal(1), "shipment_fee": 0, "capacity_per_day": 100, "lead_days": 0}
    place = {"lat": Decimal(40), "lon": Decimal(lon)}
    return Node(name, "dc", **place, attributes=own | {"divisions": ["R"], "gift_wrap": True})


def position(at: str, units: int) -> Position:
    own: dict[str, object] = {"walkin_28d": 0}
    return Position("MUG", at, attributes=own, supplies=(Supply(f"MUG@{at}", "MUG", at, "on-hand", units),))


@pytest.fixture
def shop(program: Program) -> Stage:
    """NEAR is a day's drive from the customer, FAR the width of the country: one day by GROUND, and five."""
    item = Item("MUG", weight=Decimal(1), attributes={"unit_price": Decimal(12), "unit_cost": Decimal(5)})
    props = Props((item,), (node("NEAR", -75), node("FAR", -120)), (position("NEAR", 5), position("FAR", 5)))
    return stage(program, props, START)


def order() -> Order:
    customer = Customer("ANN", attributes={"tier": "standard"})
    line = Line("1", "MUG", 2, Decimal(12))
    return Order("O1", "web", START, customer, (line,), "USD", "R", ship_to=Address(lat=Decimal(40), lon=Decimal(-75)))


def answer(shop: Stage, unit: str, message: str, reply: str, **data: object) -> None:
    told = shop.story("O1")
    assert told is not None
    key = next(m.key for m in reversed(told.messages) if m.message == message and m.body["unit"] == unit)
    shop.tell("O1", Replied(shop.now, key, reply, data))


def arrive(shop: Stage, unit: str, at: datetime) -> None:
    shop.run(at)
    answer(shop, unit, "transport-request", "delivered")


def test_a_unit_that_was_sourced_again_is_held_to_the_first_promise(shop: Stage) -> None:
    """Two mugs are promised from NEAR for 03-03. One is missing: it comes from FAR, promised for 03-07, four days late."""
    shop.submit(order())
    answer(shop, "O1-1", "pick-request", "short-picked", picked={"1": 1})
    answer(shop, "O1-2", "pick-request", "picked")
    for unit in ("O1-1", "O1-2"):
        answer(shop, unit, "pack-request", "packed")
    arrive(shop, "O1-1", datetime(2026, 3, 3, 15, tzinfo=UTC))
    arrive(shop, "O1-2", datetime(2026, 3, 7, 15, tzinfo=UTC))
    found = kept_by_place(shop.store, "UTC")
    assert [(each.node, each.method, each.kept, each.missed, each.mean_days_late) for each in found] == [
        ("FAR", "ship", 0, 1, Decimal("4.00")),
        ("NEAR", "ship", 1, 0, Decimal("0.00")),
    ]
    assert found[0].distribution == {"0": 0, "1": 0, "2": 0, "3-4": 1, "5-7": 0, "8 or more": 0}


def test_days_are_those_of_the_time_zone(shop: Stage) -> None:
    """Two in the night of 03-04 in UTC is still the evening of 03-03 in Chicago."""
    shop.submit(order())
    answer(shop, "O1-1", "pick-request", "picked")
    answer(shop, "O1-1", "pack-request", "packed")
    arrive(shop, "O1-1", datetime(2026, 3, 4, 2, tzinfo=UTC))
    assert [each.missed for each in kept_by_place(shop.store, "UTC")] == [1]
    assert [each.missed for each in kept_by_place(shop.store, "America/Chicago")] == [0]


def test_what_is_on_its_way_is_not_counted(shop: Stage) -> None:
    shop.submit(order())
    assert kept_by_place(shop.store, "UTC") == []


@pytest.mark.parametrize(("outcome", "there"), [("delivered", 1), ("left at the door", 1), ("lost", 0), ("cancelled", 0)])
def test_what_was_lost_never_arrived(shop: Stage, outcome: str, there: int) -> None:
    shop.submit(order())
    unit = replace(next(iter(shop.story("O1").state.units.values())), shipped=True, outcome=outcome)  # type: ignore[union-attr]
    state = replace(shop.story("O1").state, units={unit.id: unit})  # type: ignore[union-attr,type-var]
    assert len(list(arrivals(state, {unit.id: date(2026, 3, 3)}))) == there
    assert unit.arrived is bool(there)
    assert delivered(state.order.line("1"), state) == 2 * there
    assert len(at_customer(state.order.line("1"), state)) == 2 * there


def test_the_first_promise_of_orders_that_were_promised_before_units_had_it(shop: Stage) -> None:
    shop.submit(order())
    told = shop.story("O1")
    assert told is not None
    unit = replace(told.state.units["O1-1"], promised_on=None, shipped=True)
    state = replace(told.state, units={unit.id: unit})
    assert first_promise(unit, state) == date(2026, 3, 3)
    late = date(2026, 3, 3) + timedelta(days=9)
    assert [each.days_late for each in arrivals(state, {"O1-1": late})] == [9]


def test_the_figures_of_a_place() -> None:
    place = Kept("DC1", "ship")
    place.days.update([0, 0, 0, 1, 2, 3, 8])
    assert (place.all, place.kept, place.missed, place.share_kept) == (7, 3, 4, Decimal("42.9"))
    assert place.mean_days_late == Decimal("2.00")
    assert place.distribution == {"0": 3, "1": 1, "2": 1, "3-4": 1, "5-7": 0, "8 or more": 1}
