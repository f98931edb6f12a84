"""Figures of a store that was played through by hand."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from orderloom.adapters.assignment import write_assignment
from orderloom.adapters.figures import Figures, figures
from orderloom.adapters.imports.kinds import kinds
from orderloom.adapters.simulator import simulated
from orderloom.adapters.standing import standing
from orderloom.adapters.versions import deploy_version, versions
from orderloom.dsl.compile import compile_pack
from orderloom.dsl.packs import pack_sources
from orderloom.engine.catalog import Item, Node
from orderloom.engine.ledger.stock import Position, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, open_store, queries

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
HERE = Address(zip="60601", lat=Decimal("41.88"), lon=Decimal("-87.62"))
OWN: dict[str, object] = {
    "divisions": ["RETAIL"],
    "handling_cost": Decimal(1),
    "shipment_fee": Decimal(0),
    "lead_days": Decimal(0),
}


def order(id: str, quantity: int, **fields: object) -> Order:
    line = Line("1", "TEE", quantity, Decimal(20), str(fields.pop("method", "ship")))
    customer = Customer("C1", attributes={"tier": "standard"})
    return Order(id, "web", AT, customer, (line,), "USD", division="RETAIL", ship_to=HERE, **fields)  # type: ignore[arg-type]


def play(orders: list[Order], on_hand: int, inbound: int = 0) -> Store:
    """A DC a few miles from the customer, with so much of an item, plays these orders to their end, by the main answers."""
    program = compile_pack("retail").program
    store = open_store("sqlite://", "retail")
    assert program is not None
    assert isinstance(store, Store)
    deploy_version(store, program, pack_sources("retail"), AT)
    kind = kinds(store, program, AT, None)
    node = Node("DC1", "dc", lat=HERE.lat, lon=HERE.lon, attributes=OWN)
    kind["nodes"].write([node, Node("S1", "store", lat=HERE.lat, lon=HERE.lon, attributes=OWN)])
    kind["items"].write([Item("TEE", weight=Decimal(1), attributes={"unit_cost": Decimal(8)})])
    kind["stock"].write([Position("TEE", "DC1", supplies=(Supply("TEE@DC1", "TEE", "DC1", "on-hand", on_hand),))])
    if inbound:
        kind["supply"].write([Supply("PO1", "TEE", "DC1", "in-transit", inbound, date(2026, 3, 8))])
    kind["orders"].write(orders)
    forced = {("fulfiller", "pick-request"): "picked", ("carrier", "transport-request"): "delivered"}
    Worker(store, versions(store), simulated(program, forced=forced), SimulatedClock(store, timedelta(0))).run_until_idle()
    return store


@pytest.fixture(scope="module")
def played() -> Iterator[Store]:
    """Three units on hand, two inbound: W1 takes two at once, W2 one at once and two later, W3 finds nothing."""
    store = play([order("W1", 2), order("W2", 3), order("W3", 1)], on_hand=3, inbound=2)
    yield store
    store.close()


@pytest.fixture(scope="module")
def found(played: Store) -> Figures:
    return figures(played, "UTC")


def test_orders_by_channel_and_outcome(found: Figures) -> None:
    assert found.orders == {("web", "delivered"): 2, ("web", "cancelled"): 1}


def test_lines_and_units(found: Figures) -> None:
    assert (found.lines["all"], found.lines["filled"], found.lines["cancelled"], found.lines["cancelled in part"]) == (3, 2, 1, 0)
    assert found.lines["backordered"] == 1
    assert found.units == {"ordered": 6, "shipped": 5, "delivered": 5, "cancelled": 1}


def test_every_promise_was_kept(found: Figures) -> None:
    assert found.promises == {"kept": found.promises["kept"]}
    assert found.promises["kept"] >= 2


def test_the_cost_of_what_was_cancelled(found: Figures) -> None:
    assert found.costs["cancel"] == Decimal(32)  # 20 for a standard customer, and the margin of 20 - 8
    assert found.costs["handling"] == Decimal(5)


def test_nothing_needed_a_decision(found: Figures) -> None:
    assert found.exceptions == {}


def test_the_assignment_names_the_pools(played: Store, tmp_path: Path) -> None:
    write_assignment(played, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = [(row["order_id"], row["node"], int(row["qty"]), row["pool"]) for row in csv.DictReader(file)]
    assert sum(quantity for _, _, quantity, pool in rows if pool == "OH") == 3
    assert sum(quantity for _, _, quantity, pool in rows if pool == "PO1") == 2
    assert {node for _, node, _, _ in rows} == {"DC1"}


def test_where_an_order_stands_that_waits_for_somebody() -> None:
    store = play([order("W1", 1, document_type="quote")], on_hand=1)
    whole = queries.order(store, "W1")
    assert whole is not None
    assert whole.state is not None
    assert standing(whole.state) == "exception: no-way-forward"
    assert figures(store, "UTC").exceptions == {("no-way-forward", "open"): 1}
    store.close()
