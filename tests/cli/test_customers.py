"""A customer over all channels, and orders found by what is in them, from the command line and over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from confirming import DATA
from serving import served

Run = Callable[..., Result]

ANN = {"id": "C1", "tier": "standard", "name": "Ann Lee", "email": "ann@example.com", "phone": "+1 555 0100"}


def order(id: str, channel: str, number: str) -> dict[str, object]:
    return {
        "id": id,
        "channel": channel,
        "external_id": number,
        "division": "RETAIL",
        "placed_at": "2026-03-02T10:00:00Z",
        "customer": ANN,
        "ship_to": {"zip": "60601", "city": "Chicago", "lat": 41.88, "lon": -87.62},
        "lines": [{"id": 1, "item": "TEE", "quantity": 1, "unit_price": 20}],
    }


INTERESTS = [
    {"id": "V1", "customer": "C1", "item": "TEE", "kind": "view", "channel": "web", "at": "2026-03-01T09:00:00Z"},
    {"customer": "C1", "item": "TEE", "kind": "wish", "channel": "kiosk", "at": "2026-03-05T09:00:00Z", "quantity": 2},
]


@pytest.fixture
def ann(run: Run, shop: Path, fill: Callable[[dict[str, str]], Path]) -> Path:
    """Two orders of hers from two channels, and two interests."""
    fill(DATA)
    rows = [order("W1", "web", "77"), order("P1", "store", "12"), order("E1", "web", "77")]
    (shop / "orders.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (shop / "interests.jsonl").write_text("\n".join(map(json.dumps, INTERESTS)))
    for words in (
        ("import", "orders", shop / "orders.jsonl"),
        ("import", "interests", shop / "interests.jsonl"),
        ("work", "--once"),
    ):
        result = run(*words, "--dir", shop)
        assert result.exit_code == 0, result.output
    return shop


def test_a_customer_is_shown_over_all_channels(run: Run, ann: Path) -> None:
    shown = run("show", "customer", "C1", "--dir", ann)
    assert shown.exit_code == 0, shown.output
    assert shown.output.startswith("C1 Ann Lee <ann@example.com>: lifetime value 0, 0 open\n")
    told = json.loads(run("show", "customer", "C1", "--dir", ann, "--format", "json").output)
    assert [(each["order"], each["channel"]) for each in told["orders"]] == [("P1", "store"), ("W1", "web")]
    assert [each.get("led_to") for each in told["interests"]] == ["P1", None]
    unknown = run("show", "customer", "NOBODY", "--dir", ann)
    assert (unknown.exit_code, unknown.output) == (2, "Error: nothing is known of a customer NOBODY\n")


TILL = """kind: participants
name: till
roles:
  till:
    title: Sells over the counter
    may: [customer]
    sees orders: [{ orders: order.channel = "store", show: [status, total] }]
  lines:
    title: Sees what is in all of them, and nothing else
    may: [customer]
    sees orders: [{ orders: true, show: [lines] }]
