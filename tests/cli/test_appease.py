"""Offers in place of a return from the command line and over HTTP: shown, granted, listed, reported, compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from confirming import DATA
from serving import served, until

Run = Callable[..., Result]

#: Paid at once and delivered at once, so that there is something to make good for.
RULES = """kind: process
name: paid
for: order
steps:
  - step: pay
    do: take-payment
  - step: later
    status: delivered
    wait: P3650D
  - step: done
    end: delivered
---
kind: decision
name: process-for-order
value: '"paid"'
---
kind: appeasements
name: little
title: Very little
when: reason != "late"
expected return: { refund: refund }
choose: '["twentieth"]'
offers: { twentieth: { percent: 5 } }
authority: { customer-service: 100.00 }
---
kind: appeasements
name: generous
title: A lot
expected return: { refund: refund, label: 7.00 }
choose: if reason = "late" then ["third", "card"] else ["third"]
offers: { third: { percent: 33, title: A third back }, card: { gift card: 50.00, cost: 0.80 * amount } }
limits: [{ per: customer, within: P30D, at most: 45.00 }]
authority: { customer-service: 20.00, operations: 40.00 }
approve: operations
"""
ORDERS = [
    {
        "id": f"W{number}",
        "channel": "web",
        "division": "B2B",
        "placed_at": "2026-03-02T10:00:00Z",
        "customer": {"id": "C1", "tier": "gold"},
        "ship_to": {"zip": "60601", "lat": 41.88, "lon": -87.62},
        "lines": [{"id": 1, "item": "TEE", "quantity": 2, "unit_price": 33.33}],
    }
    for number in range(3)
]
RETURNS = [
    {"order_id": "W0", "line_id": 1, "qty": 1, "reason": "late", "condition": "damaged", "requested_on": "2026-04-02"},
    {"order_id": "W1", "line_id": 1, "qty": 2, "reason": "late", "condition": "damaged", "requested_on": "2026-04-03"},
    {"order_id": "W2", "line_id": 1, "qty": 2, "reason": "colour", "condition": "resellable", "requested_on": "2026-04-04"},
    {"order_id": "NONE", "line_id": 1, "qty": 1, "reason": "late", "condition": "damaged", "requested_on": "2026-04-02"},
    {"order_id": "W1", "line_id": 1, "qty": 0, "requested_on": "2026-04-02"},
]


@pytest.fixture
def sold(run: Run, shop: Path, fill: Callable[[dict[str, str]], Path]) -> Path:
    """Three orders of one customer, each of two shirts of 33.33, paid. The first policy is for whatever nobody calls late."""
    fill(DATA)
    (shop / "rules" / "own.yaml").write_text(RULES)
    (shop / "orders.jsonl").write_text("\n".join(map(json.dumps, ORDERS)))
    (shop / "returns.jsonl").write_text("\n".join(map(json.dumps, RETURNS)))
    for words in (("import", "orders", shop / "orders.jsonl"), ("work", "--once")):
        result = run(*words, "--dir", shop)
        assert result.exit_code == 0, result.output
    return shop


def test_offers_are_shown_granted_listed_and_reported(run: Run, sold: Path) -> None:
    case = ("appease", "W0", "1", "--reason", "late", "--quantity", "1", "--as", "customer-service", "--by", "ann", "--dir", sold)
    shown = run(*case)
    assert shown.exit_code == 0, shown.output
    assert "W0, line 1, unit 0: A lot (generous, rules/own.yaml:27)" in shown.output
    assert "A return would cost 40.33: refund 33.33, label 7.00" in shown.output
    assert "third  A third back   11.00  11.00  29.33  -" in shown.output
    assert "card   card    50.00  40.00  limit per customer in 30 days: 50.00 > 45.00" in shown.output
    assert "beyond the authority of customer-service: 50.00 > 20.00, and of operations: 50.00 > 40.00" in shown.output
    told = json.loads(run(*case, "--format", "json").output)
    assert (told["return_cost"], told["made"][0]["saves"], len(told["blocked"][0]["because"])) == (40.33, 29.33, 2)
    granted = run(*case, "--accept", "third")
    assert granted.output == "W0: third of 11.00 for 1 of line 1 is about to be granted, as W0-A1; it saves 29.33\n"
    assert run("work", "--once", "--dir", sold).exit_code == 0
    listed = json.loads(run("appease", "list", "--customer", "C1", "--dir", sold, "--format", "json").output)
    assert [(each["order"], each["offer"], each["by"], each["outcome"]) for each in listed] == [("W0", "third", "ann", "saved")]
    (report,) = json.loads(run("appease", "report", "--dir", sold, "--format", "json").output)
    assert (report["policy"], report["accepted"], report["saved"], report["saving"]) == ("generous", 1, 1, 29.33)
    assert json.loads(run("appease", "report", "--since", "2999-01-01", "--dir", sold, "--format", "json").output) == []


def test_what_cannot_be_granted_is_refused_with_the_reason(run: Run, sold: Path) -> None:
    def why(*more: str) -> str:
        result = run("appease", *more, "--dir", sold)
        assert result.exit_code == 2 and "Traceback" not in result.output
        return result.output

    assert "there is no order W9" in why("W9", "1", "--reason", "late")
    assert "has no line 7; it has: 1" in why("W0", "7", "--reason", "late")
    assert "say in which role it is granted" in why("W0", "1", "--reason", "late", "--accept", "third")
    assert "carrier has not the right `appease` (offers appeasements); who has it: associate, customer-service" in why(
        "W0", "1", "--reason", "late", "--as", "carrier", "--accept", "third"
    )
    assert "offered: third" in why("W0", "1", "--reason", "late", "--as", "customer-service", "--accept", "thirds", "--by", "ann")
    assert "beyond the authority" in why("W0", "1", "--reason", "late", "--as", "customer-service", "--accept", "card")
    assert "there is no policy of appeasements generos; did you mean generous?" in why(
        "W0", "1", "--reason", "late", "--policy", "generos"
    )
    assert "--policy is only to look" in why("W0", "1", "--reason", "late", "--policy", "little", "--accept", "third")
    assert "is at version" in why(
        "W0", "1", "--reason", "late", "--as", "customer-service", "--accept", "third", "--quantity", "1", "--version", "0"
    )


def test_policies_are_compared_on_the_same_returns(run: Run, sold: Path) -> None:
    """Of W0 one shirt, of W1 and W2 two: a third of them is 11.00, 22.00 and 22.00, and 45.00 is the most for their customer."""
    compare = ("appease", "compare", sold / "returns.jsonl", "--policy", "generous", "--policy", "little", "--dir", sold)
    told = json.loads(run(*compare, "--format", "json").stdout)
    generous, little = told["policies"]
    assert (told["unknown"], len(told["wrong"])) == (1, 1)
    assert (generous["returns"], generous["taken"], generous["worth"], generous["blocked"]) == (3, 2, 33.00, 1)
    assert generous["return_cost"] == 187.65  # 33.33 + 66.66 + 66.66, and three labels
    assert generous["cost_after"] == pytest.approx(33.00 + 73.66)
    [(because, times)] = little["because"].items()
    assert times == 2 and because.startswith("no policy of appeasements is for this case: little is where "), because
    assert because.endswith("; widen such a `when`, or write a policy without one") and "(rules/own.yaml:" in because
    assert (little["taken"], little["worth"], little["saved"]) == (1, 3.33, 63.33)
    shown = run(*compare, "--taken-from", "0.2", "--reasons")
    assert "generous  took third" in shown.output and "1 rows are none" in shown.output
    assert "there is no policy" in run("appease", "compare", sold / "returns.jsonl", "--policy", "x", "--dir", sold).output


def test_offers_are_asked_for_and_granted_over_http(run: Run, sold: Path) -> None:
    case = {"line": 1, "quantity": 1, "reason": "late", "role": "customer-service"}
    with served(sold) as client:
        made = client.post("/orders/W1/offers", json=case)
        assert made.status_code == 200 and made.json()["made"][0]["amount"] == "11.00"
        version = client.get("/orders/W1").headers["etag"]
        refused = client.post("/orders/W1/appeasements", json={**case, "offer": "card"})
        assert refused.status_code == 409 and "50.00 > 45.00" in refused.json()["detail"]
        granted = client.post("/orders/W1/appeasements", json={**case, "offer": "third"}, headers={"If-Match": version})
        assert granted.status_code == 202 and granted.json()["appeasement"]["id"] == "W1-A1"
        until(lambda: client.get("/appeasements?order=W1").json()["appeasements"][0]["status"] == "granted")
        assert client.get("/appeasements/report?policy=generous").json()["offers"][0]["saved"] == 1
        stale = client.post("/orders/W1/appeasements", json={**case, "first": 1, "offer": "third"}, headers={"If-Match": version})
        assert stale.status_code == 412 and "third" in str(stale.json()["since"])
        for wrong in ({"line": 1, "reason": "late", "quantity": 0}, {"reason": "late"}):
            assert client.post("/orders/W1/offers", json=wrong).status_code == 422
        assert client.post("/orders/NONE/offers", json=case).status_code == 404
