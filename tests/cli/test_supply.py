"""`orderloom supply`: shortages become proposals that a person decides on; the forecast from history is put in force."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
FILES = {
    "nodes": (
        "id,type,lat,lon,divisions,handling_cost,shipment_fee,lead_days,cutoff\n"
        "DC1,dc,41,-87,RETAIL,1,0,0,14:00\nV1,supplier,40,-80,RETAIL,0,2,2,\n"
    ),
    "items": "id,title,weight,unit_price,unit_cost\nTEE,T-shirt,0.4,20,8\nHAT,Hat,0.2,15,5\n",
    "stock": "item,node,on_hand,safety_stock\nTEE,DC1,5,20\nHAT,DC1,50,0\n",
}
RULES = """\
kind: replenishment
name: tees
when: node.id = "DC1"
ways:
  - purchase from: V1
    lead days: 4
    minimum: 100
    multiple: 10
    price: item.unit_cost
"""


@pytest.fixture
def short(fill: Callable[[dict[str, str]], Path], shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """TEE: 5 at DC1, where 20 are to stay; HAT: enough."""
    (shop / "rules" / "tees.yaml").write_text(RULES)
    fill(FILES)
    monkeypatch.chdir(shop)
    return shop


def listed(run: Run, *args: object) -> Any:
    result = run("supply", *args, "--format", "json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_a_shortage_is_proposed_once_and_approved_once(run: Run, short: Path) -> None:
    (first,) = listed(run, "propose")
    assert (first["id"], first["from"], first["to"], first["price"]) == ("PO-TEE-DC1-1", "V1", "DC1", 8)
    assert first["quantity"] == 100
    assert first["total"] == 800
    assert [each["id"] for each in listed(run, "propose", "--item", "TEE")] == ["PO-TEE-DC1-1"]
    assert [each["status"] for each in listed(run, "list")] == ["proposed"]
    for _ in range(2):
        result = run("supply", "approve", "PO-TEE-DC1-1", "--by", "ann")
        assert result.exit_code == 0, result.output
        assert result.output.startswith("ordered: purchase order PO-TEE-DC1-1: 100 x TEE from V1 to DC1 at 8 = 800, due ")
    (entered,) = listed(run, "list", "--status", "ordered")
    assert entered["decided_by"] == "ann"
    (position,) = json.loads(run("stock", "list", "--item", "TEE", "--format", "json").output)
    assert (position["on_hand"], position["inbound"]) == (5, 100)
    refused = run("supply", "reject", "PO-TEE-DC1-1")
    assert refused.exit_code != 0
    assert "PO-TEE-DC1-1 is ordered already" in refused.output
    assert run("audit").exit_code == 0


def test_what_is_rejected_is_not_ordered_and_proposed_anew_under_another_number(run: Run, short: Path) -> None:
    assert len(listed(run, "propose")) == 1
    for _ in range(2):
        assert run("supply", "reject", "PO-TEE-DC1-1", "--by", "ann").exit_code == 0
    refused = run("supply", "approve", "PO-TEE-DC1-1")
    assert refused.exit_code != 0
    assert "was rejected by ann" in refused.output
    assert [each["id"] for each in listed(run, "propose")] == ["PO-TEE-DC1-2"]


def test_an_unknown_number_is_told(run: Run, short: Path) -> None:
    result = run("supply", "approve", "PO-9")
    assert result.exit_code != 0
    assert "there is no order of supply PO-9" in result.output


def test_nothing_is_proposed_where_nothing_is_short(run: Run, short: Path) -> None:
    assert listed(run, "propose", "--item", "HAT") == []


def test_a_forecast_needs_a_week_of_orders(run: Run, short: Path) -> None:
    assert listed(run, "forecast") == []


def test_a_forecast_is_in_force_when_it_is_approved(run: Run, short: Path) -> None:
    order = {
        "id": "W1",
        "channel": "web",
        "division": "RETAIL",
        "placed_at": (datetime.now(UTC) - timedelta(days=7)).isoformat(),
        "customer": {"id": "C1", "tier": "standard"},
        "ship_to": {"zip": "60601", "lat": 41.88, "lon": -87.62},
        "lines": [{"id": 1, "item": "HAT", "quantity": 3, "unit_price": 15}],
    }
    (short / "orders.jsonl").write_text(json.dumps(order) + "\n")
    assert run("import", "orders", "orders.jsonl").exit_code == 0
    assert run("work", "--once").exit_code == 0
    first = listed(run, "forecast", "--weeks", "2", "--approve")
    assert [(each["item"], each["region"], each["proposed"], each["was_in_force"]) for each in first] == [
        ("HAT", "DC1", 3, 0)
    ] * 2
    again = listed(run, "forecast", "--weeks", "2")
    assert [(each["proposed"], each["in_force"]) for each in again] == [(3, 3)] * 2