"""


def test_a_customer_is_shown_as_far_as_a_role_sees_his_orders(run: Run, ann: Path) -> None:
    (ann / "rules" / "till.yaml").write_text(TILL)
    assert run("deploy", ann).exit_code == 0
    whole = json.loads(run("show", "customer", "C1", "--dir", ann, "--format", "json").output)["orders"]
    by_till = json.loads(run("show", "customer", "C1", "--dir", ann, "--format", "json", "--as", "till").output)
    [seen] = by_till["orders"]
    assert seen == {name: whole[0][name] for name in ("order", "status", "total")} and seen["order"] == "P1"
    assert "lifetime" not in by_till and "open" in by_till and "name" not in by_till
    assert [each.get("led_to") for each in by_till["interests"]] == [None, None]  # he does not see what is in the order
    lines = json.loads(run("show", "customer", "C1", "--dir", ann, "--format", "json", "--as", "lines").output)
    assert lines["orders"] == [{"order": "P1", "items": {"TEE": 1}}, {"order": "W1", "items": {"TEE": 1}}]
    assert "open" not in lines and "lifetime" not in lines and lines["interests"][0]["led_to"] == "P1"
    text = run("show", "customer", "C1", "--dir", ann, "--as", "lines")
    assert text.exit_code == 0 and text.output.startswith("C1\n") and "20" not in text.output.partition("Interests")[0]


def test_a_number_of_the_channel_that_comes_again_gives_the_first_order(run: Run, ann: Path) -> None:
    again = run("import", "orders", ann / "orders.jsonl", "--dir", ann)
    assert again.output == ("3 unchanged, 0 rejected\nwarning: order W1 has the number 77 of the channel web\n")
    other = order("E2", "web", "77") | {"lines": [{"id": 1, "item": "TEE", "quantity": 2, "unit_price": 20}]}
    (ann / "other.jsonl").write_text(json.dumps(other))
    refused = run("import", "orders", ann / "other.jsonl", "--dir", ann)
    assert refused.exit_code == 1
    assert "order W1 has the number 77 of the channel web, with other content: lines" in refused.output


def test_orders_are_found(run: Run, ann: Path) -> None:
    for words, ids in (
        (("--email", "ANN@example.com"), ["P1", "W1"]),
        (("--phone", "15550100", "--channel", "store"), ["P1"]),
        (("--text", "chicago ann"), ["P1", "W1"]),
        (("--number", "77"), ["W1"]),
        (("--item", "TEE", "--since", "2026-03-02", "--until", "2026-03-03"), ["P1", "W1"]),
        (("--item", "TEE", "--until", "2026-03-02"), []),
    ):
        found = run("orders", "list", *words, "--dir", ann, "--format", "json")
        assert [each["id"] for each in json.loads(found.output)] == ids, words
    wrong = run("orders", "list", "--since", "yesterday", "--dir", ann)
    assert wrong.exit_code == 2 and "yesterday is no moment" in wrong.output


def test_bad_interests_are_rejected(run: Run, ann: Path) -> None:
    bad = [{**INTERESTS[0], "kind": "look"}, {**INTERESTS[0], "item": "NOTHING"}, {**INTERESTS[0], "quantity": 3}]
    (ann / "bad.jsonl").write_text("\n".join(json.dumps(each) for each in bad))
    found = run("import", "interests", ann / "bad.jsonl", "--dir", ann)
    assert found.exit_code == 1 and "0 rejected" not in found.output
    for reason in ("kind must be one of view, wish, quote, not look", "NOTHING", "is there already, with other content"):
        assert reason in found.output, found.output


def test_the_same_over_http(ann: Path) -> None:
    with served(ann) as api:
        again = api.post("/orders", json=order("E3", "web", "77")).json()["results"][0]
        assert (again["verdict"], again["known_as"]) == ("unchanged", "W1")
        late = {"id": "Q1", "customer": "C1", "item": "TEE", "kind": "quote", "channel": "phone", "price": "18.00"}
        assert api.post("/interests", json=late).json()["results"][0]["verdict"] == "added"
        told = api.get("/customers/C1").json()
        assert [each["interest"]["kind"] for each in told["interests"]] == ["view", "wish", "quote"] and told["lifetime"] == "0"
        assert api.get("/customers/NOBODY").status_code == 404
        assert [each["id"] for each in api.get("/orders", params={"text": "chicago"}).json()["orders"]] == ["P1", "W1"]
        page = api.get("/orders", params={"email": "ann@example.com", "limit": 1, "since": "2026-03-01T00:00:00Z"}).json()
        assert (page["orders"][0]["id"], page["next"]) == ("P1", "P1")


def test_offers_are_asked_by_command_and_over_http(run: Run, ann: Path) -> None:
    """A belt goes with the tee: there is none at first, and one can be offered when it has come."""
    (ann / "rules" / "belts.yaml").write_text(
        'kind: offers\nname: belts\noffers:\n  - offer: belt\n    items: \'["BELT", "NOTHING"]\'\n    price: item.unit_price\n'
    )
    (ann / "items2.csv").write_text("id,title,weight,unit_price,unit_cost\nBELT,Belt,0.4,30,8\n")
    for words in (("import", "items", ann / "items2.csv", "--dir", ann), ("deploy", ann)):
        result = run(*words)
        assert result.exit_code == 0, result.output
    asked = run("orders", "offers", "W1", "--dir", ann, "--format", "json")
    assert asked.exit_code == 0, asked.output
    told = json.loads(asked.output)
    assert told["made"] == []
    reasons = {each["item"]: each["because"] for each in told["declined"]}
    assert reasons["NOTHING"] == "there is no item NOTHING" and reasons["BELT"].startswith("it cannot be promised")
    (ann / "stock2.csv").write_text("item,node,on_hand\nBELT,DC1,5\n")
    assert run("import", "stock", ann / "stock2.csv", "--dir", ann).exit_code == 0
    shown = run("orders", "offers", "W1", "--dir", ann)
    assert "Belt" in shown.output and "goes with TEE (basket)" in shown.output, shown.output
    with served(ann) as api:
        assert [each["item"] for each in api.get("/orders/W1/offers").json()["made"]] == ["BELT"]
        assert [each["item"] for each in api.post("/offers", json=order("N1", "web", "99")).json()["made"]] == ["BELT"]
        assert api.get("/orders/NONE/offers").status_code == 404
