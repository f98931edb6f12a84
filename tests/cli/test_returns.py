"""Returns from the command line: previewed, asked, refused, imported, listed, reported."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from taking_back import ORDER

Run = Callable[..., Result]

RETURNS = [
    {"id": "R1", "order": "W1", "line": 1, "quantity": 1, "reason": "size", "condition": "resellable", "asked_on": "2026-04-02"},
    {"id": "R2", "order": "W1", "line": 7, "quantity": 1, "reason": "size", "condition": "resellable", "asked_on": "2026-04-02"},
    {"id": "R3", "order": "W9", "line": 1, "quantity": 1, "reason": "size", "condition": "resellable", "asked_on": "2026-04-02"},
]


def test_a_return_is_previewed_asked_and_refused(run: Run, sold: Path) -> None:
    ask = ("return", "ask", "W1", "1", "--dir", sold, "--condition", "resellable")
    preview = run(*ask, "--reason", "colour", "--preview")
    assert "would be taken back by For ever: refund 32.33 (price less discount 33.33, wear -1.00)" in preview.output
    asked = json.loads(run(*ask, "--reason", "size", "--quantity", 2, "--format", "json").output)
    assert (asked["return"], asked["refund"], asked["way"]) == ("W1-2", 66.66, "counter")
    assert (
        "order W1 has none, and what was asked just now waits for a worker" in run("return", "show", "W1-2", "--dir", sold).output
    )
    assert run("work", "--once", "--dir", sold).exit_code == 0
    refused = run(*ask, "--reason", "size", "--quantity", 2)
    assert refused.exit_code == 2
    assert "3 were bought, 3 delivered, 2 returned" in refused.output
    assert "did you mean colour?" in run(*ask, "--reason", "color").output


def test_goods_with_serial_numbers_come_back_with_theirs(run: Run, sold: Path) -> None:
    line = {"id": 1, "item": "TEE", "quantity": 2, "unit_price": 33.33, "serials": ["T-1", "T-2"]}
    (sold / "order.jsonl").write_text(json.dumps(ORDER | {"id": "W2", "lines": [line]}))
    assert run("import", "orders", sold / "order.jsonl", "--dir", sold).exit_code == 0
    assert run("work", "--once", "--dir", sold).exit_code == 0
    ask = ("return", "ask", "W2", "1", "--dir", sold, "--reason", "size", "--condition", "resellable", "--serial")
    wrong = run(*ask, "T-3")
    assert wrong.exit_code == 2
    assert "serial number T-3 was not sold with line 1" in wrong.output
    assert "is about to be, as W2-2, taken back by For ever: refund 33.33" in run(*ask, "T-2").output
    assert run("work", "--once", "--dir", sold).exit_code == 0
    assert "serial number T-2 is returned already" in run(*ask, "T-2").output


@pytest.mark.parametrize(("reason", "status"), [("shape", "asked"), ("lost and found", "on its way back")])
def test_a_parcel_is_received_and_shown(run: Run, sold: Path, reason: str, status: str) -> None:
    """By the reply to a request, or by an event, whichever its process waits for."""
    at = ("--dir", sold)
    assert run("return", "ask", "W1", "1", "--quantity", 2, "--reason", reason, *at).exit_code == 0
    assert run("work", "--once", *at).exit_code == 0
    assert f"W1-2: {status}\n  2 of line 1, {reason} (TEE) of order W1, to" in run("return", "show", "W1-2", *at).output
    receive = ("return", "receive", "W1-2", *at)
    assert "3 came back, of 2 that were asked" in run(*receive, "--quantity", 3).output
    assert "there is no condition resalable; did you mean resellable?" in run(*receive, "--condition", "resalable").output
    assert "did you mean W1-2?" in run("return", "receive", "W1-3", *at).output
    told = run(*receive, "--quantity", 1, "--condition", "damaged", "--by", "joe", "--format", "json")
    assert json.loads(told.output) == {"return": "W1-2", "order": "W1", "quantity": 1, "condition": "damaged"}
    twice = run(*receive)
    assert (twice.exit_code, "return W1-2 is received was told by joe, and waits for a worker" in twice.output) == (2, True)
    assert run("work", "--once", *at).exit_code == 0
    late = run(*receive)
    assert (late.exit_code, "return W1-2 does not wait for goods: 1 came back already" in late.output) == (2, True)
    assert "by joe" in run("orders", "explain", "W1", *at).output
    words = run("return", "show", "W1-2", *at).output
    assert "1 of 2 came back" in words
    assert "33.33 USD given" in words
    shown = json.loads(run("return", "show", "W1-2", *at, "--format", "json").output)
    assert (shown["asked"]["received"], shown["asked"]["condition"], shown["outcome"]) == (1, "damaged", "returned")
    assert shown["asked"]["delivered_on"] <= shown["asked"]["at"][:10]  # the plan said later: its process ended at once
    assert {each["kind"]: each["amount"] for each in shown["documents"]} == {"credit-memo": 33.33, "refund": 33.33}
    assert run("audit", *at).exit_code == 0


def test_goods_come_back_without_their_order(run: Run, sold: Path) -> None:
    """The lowest price: 33.33 in W1; 3 x 33.33 less 9.99 of discount, 30.00 a unit, in W2. Colour keeps 1.00 of 60.00."""
    at = ("--dir", sold)
    cheaper = ORDER | {"id": "W2", "discount": 9.99}
    (sold / "order.jsonl").write_text(json.dumps(cheaper))
    assert run("import", "orders", sold / "order.jsonl", *at).exit_code == 0
    assert run("work", "--once", *at).exit_code == 0
    blind = ("return", "blind", "TEE", *at, "--customer", "C7", "--quantity", 2, "--reason", "colour")
    damaged = run(*blind, "--condition", "damaged")
    assert (damaged.exit_code, "damaged goods need their order" in damaged.output) == (2, True)
    assert "there is no item TEA" in run("return", "blind", "TEA", *at, "--customer", "C7", "--reason", "size").output
    fine = (*blind, "--condition", "resellable", "--id", "B1")
    assert "would be taken back by For ever: store credit 59.00, wear -1.00" in run(*fine, "--preview").output
    made = json.loads(run(*fine, "--format", "json").output)
    assert (made["return"], made["credit"], made["fees"]) == ("B1-1", 59.00, {"wear": 1.00})
    assert "it was asked already" in run(*fine).output
    taken = run("return", "blind", "TEE", *at, "--customer", "C7", "--reason", "size", "--condition", "resellable", "--id", "W2")
    assert (taken.exit_code, "the id W2 is taken: choose another one" in taken.output) == (2, True)
    assert "there is no return garbage" in run("return", "receive", "garbage", *at).output
    assert run("work", "--once", *at).exit_code == 0
    assert (
        "nobody knows its sale, policy standard\n  condition resellable\n  2 of 2 came back\n  59.00 USD given"
        in run("return", "show", "B1-1", *at).output
    )
    shown = json.loads(run("return", "show", "B1-1", *at, "--format", "json").output)
    assert [(each["kind"], each["amount"]) for each in shown["documents"]] == [("gift-card", 59.00)]
    assert (shown["outcome"], shown["asked"]["goods"][0]["next"]) == ("returned", "restock")
    for words in (
        ("audit",),
        ("orders", "show", "B1"),
        ("orders", "explain", "B1"),
        ("return", "list"),
        ("show", "customer", "C7"),
    ):
        done = run(*words, *at)
        assert done.exit_code == 0, done.output
    assert "3 of line 1" not in run("return", "ask", "B1", "1", "--reason", "size", *at).output
    (brought,) = json.loads(run("show", "customer", "C7", *at, "--format", "json").output)["orders"]
    assert [(each["id"], each["amount"]) for each in brought["after"] if each["kind"] == "gift-card"] == [("B1-G1", 59.00)]
    report = json.loads(run("return", "report", *at, "--format", "json").output)
    assert (report["refunds"], report["more_than_paid"]) == (0, [])


def test_returns_come_in_a_file_and_are_reported(run: Run, sold: Path) -> None:
    (sold / "returns.jsonl").write_text("\n".join(map(json.dumps, RETURNS)))
    taken = run("import", "returns", sold / "returns.jsonl", "--dir", sold)
    assert taken.exit_code == 1, taken.output
    rejects = "".join(path.read_text() for path in sold.rglob("*reject*"))
    assert "never bought" in rejects
    assert "no order W9" in rejects
    assert run("work", "--once", "--dir", sold).exit_code == 0
    again = run("import", "returns", sold / "returns.jsonl", "--dir", sold)
    assert "1 unchanged" in again.output, again.output
    (came,) = json.loads(run("return", "list", "--dir", sold, "--format", "json").output)
    assert (came["order"], came["refund"], came["status"]) == ("W1", 33.33, "returned")
    report = json.loads(run("return", "report", "--dir", sold, "--format", "json").output)
    assert (report["refunds"], report["paid"], report["more_than_paid"]) == (33.33, 99.99, [])
    assert "given back 33.33; more than was paid: none" in run("return", "report", "--dir", sold).output
    assert run("audit", "--dir", sold).exit_code == 0


def test_nobody_names_the_price_of_other_goods_who_may_not(run: Run, sold: Path) -> None:
    """A cap costs 15.00 in the catalogue; customer service may sell it for 12.50 in exchange, an associate may not."""
    rules = sold / "rules" / "own.yaml"
    policy = "exchange: [regular]\nprices by: [customer-service]\ndisposition: disposition\n"
    rules.write_text(rules.read_text().replace("disposition: disposition\n", policy))
    (sold / "items.csv").write_text("id,title,weight,unit_price,unit_cost\nCAP,Cap,0.1,15,5\nODD,Odd,0.1,,5\n")
    (sold / "order.jsonl").write_text(json.dumps(ORDER | {"id": "W2"}))
    for words in (("items", sold / "items.csv"), ("orders", sold / "order.jsonl")):
        assert run("import", *words, "--dir", sold).exit_code == 0
    assert run("work", "--once", "--dir", sold).exit_code == 0
    ask = (
        "return",
        "ask",
        "W2",
        "1",
        "--reason",
        "size",
        "--condition",
        "resellable",
        "--exchange",
        "regular",
        "--preview",
        "--dir",
        sold,
    )
    named = ("--item", "CAP", "--unit-price", "12.50")
    refused = run(*ask, *named, "--as", "associate")
    assert refused.exit_code == 2
    assert "associate may not name the price of CAP: it costs 15; `prices by: [associate]` of For ever" in refused.output
    assert "exchanged for CAP at 12.50" in run(*ask, *named, "--as", "customer-service").output
    assert "exchanged for CAP at 15" in run(*ask, "--item", "CAP", "--as", "associate").output
    assert "exchanged for CAP at 12.50" in run(*ask, *named).output
    assert "associate may not name the price of TEE: it costs 33.33" in run(*ask, "--unit-price", "1", "--as", "associate").output
    assert "say what ODD costs (unit_price)" in run(*ask, "--item", "ODD", "--as", "associate").output
    assert "exchanged for the same" in run(*ask, "--as", "associate").output
    for price in ("NaN", "Infinity", "1e400", "-1"):
        odd = run(*ask, "--unit-price", price)
        assert (odd.exit_code, "the price of what is exchanged is from 0 to 1,000,000,000" in odd.output) == (2, True)


def test_goods_that_are_handed_over_need_their_condition(run: Run, sold: Path) -> None:
    """The pack's disposition has no row for goods of which nobody has told the condition: no money moves before that is known."""
    at = ("--dir", sold)
    ask = ("return", "ask", "W1", "1", "--reason", "size", *at)
    for words in (ask, (*ask, "--preview")):
        refused = run(*words)
        assert refused.exit_code == 2
        assert (
            "does not say what becomes of TEE in a condition that nobody has told (rules/retail/returns.yaml:" in refused.output
        )
        assert "tell its condition: resellable, damaged" in refused.output
    assert run(*ask, "--condition", "resellable").exit_code == 0


