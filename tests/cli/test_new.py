"""`orderloom new scenario`: an order of a store becomes a test that passes at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from confirming import order

Run = Callable[..., Result]

NODES = "id,type,lat,lon,divisions,handling_cost,shipment_fee,lead_days\nDC1,dc,41,-87,RETAIL,1,0,0\n"
STORE = "S1,store,41.5,-87,RETAIL,2,1,0\n"
ITEMS = "id,title,weight,unit_price,unit_cost,markdown\nTEE,T-shirt,0.4,20,8,0\n"
STOCK = "node,item,on_hand,safety_stock\nDC1,TEE,7,1\nS1,TEE,3,0\n"


@pytest.fixture
def live(run: Run, fill: Callable[[dict[str, str]], Path]) -> Path:
    """A workspace with a store that has worked on two orders."""
    shop = fill({"nodes": NODES + STORE, "items": ITEMS, "stock": STOCK})
    for name, quantity in (("W1", 2), ("W2", 4)):
        (shop / "orders.jsonl").write_text(json.dumps(order(name, quantity)) + "\n")
        assert run("import", "orders", shop / "orders.jsonl", "--dir", shop).exit_code == 0
        assert run("work", "--once", "--dir", shop).exit_code == 0
    return shop


def test_an_order_becomes_a_scenario_that_passes(run: Run, live: Path) -> None:
    result = run("new", "scenario", "--from", "W2", "--dir", live)
    assert (result.exit_code, result.output) == (0, f"wrote {live}/scenarios/W2.yaml\n")
    text = (live / "scenarios/W2.yaml").read_text()
    assert "DC1: { TEE: { on hand: 5, safety stock: 1 } }" in text  # W1 had two of seven
    assert 'lines: [{ id: "1", item: TEE, quantity: 4, unit_price: 20 }]' in text
    tested = run("test", live, "--only", "order W2")
    assert tested.exit_code == 0 and "ok      order W2  (scenarios/W2.yaml:3)" in tested.output
    assert run("fmt", live / "scenarios/W2.yaml", "--check").exit_code == 0


def test_a_file_that_is_there_is_left_alone(run: Run, live: Path) -> None:
    run("new", "scenario", "--from", "W1", "--dir", live, "--name", "two tees")
    again = run("new", "scenario", "--from", "W1", "--dir", live)
    assert again.exit_code == 2 and "is there already" in again.output
    strange = run("new", "scenario", "--from", "W9", "--dir", live)
    assert strange.exit_code == 2 and "there is no order W9" in strange.output


def test_nothing_is_written_where_the_definitions_do_something_else_now(run: Run, live: Path) -> None:
    (live / "rules/more.yaml").write_text(
        "kind: holds\nname: retail\norder:\n  look:\n    title: Look\n    because: it is new\n"
        "    apply: { when: order.total > 0 }\n    resolve: { by: [customer-service] }\n"
    )
    result = run("new", "scenario", "--from", "W2", "--dir", live)
    assert result.exit_code == 1, result.output
    assert "order.status: expected in fulfillment, found" in result.output and "nothing was written" in result.output
    assert not (live / "scenarios/W2.yaml").exists()
