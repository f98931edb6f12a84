"""Holds and changes as people ask for them: refused with the reason, previewed, confirmed; and what a customer is shown."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

RULES = """\
kind: holds
name: shop
order:
  sales-confirm:
    because: orders of 30.00 or more are confirmed by sales
    apply: { when: order.total >= 30 }
    resolve: { by: [customer-service] }
---
kind: changes
name: shop
hit: first
table: |
  what     | role       || answer   | because
  "cancel" | "carrier"  || "refuse" | "a carrier cancels nothing"
  -        | -          || "allow"  | null
---
kind: status-map
name: customers
roles: [customer]
words: { on its way: [shipped] }
otherwise: in preparation
"""


@pytest.fixture
def held(fill: Callable[[dict[str, str]], Path], run: Run) -> Path:
    """An order of 40.00 that waits for sales."""
    shop = fill(
        {
            "nodes": "id,type,lat,lon,divisions,handling_cost,shipment_fee,lead_days\nDC1,dc,41,-87,RETAIL,1,0,0\n",
            "items": "id,title,weight,unit_price,unit_cost\nTEE,T-shirt,0.4,20,8\n",
            "stock": "item,node,on_hand\nTEE,DC1,5\n",
        }
    )
    (shop / "rules" / "changes.yaml").write_text(RULES)
    order = {
        "id": "W1", "channel": "web", "division": "RETAIL", "placed_at": "2026-03-02T10:00:00Z", "customer": {"id": "C1"},
        "ship_to": {"zip": "60601", "lat": 41.88, "lon": -87.62},
        "lines": [{"id": 1, "item": "TEE", "quantity": 2, "unit_price": 20}],
    }  # fmt: skip
    (shop / "orders.jsonl").write_text(json.dumps(order))
    assert run("import", "orders", shop / "orders.jsonl", "--dir", shop).exit_code == 0
    work(run, shop)
    return shop


def work(run: Run, shop: Path) -> None:
    result = run("work", "--dir", shop, "--once")
    assert result.exit_code == 0, result.output


def test_a_held_order_is_found_changed_and_let_go(held: Path, run: Run) -> None:
    here = ("--dir", held)
    assert "W1" in run("orders", "list", "--hold", "sales-confirm", *here).output
    assert "W1" not in run("orders", "list", "--hold", "other", *here).output
    shown = run("orders", "show", "W1", *here).output
    assert "held: sales-confirm" in shown and "orders of 30.00 or more are confirmed by sales" in shown
    refused = run("orders", "release", "W1", "sales-confirm", "--as", "operations", *here)
    assert (refused.exit_code, refused.output) == (
        2, "Error: operations may not resolve sales-confirm; who may: customer-service\n",
    )  # fmt: skip
    refused = run("orders", "cancel", "W1", "--as", "carrier", *here)
    assert refused.exit_code == 2 and "carrier has not the right `cancel` (cancels orders); who has it:" in refused.output
    preview = run("orders", "change", "W1", "--line", "1", "--quantity", "3", "--as", "customer", "--preview", *here)
    assert preview.exit_code == 0 and "total 40 to 60" in preview.output, preview.output
    work(run, held)
    id = preview.output.rpartition("--confirm ")[2].strip()
    assert id in run("orders", "show", "W1", *here).output
    old = run("orders", "change", "W1", "--confirm", id, "--version", "1", *here)
    assert old.exit_code == 2 and "version 1 was seen" in old.output
    other = run("orders", "change", "W1", "--confirm", id, "--as", "associate", *here)
    assert (other.exit_code, "was previewed as customer, not as associate; preview it as associate" in other.output) == (2, True)
    assert run("orders", "change", "W1", "--confirm", id, "--as", "customer", *here).exit_code == 0
    work(run, held)
    assert json.loads(run("orders", "show", "W1", "--format", "json", *here).output)["order"]["lines"][0]["quantity"] == 3
    late = run("orders", "change", "W1", "--line", "1", "--quantity", "1", "--as", "customer", "--version", "1", *here)
    assert late.exit_code == 2 and "version 1 was seen" in late.output and "quantity of line 1 to 3" in late.output
    seen = run("orders", "show", "W1", "--as", "customer", *here).output
    assert "T-shirt" in seen and "in preparation" in seen and "DC1" not in seen
    released = run("orders", "release", "W1", "sales-confirm", "--as", "customer-service", *here)
    assert (released.exit_code, released.output) == (0, "W1: sales-confirm is about to be resolved\n")
    work(run, held)
    assert "W1" not in run("orders", "list", "--hold", "sales-confirm", *here).output
    assert run("audit", *here).exit_code == 0


def test_a_misspelt_change_is_told_what_was_meant(held: Path, run: Run) -> None:
    def changed(*said: str) -> tuple[int, str]:
        result = run("orders", "change", "W1", "--as", "customer", "--dir", held, *said)
        return result.exit_code, result.output

    asked = json.dumps({"what": "adress", "ship_to": {"city": "Reno"}})
    assert changed("--what", asked) == (2, "Error: unknown kind of change adress; did you mean address?\n")
    assert changed("--set", "citty=Reno") == (2, "Error: ship_to has no field citty; did you mean city?\n")
    status, told = changed("--set", "city=Joliet", "--preview")
    assert status == 0 and "city Joliet instead of none; lat 41.88 as before; lon -87.62 as before" in told


def test_a_method_that_no_service_has_is_refused_wherever_it_is_asked_for(held: Path, run: Run) -> None:
    here, unheard_of = ("--dir", held), "there is no method fly; known: pickup, ship"
    for more in ((), ("--preview",)):
        refused = run("orders", "change", "W1", "--method", "fly", *more, *here)
        assert (refused.exit_code, refused.output) == (2, f"Error: {unheard_of}\n")
    order = json.loads((held / "orders.jsonl").read_text())
    order |= {"id": "W2", "lines": [order["lines"][0] | {"method": "fly"}]}
    (held / "more.jsonl").write_text(json.dumps(order))
    for asked in (("import", "orders"), ("orders", "draft")):
        rejected = run(*asked, held / "more.jsonl", *here)
        assert (rejected.exit_code, unheard_of in rejected.output) == (1, True), rejected.output
    assert unheard_of in (held / "more.jsonl.rejects.jsonl").read_text()
    nowhere = run("orders", "change", "W1", "--method", "pickup", "--preview", *here)
    assert (nowhere.exit_code, "order W1 has no node where it could be picked up" in nowhere.output) == (2, True), nowhere.output
    assert run("orders", "change", "W1", "--method", "pickup", "--pickup-node", "DC1", "--preview", *here).exit_code == 0


def test_a_preview_says_to_whom_sees_units_of_work_which_it_takes_back(held: Path, run: Run) -> None:
    order = json.loads((held / "orders.jsonl").read_text())
    order |= {"id": "W3", "lines": [order["lines"][0] | {"quantity": 1}]}
    (held / "more.jsonl").write_text(json.dumps(order))
    assert run("import", "orders", held / "more.jsonl", "--dir", held).exit_code == 0
    work(run, held)
    asked = ("orders", "change", "W3", "--unit", "W3-1", "--cancel", "--preview", "--dir", held)
    told = run(*asked, "--as", "customer-service").output.splitlines()[0]
    assert told.startswith("W3: total 20 to 0.00; line 1 on no day instead of ") and told.endswith("; takes back W3-1"), told
    assert "takes back" not in run(*asked, "--as", "customer").output