def test_a_parcel_whose_condition_nobody_told_stands_until_somebody_does(run: Run, sold: Path) -> None:
    at = ("--dir", sold)
    assert run("return", "ask", "W1", "1", "--quantity", 2, "--reason", "lost and found", *at).exit_code == 0
    assert run("work", "--once", *at).exit_code == 0
    receive = ("return", "receive", "W1-2", *at)
    assert run(*receive, "--quantity", 1).exit_code == 0
    assert run("work", "--once", *at).exit_code == 0
    (stands,) = json.loads(run("exceptions", "list", *at, "--format", "json").output)
    assert stands["type"] == "no-way-forward"
    assert json.loads(run("return", "show", "W1-2", *at, "--format", "json").output)["documents"] == []
    untold = run(*receive)
    assert (untold.exit_code, "tell their condition: resellable, damaged" in untold.output) == (2, True), untold.output
    assert "1 came back, as was told before" in run(*receive, "--quantity", 2, "--condition", "damaged").output
    told = run(*receive, "--condition", "resellable", "--by", "joe", "--format", "json")
    assert json.loads(told.output) == {"return": "W1-2", "order": "W1", "quantity": 1, "condition": "resellable"}
    assert run("work", "--once", *at).exit_code == 0
    shown = json.loads(run("return", "show", "W1-2", *at, "--format", "json").output)
    assert (shown["asked"]["received"], shown["asked"]["condition"], shown["outcome"]) == (1, "resellable", "returned")
    assert {each["kind"]: each["amount"] for each in shown["documents"]} == {"credit-memo": 33.33, "refund": 33.33}
    assert json.loads(run("exceptions", "list", *at, "--format", "json").output) == []
    assert run("audit", *at).exit_code == 0
