"""Changes, holds, cancellations, queues and slots over HTTP, by a server and a worker of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from click.testing import Result
from confirming import DATA, PROCESS
from confirming import order as an_order
from serving import served, until

Run = Callable[..., Result]

RULES = """kind: holds
name: shop
order:
  credit:
    because: a customer's credit is looked at
    apply: { by: [sales] }
    resolve: { by: [sales] }
---
kind: changes
name: shop
hit: first
table: |
  what     | role       || answer   | because
  "cancel" | "carrier"  || "refuse" | "a carrier cancels nothing"
  -        | -          || "allow"  | null
---
kind: services
name: appointments
resources:
  - { resource: ann, title: Ann, skills: [fibre], regions: [EAST] }
services:
  - { service: install, when: line.method = "service", skill: fibre, slot: PT2H }
"""
SOFT = PROCESS.partition("people:")[0].replace(
    "    on: { confirmed: done, refused: stop }\n    next: done\n",
    """    on: { confirmed: book, refused: stop }
    next: book
  - step: book
    tell: customer
    message: order-confirmed
    point-of-no-return: soft
    next: pack
  - step: pack
    task: pack-order
    to: sales
""",
)


@pytest.fixture
def desk(run: Run, shop: Path, fill: Callable[[dict[str, str]], Path]) -> Path:
    """An order of 600.00 that sales confirms; behind that it can be cancelled only by somebody who agrees to what it costs."""
    (shop / "rules" / "own.yaml").write_text(f"{SOFT}---\n{RULES}")
    fill(DATA)
    (shop / "orders.jsonl").write_text("\n".join(json.dumps(an_order(f"W{n}", 30)) for n in range(1, 4)))
    for words in (("import", "orders", shop / "orders.jsonl"), ("work", "--once")):
        result = run(*words, "--dir", shop)
        assert result.exit_code == 0, result.output
    return shop


def state(api: httpx.Client, order: str = "W1") -> dict:  # type: ignore[type-arg]
    return api.get(f"/orders/{order}").json()["state"] or {}


def test_an_order_is_changed_held_and_let_go_over_http(desk: Path) -> None:
    with served(desk) as api:
        asked = {"role": "sales", "preview": True, "what": {"what": "quantity", "line": "1", "quantity": 40}}
        seen = api.get("/orders/W1").headers["ETag"]
        preview = api.post("/orders/W1/changes", json=asked, headers={"If-Match": seen})
        assert (preview.status_code, preview.json()["difference"]["total_after"]) == (202, "800.00")
        until(lambda: state(api).get("modifications"))
        assert state(api)["order"]["lines"][0]["quantity"] == 30
        assert api.post(f"/orders/W1/changes/{preview.json()['change']}/confirm").status_code == 202
        until(lambda: state(api)["order"]["lines"][0]["quantity"] == 40)
        late = api.post("/orders/W1/changes", json=asked, headers={"If-Match": seen})
        assert late.status_code == 412 and any("quantity of line 1 to 40" in each["text"] for each in late.json()["since"])
        assert api.post("/orders/W1/changes/M9/confirm").status_code == 409
        misspelt = api.post("/orders/W1/changes", json={"role": "sales", "what": {"what": "adress"}})
        assert (misspelt.status_code, misspelt.json()["detail"]) == (422, "unknown kind of change adress; did you mean address?")
        assert api.post("/orders/NOPE/changes", json=asked).status_code == 404

        refused = api.post("/orders/W1/holds", json={"hold": "credit", "role": "carrier"})
        assert (refused.status_code, refused.json()["detail"]) == (409, "carrier may not apply credit; who may: sales")
        assert api.post("/orders/W1/holds", json={"hold": "credit"}).json()["detail"] == "role is missing"
        assert "did you mean credit?" in api.post("/orders/W1/holds", json={"hold": "credits", "role": "sales"}).json()["detail"]
        assert api.post("/orders/W1/holds", json={"hold": "credit", "role": "sales", "note": "twice late"}).status_code == 202
        until(lambda: state(api).get("holds"))
        assert [each["id"] for each in api.get("/orders", params={"hold": "credit"}).json()["orders"]] == ["W1"]
        assert api.get("/orders", params={"hold": "credits"}).json()["detail"] == "there is no hold credits; did you mean credit?"
        assert api.post("/orders/W1/holds/credit/resolve", json={"role": "sales"}).status_code == 202
        until(lambda: api.get("/orders", params={"hold": "credit"}).json()["orders"] == [])


def test_behind_a_soft_point_whoever_cancels_agrees_to_what_it_costs(desk: Path, run: Run) -> None:
    with served(desk) as api:
        for order in ("W1", "W2"):
            done = api.post(f"/tasks/{order}/order:1/complete", json={"outcome": "confirmed", "form": {"limit": 900}})
            assert done.status_code == 202, done.text
            until(lambda order=order: state(api, order).get("points"))  # type: ignore[misc]
        refused = api.post("/orders/W1/cancel", json={"role": "sales"})
        assert refused.status_code == 409
        assert refused.json()["detail"].endswith(
            'there is no return unless its cost is agreed to; "agreed": true says that it is'
        )
        assert api.post("/orders/W1/cancel", json={"role": "carrier", "agreed": True}).status_code == 409
        assert api.post("/orders/W1/cancel", json={"role": "sales", "agreed": "perhaps"}).status_code == 422
        assert api.post("/orders/W1/cancel", json={"role": "sales", "agreed": True}).status_code == 202
        until(lambda: api.get("/orders/W1").json()["summary"]["status"] == "cancelled")
        unsure = run("orders", "cancel", "W2", "--as", "sales", "--dir", desk)
        assert unsure.exit_code == 2 and unsure.output.endswith("unless its cost is agreed to; --agreed says that it is\n")
        assert run("orders", "cancel", "W2", "--as", "sales", "--agreed", "--dir", desk).exit_code == 0
        until(lambda: api.get("/orders/W2").json()["summary"]["status"] == "cancelled")


def test_queues_are_listed_page_by_page(desk: Path) -> None:
    with served(desk, "--no-work") as api:

        def pages(what: str) -> list[list[str]]:
            found, after = list[list[str]](), None
            while not found or after:
                page = api.get(f"/{what}", params={"limit": 2, **({"after": after} if after else {})}).json()
                found.append([each["order"] for each in page[what]])
                after = page.get("next")
            return found

        assert pages("tasks") == [["W1", "W2"], ["W3"]]
        for order in ("W1", "W2", "W3"):
            answer = {"outcome": "refused", "form": {"limit": 1}}
            assert api.post(f"/tasks/{order}/order:1/complete", json=answer).status_code == 202
    with served(desk) as api:
        until(lambda: len(api.get("/exceptions").json()["exceptions"]) == 3)
        assert pages("exceptions") == [["W1", "W2"], ["W3"]]
        for wrong in ("nonsense", "1,0001-01-01T00:00:00+14:00,a,b", "\0"):
            assert api.get("/tasks", params={"after": wrong}).status_code == 422
        told = api.get("/exceptions", params={"type": "refused-by-sale"}).json()["detail"]
        assert told == "there is no exception type refused-by-sale; did you mean refused-by-sales?"
        assert api.get("/tasks", params={"role": "sale"}).json()["detail"] == "there is no role sale; did you mean sales?"
        assert api.get("/tasks", params={"overdue": True}).json() == {"tasks": []}
        many = {"type": "nope", "option": "give-up"}
        assert api.post("/exceptions/resolve", json=many).json()["detail"].startswith("there is no exception type nope")


def test_beside_a_customer_stand_stock_and_slots(desk: Path, run: Run) -> None:
    (desk / "stock.csv").write_text("item,node,on_hand,safety_stock,walkin_28d\nTEE,DC1,9,0,0\n")
    assert run("import", "stock", desk / "stock.csv", "--dir", desk).exit_code == 0
    with served(desk, "--no-work") as api:
        found = api.get("/customers/C1", params={"item": "TEE"}).json()
        assert (len(found["orders"]), [each["node"] for each in found["stock"]["TEE"]]) == (3, ["DC1"])
        assert {each["resource"] for each in found["slots"]} == {"ann"} and "name" not in found
        assert "stock" not in api.get("/customers/C1").json()
        wrong = api.get("/customers/C1", params={"item": "TEA"})
        assert (wrong.status_code, "did you mean TEE?" in wrong.text) == (422, True)
    show = ("show", "customer", "C1", "--item", "TEE", "--dir", desk)
    words = run(*show, "--as", "associate@DC1").output
    assert "TEE for ship, as associate sees it" in words and "Free slots" in words
    for who, on_hand in (("associate@DC1", True), ("customer-service", False)):  # who sees of stock what may be promised alone
        seen = json.loads(run(*show, "--as", who, "--format", "json").output)
        assert ("on_hand" in seen["stock"]["TEE"][0], "available" in json.dumps(seen["stock"])) == (on_hand, True)
        assert {each["resource"] for each in seen["slots"]} == {"ann"}


def test_slots_are_listed(desk: Path) -> None:
    with served(desk, "--no-work") as api:
        found = api.get("/slots", params={"from": "2030-03-04", "days": 2, "service": "install"}).json()["slots"]
        assert {(each["resource"], each["day"]) for each in found} == {("ann", "2030-03-04"), ("ann", "2030-03-05")}
        for wrong in (
            {"from": "9999-12-31"},
            {"from": "soon"},
            {"days": 0},
            {"days": 10**30},
            {"service": "instal"},
            {"region": "W"},
        ):
            assert api.get("/slots", params=wrong).status_code == 422, wrong
        assert api.get("/slots", params={"skill": "fiber"}).json()["detail"] == "there is no skill fiber; did you mean fibre?"
