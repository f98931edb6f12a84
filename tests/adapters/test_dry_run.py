"""The dry run: one order to its end, exactly the same every time, with nothing written where it came from."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest

from orderloom.adapters.dry_run import DryRun, Forced, run_dry
from orderloom.adapters.props import Props, props_in_store
from orderloom.adapters.stage import stage
from orderloom.dsl.compile import compile_pack
from orderloom.dsl.program import Program
from orderloom.engine.catalog import Item, Node
from orderloom.engine.ledger.stock import Position, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.store import queries

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
DAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def program() -> Program:
    compiled = compile_pack("retail").program
    assert compiled is not None
    return compiled


def node(name: str, type: str, lat: int, **attributes: object) -> Node:
    own = {
        "handling_cost": Decimal(1),
        "shipment_fee": Decimal(0),
        "lead_days": 0,
        "divisions": ["RETAIL"],
        "capacity_per_day": 100,
    }
    return Node(name, type, lat=Decimal(lat), lon=Decimal(-75), attributes=own | attributes)


def position(node: str, quantity: int, reserved: int = 0) -> Position:
    return Position("MUG", node, supplies=(Supply(f"MUG@{node}", "MUG", node, "on-hand", quantity, reserved=reserved),))


MUG = Item("MUG", weight=Decimal(1), attributes={"unit_price": Decimal(12), "unit_cost": Decimal(5), "markdown": Decimal(0)})
NEAR, FAR = node("NEAR", "dc", 41), node("FAR", "dc", 45)
VENDOR = node("VENDOR", "supplier", 41, lead_days=2)
TWO = Order(
    id="ORDER-1",
    channel="web",
    placed_at=MONDAY,
    customer=Customer("ANN", attributes={"tier": "standard"}),
    lines=(Line("1", "MUG", 2, Decimal(12)),),
    currency="USD",
    division="RETAIL",
    ship_to=Address(lat=Decimal(40), lon=Decimal(-75)),
)


def run(program: Program, *positions: Position, order: Order = TWO, forced: Forced | None = None) -> DryRun:
    return run_dry(program, order, Props((MUG,), (NEAR, FAR, VENDOR), positions), forced=forced)


def steps(done: DryRun, subject: str) -> list[str]:
    return [passage.step for passage in done.path if passage.subject == subject]


def test_the_order_is_played_to_its_end(program: Program) -> None:
    result = run(program, position("NEAR", 5))
    assert (result.status, result.outcome, result.faults) == ("delivered", "delivered", ())
    assert steps(result, "order") == ["check", "source", "fulfil", "confirm", "work", "outcome", "delivered"]
    assert steps(result, "ORDER-1-1")[-1] == "delivered"
    assert [passage.at for passage in result.path] == sorted(passage.at for passage in result.path)
    assert [shipment.node for shipment in result.sources] == ["NEAR"]
    assert [promise.deliver_on for promise in result.promises] == [date(2026, 3, 3)]
    assert [document.amount for document in result.documents] == [Decimal(24)]
    assert [message.message for message in result.messages] == [
        "order-confirmed", "pick-request", "pack-request", "shipped", "transport-request",
    ]  # fmt: skip


def test_it_is_plain_data_and_the_same_every_time(program: Program) -> None:
    one, other = (msgspec.json.encode(run(program, position("NEAR", 5))) for _ in range(2))
    assert one == other


def test_a_forced_reply_takes_the_other_way(program: Program) -> None:
    result = run(program, position("NEAR", 5), position("FAR", 5), forced={("fulfiller", "pick-request"): "short-picked"})
    assert "shortage" in steps(result, "ORDER-1-1")
    assert {shipment.node for shipment in result.sources} == {"NEAR", "FAR"}


def test_an_order_that_waits_for_somebody_has_no_outcome(program: Program) -> None:
    result = run(program, position("VENDOR", 5), forced={("drop-shipper", "drop-ship-order"): "no answer"})
    assert result.outcome is None
    assert [(issue.type, issue.option) for issue in result.exceptions] == [("vendor-silent", None)]


def test_an_order_without_a_source_is_cancelled(program: Program) -> None:
    assert run(program).outcome == "cancelled"


def test_what_other_orders_have_is_not_promised_again(program: Program) -> None:
    result = run(program, position("NEAR", 5, reserved=4), position("FAR", 5))
    assert [shipment.node for shipment in result.sources] == ["FAR"]


def test_a_store_gives_its_props_and_stays_as_it_is(program: Program) -> None:
    real = stage(program, Props((MUG,), (NEAR, FAR), (position("NEAR", 2), position("FAR", 9))), MONDAY)
    real.submit(TWO)
    before = queries.stock(real.store)
    props = props_in_store(real.store, TWO)
    assert {p.node: sum(s.reserved for s in p.supplies) for p in props.positions} == {"NEAR": 2, "FAR": 0}
    assert props.loads == (("NEAR", "", DAY, 2),)
    result = run_dry(program, msgspec.structs.replace(TWO, id="ORDER-2"), props)
    assert [shipment.node for shipment in result.sources] == ["FAR"]
    assert queries.stock(real.store) == before
    assert [order.id for order in queries.orders(real.store)] == ["ORDER-1"]


def test_a_store_gives_what_it_sees_ahead(program: Program) -> None:
    prices = {("MUG", "NEAR"): Decimal("5.00")}
    real = stage(program, Props((MUG,), (NEAR, FAR), (position("NEAR", 9), position("FAR", 9)), prices=prices), MONDAY)
    props = props_in_store(real.store, TWO)
    assert props.prices == prices
    [shipment] = run_dry(program, TWO, props).sources
    assert (shipment.node, shipment.costs["outlook"]) == ("FAR", 0)  # NEAR would cost 0.41 less, and two units 10.00 more
    assert [each.node for each in run(program, position("NEAR", 9), position("FAR", 9)).sources] == ["NEAR"]
