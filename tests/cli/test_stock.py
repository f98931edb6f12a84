"""`orderloom stock`: availability by node and day, why it is so, what is to come, and what each role sees of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
FILES = {
    "nodes": (
        "id,type,lat,lon,divisions,handling_cost,shipment_fee,lead_days,cutoff\n"
        "DC1,dc,41,-87,RETAIL,1,0,0,14:00\nS1,store,41.8,-87.6,RETAIL,2,1,0,\n"
        "S2,store,41.9,-87.6,RETAIL,2,1,0,\nV1,supplier,40,-80,RETAIL,0,2,2,\n"
    ),
    "items": "id,title,weight,unit_price,unit_cost\nTEE,T-shirt,0.4,20,8\n",
    "stock": "item,node,on_hand,safety_stock\nTEE,DC1,20,0\nTEE,S1,4,1\nTEE,S2,0,0\n",
    "supply": ("id,item,node,type,quantity,due_on\nTR1,TEE,DC1,in-transit,30,2099-03-05\nPO1,TEE,V1,on-order,50,2099-03-20\n"),
}
ORDER = {
    "id": "W1",
    "channel": "web",
    "division": "RETAIL",
    "placed_at": "2026-03-02T10:00:00Z",
    "customer": {"id": "C1", "tier": "standard"},
    "ship_to": {"zip": "60601", "lat": 41.88, "lon": -87.62},
    "lines": [{"id": 1, "item": "TEE", "quantity": 3, "unit_price": 20}],
}


@pytest.fixture
def stocked(fill: Callable[[dict[str, str]], Path], shop: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """TEE: DC1 20 on hand and 30 in transit, S1 4 with a safety stock of 1, S2 none, 50 on order at V1."""
    fill(FILES)
    monkeypatch.chdir(shop)
    return shop


def rows(run: Run, *args: str) -> list[dict[str, Any]]:
    result = run("stock", *args, "--format", "json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.output)["stock"]
    return found


def test_an_item_stands_by_node_and_day(run: Run, stocked: Path) -> None:
    found = {row["node"]: row for row in rows(run, "TEE")}
    assert {node: row["available"] for node, row in found.items()} == {"DC1": 20, "S1": 3, "S2": 0, "V1": 0}
    assert [(each["from"], each["available"]) for each in found["DC1"]["dates"][1:]] == [("2099-03-06", 50)]
    assert [row["available"] for row in rows(run, "TEE", "--node", "DC1", "--at", "2099-03-06")] == [50]
    text = run("stock", "--method", "pickup", "TEE").output
    assert text.startswith("TEE for pickup\nnode")
    assert "2099-03-06         50" in text


def test_three_roles_see_three_different_things(run: Run, stocked: Path) -> None:
    associate = rows(run, "TEE", "--role", "associate", "--user-node", "S1", "--method", "pickup")
    own = {key: value for key, value in associate[0].items() if key != "dates"}
    assert own == {
        "node": "S1", "on_hand": 4, "in_transit": 0, "on_order": 0, "reserved": 0, "floor": 1, "available": 3,
    }  # fmt: skip
    assert associate[1:] == [{"node": "DC1", "in_stock": True}, {"node": "S2", "in_stock": False}]
    operations = rows(run, "TEE", "--role", "operations")
    assert {row["node"]: (row["on_hand"], row["in_transit"], row["on_order"]) for row in operations} == {
        "DC1": (20, 30, 0), "S1": (4, 0, 0), "S2": (0, 0, 0), "V1": (0, 0, 50),
    }  # fmt: skip
    [customer] = rows(run, "TEE", "--role", "customer")
    assert customer.keys() == {"in_stock", "dates"}
    assert [each["in_stock"] for each in customer["dates"]] == [True]


def test_a_vendor_sees_its_own_purchase_order_and_nobody_elses_stock(run: Run, stocked: Path) -> None:
    [own] = rows(run, "TEE", "--role", "drop-shipper", "--user-node", "V1")
    assert own == {"node": "V1", "on_hand": 0, "in_transit": 0, "on_order": 50, "reserved": 0}
    assert rows(run, "TEE", "--role", "drop-shipper") == []


def test_asking_node_by_node_tells_a_customer_nothing_more(run: Run, stocked: Path) -> None:
    assert rows(run, "TEE", "--role", "customer", "--node", "S2") == []
    assert rows(run, "TEE", "--role", "associate", "--node", "S2") == [{"node": "S2", "in_stock": False}]


def test_why_names_supplies_rules_and_reservations(run: Run, stocked: Path) -> None:
    (stocked / "orders.jsonl").write_text(json.dumps(ORDER))
    assert run("import", "orders", "orders.jsonl").exit_code == 0
    assert run("work", "--once").exit_code == 0
    told = run("stock", "why", "TEE", "DC1").output
    assert told.splitlines()[0].endswith(": 17 available")
    for words in (
        "20 on hand, good",
        "trust 1 (rules/retail/promising.yaml:6); 3 reserved; 17 free",
        "30 in transit, good (TR1, due Thu 2099-03-05)",
        "availability 47 (20 on hand + 30 in transit - 3 reserved)",
        "reserved by order W1 line 1, ships",
        "calendar 24x7, cut-off 14:00",
    ):
        assert words in told
    assert "floor 1 is never promised for pickup: position.safety_stock (rules/retail/promising.yaml:9)" in (
        run("stock", "why", "TEE", "S1", "--method", "pickup").output
    )
    assert "50 of it cannot be used on " in run("stock", "why", "TEE", "V1").output
    whole = json.loads(run("stock", "why", "TEE", "DC1", "--format", "json").output)
    assert [(claim["order"], claim["quantity"]) for claim in whole["claims"]] == [("W1", 3)]


def test_a_projection_adds_up_what_comes_and_goes(run: Run, stocked: Path) -> None:
    (stocked / "orders.jsonl").write_text(json.dumps(ORDER))
    run("import", "orders", "orders.jsonl")
    run("work", "--once")
    found = json.loads(run("stock", "projection", "TEE", "--weeks", "520", "--format", "json").output)
    assert {key: found[key] for key in ("on_hand", "to_come", "claimed", "waiting")} == {
        "on_hand": 24, "to_come": {"in-transit": 30, "on-order": 50}, "claimed": 3, "waiting": 0,
    }  # fmt: skip
    assert found["days"][-1]["balance"] == 21
    told = run("stock", "projection", "TEE", "--node", "DC1").output
    assert told.startswith("TEE at DC1: 20 on hand, 30 in transit, 3 reserved, 0 waiting for a source\n")
    assert "-3 W1" in told


def test_what_waits_for_a_source_is_demand_of_today(run: Run, stocked: Path) -> None:
    policy = stocked / "rules" / "sourcing.yaml"
    policy.write_text(policy.read_text().replace("if nothing fits: cancel", "if nothing fits: backorder"))
    (stocked / "orders.jsonl").write_text(json.dumps(ORDER | {"lines": [ORDER["lines"][0] | {"quantity": 300}]}))  # type: ignore[index]
    run("import", "orders", "orders.jsonl")
    run("work", "--once")
    found = json.loads(run("stock", "projection", "TEE", "--format", "json").output)
    assert found["claimed"] + found["waiting"] == 300
    assert found["waiting"] > 0


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["TE"], "there is no item TE; did you mean TEE?"),
        (["TEE", "--node", "S9"], "there is no node S9; did you mean S1?"),
        (["TEE", "--role", "asociate"], "there is no role, person or organization asociate; did you mean associate?"),
        (["TEE", "--method", "picup"], "there is no method picup; did you mean pickup?"),
        (["TEE", "--role", "associate", "--user-node", "DC9"], "there is no node DC9; did you mean DC1?"),
        (["TEE", "--at", "2020-01-01"], "2020-01-01 is over"),
        (["TEE", "--at", "tomorrow"], "tomorrow is no day such as 2026-03-31"),
        (["why", "TEE", "DC7"], "there is no node DC7; did you mean DC1?"),
        (["projection", "TEA"], "there is no item TEA; did you mean TEE?"),
    ],
)
def test_what_is_not_there_is_said_with_what_was_meant(run: Run, stocked: Path, args: list[str], words: str) -> None:
    result = run("stock", *args)
    assert (result.exit_code, words in result.output) == (2, True), result.output


def test_positions_are_listed_as_before(run: Run, stocked: Path) -> None:
    listed = run("stock").output
    assert listed == run("stock", "list").output
    assert [line.split()[1] for line in listed.splitlines()[2:]] == ["DC1", "S1", "S2", "V1"]
    assert run("stock", "--node", "S1").output.splitlines()[2].split()[:3] == ["TEE", "S1", "4"]


MONITOR = """kind: monitor
name: low
watch: position
nodes: node.type = "store"
method: pickup
when: available < 3
until: available >= 6
raise: last-pieces
"""


def test_alerts_are_listed_with_what_raised_them(run: Run, stocked: Path) -> None:
    (stocked / "rules").mkdir(exist_ok=True)
    (stocked / "rules" / "low.yaml").write_text(MONITOR)
    assert run("work", "--once").exit_code == 0
    (shown,) = json.loads(run("stock", "alerts", "--item", "TEE", "--format", "json").output)  # S1 has 4 - 1 = 3
    assert shown.pop("raised_at")
    assert shown == {
        "alert": "last-pieces", "item": "TEE", "node": "S2", "available": 0, "on_hand": 0, "velocity": 0, "cover": 36500,
        "cleared_at": "", "rule": "rules/low.yaml:2",
    }  # fmt: skip
    assert json.loads(run("stock", "alerts", "--item", "CUP", "--open", "--format", "json").output) == []


def test_only_what_changed_is_published_again(run: Run, stocked: Path) -> None:
    def told(*options: str) -> list[dict[str, Any]]:
        result = run("stock", "publish", *options)
        assert result.exit_code == 0, result.output
        return [{k: v for k, v in json.loads(line).items() if k != "as_of"} for line in result.output.splitlines()]

    *figures, last = told()
    assert [(row["node"], row["available"]) for row in figures] == [("DC1", 20), ("S1", 3), ("S2", 0), ("V1", 0)]
    assert told("--since", str(last["token"])) == [last]
    (stocked / "stock.csv").write_text("item,node,on_hand,safety_stock\nTEE,S2,2,0\n")
    assert run("import", "stock", "stock.csv").exit_code == 0
    assert told("--since", str(last["token"]))[:-1] == [{"item": "TEE", "node": "S2", "available": 2}]
    assert told("--total")[0] == {"item": "TEE", "available": 25}
    refused = run("stock", "publish", "--since", "99")
    assert refused.exit_code == 2 and "never published 99" in refused.output
