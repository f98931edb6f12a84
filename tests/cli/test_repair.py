"""Repairs from the command line and over HTTP, with the definitions of docs/repairs.md: asked, refused, answered, shown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from serving import served, until
from taking_back import ORDER

Run = Callable[..., Result]
PAGE = Path(__file__).parents[2] / "docs" / "repairs.md"


@pytest.fixture
def lamps(run: Run, sold: Path) -> Path:
    """W1 was sold by the shop; W2 in 2020, so that its customer pays for repairs. Both have serial numbers T-1 and T-2."""
    for text, name in re.findall(r"```yaml\n(# (\S+\.yaml)\n.*?)```", PAGE.read_text(), re.DOTALL):
        (sold / name).write_text(text.replace("DC-EAST", "DC1"))
    line = {"id": 1, "item": "TEE", "quantity": 2, "unit_price": 33.33, "serials": ["T-1", "T-2"]}
    old = ORDER | {"id": "W2", "placed_at": "2020-03-02T10:00:00Z", "lines": [line]}
    (sold / "order.jsonl").write_text(json.dumps(old))
    assert run("import", "orders", sold / "order.jsonl", "--dir", sold).exit_code == 0
    work(run, sold)
    return sold


def work(run: Run, shop: Path) -> None:
    assert run("work", "--once", "--dir", shop).exit_code == 0


def test_a_repair_that_the_customer_pays_from_the_sale_to_the_end(run: Run, lamps: Path) -> None:
    at = ("--dir", lamps)
    ask = ("repair", "ask", "W2", "1", *at, "--set", "fault=does not light", "--serial")
    preview = run(*ask, "T-1", "--preview")
    assert preview.output == "TEE of line 1, serial T-1, would be repaired at DC1 by repair: waits for the item\n"
    made = json.loads(run(*ask, "T-1", "--as", "customer-service", "--by", "ann", "--format", "json").output)
    assert (made["repair"], made["asked"]["serial"]) == ("W2-2", "T-1")
    work(run, lamps)
    assert run("repair", "receive", "W2-2", *at, "--by", "joe").output == "repair-received is in, of repair W2-2\n"
    work(run, lamps)
    assert "  waits for repairer to answer quote-request\n" in run("repair", "show", "W2-2", *at).output
    answer = ("repair", "answer", "W2-2", *at)
    misspelt = run(*answer, "quotd")
    assert (misspelt.exit_code, "quotd is no reply to quote-request; did you mean quoted?" in misspelt.output) == (2, True)
    wrong = run(*answer, "quoted", "--set", "amount=much")
    assert (wrong.exit_code, "amount is 'much', and a number is needed" in wrong.output) == (2, True)
    assert "quote-request has no field amont; did you mean amount?" in run(*answer, "quoted", "--set", "amont=24.50").output
    assert run(*answer, "quoted", "--set", "amount=24.50").output == "quoted is in, to quote-request, of repair W2-2\n"
    assert "what becomes of repair W2-2 was told by " in run(*answer, "not-repairable").output
    work(run, lamps)
    assert run(*answer, "accepted").exit_code == 0
    work(run, lamps)
    assert run(*answer, "repaired").exit_code == 0
    work(run, lamps)
    (line,) = json.loads(run("repair", "list", "--order", "W2", *at, "--format", "json").output)
    assert (line["serial"], line["status"], line["outcome"], line["fee"]) == ("T-1", "sent back", "repaired", 24.50)
    shown = run("repair", "show", "W2-2", *at).output
    for words in (
        "W2-2: sent back, ended as repaired\n  TEE of line 1 of order W2, serial T-1\n  sold 2020-03-02 to C1, delivered 20",
        "fault does not light; at DC1",
        "W2-F1 fee 24.50",
        "decide of W2-2: customer (rules/repairs.yaml:",
        "event repair-asked by customer-service ann",
        "event repair-received of W2-2 by joe",
    ):
        assert words in shown, shown
    late = run(*answer, "accepted")
    assert (late.exit_code, "repair W2-2 has ended as repaired" in late.output) == (2, True)
    seen = json.loads(run("repair", "show", "W2-2", *at, "--as", "operations", "--format", "json").output)[0]
    assert (seen["repair"], seen["serial"], seen["outcome"]) == ("W2-2", "T-1", "repaired")
    assert all(line["subject"] for line in seen.get("history", ()))
    assert run("audit", *at).exit_code == 0


def test_what_is_not_there_is_not_repaired(run: Run, lamps: Path) -> None:
    at = ("--dir", lamps)
    for words, because in (
        (("W2", "1", "--serial", "T-9"), "serial number T-9 was not sold with line 1"),
        (("W2", "7", "--serial", "T-1"), "there is no line 7"),
        (("W9", "1", "--serial", "T-1"), "there is no order W9"),
        (
            ("W2", "1", "--serial", "T-1", "--event", "repair-askd"),
            "no event repair-askd starts a repair; did you mean repair-asked?",
        ),
        (("W2", "1", "--set", "serail=T-1"), "repair-asked has no field serail; did you mean serial?"),
        (("W2", "1", "--serial", "T-1", "--as", "sales"), "there is no role, person or organization sales"),
    ):
        refused = run("repair", "ask", *words, *at)
        assert (refused.exit_code, because in refused.output) == (2, True), refused.output
    assert run("repair", "ask", "W2", "1", "--serial", "T-1", *at).exit_code == 0
    assert (
        "a repair of line 1 was asked, and waits for a worker" in run("repair", "ask", "W2", "1", "--serial", "T-1", *at).output
    )
    work(run, lamps)
    assert "T-1 is in repair already, as W2-2" in run("repair", "ask", "W2", "1", "--serial", "T-1", *at).output
    assert "waits for repair-received" in run("repair", "answer", "W2-2", "accepted", *at).output
    assert "there is no repair W2-1; did you mean W2-2?" in run("repair", "show", "W2-1", *at).output
    assert "nothing of order W1 was ever repaired" in run("repair", "show", "W1-1", *at).output


def test_repairs_over_http(lamps: Path) -> None:
    with served(lamps) as http:
        asked = {"line": "1", "data": {"serial": "T-2"}}
        preview = http.post("/orders/W2/repairs", json=asked | {"preview": True})
        assert (preview.status_code, preview.json()["repair"], preview.json()["asked"]["item"]) == (200, None, "TEE")
        assert http.post("/orders/W2/repairs", json=asked).status_code == 202
        until(lambda: http.get("/orders/W2/repairs").json()["repairs"])
        again = http.post("/orders/W2/repairs", json=asked)
        assert (again.status_code, "T-2 is in repair already" in again.text) == (409, True)
        assert http.post("/repairs/W2-2/told").status_code == 202
        until(lambda: "quote-request" in http.get("/repairs/W2-2").json()["waits_for"])
        assert http.post("/repairs/W2-2/told", json={"reply": "perhaps"}).status_code == 409
        assert http.post("/repairs/W2-2/told", json={"reply": "quoted", "data": "24.50"}).status_code == 422
        assert http.post("/repairs/W2-2/told", json={"reply": "quoted", "data": {"amount": "24.50"}}).status_code == 202
        until(lambda: "repair-quote" in http.get("/repairs/W2-2").json()["waits_for"])
        assert http.post("/repairs/W2-2/told", json={"reply": "declined"}).status_code == 202
        until(lambda: http.get("/repairs/W2-2").json()["about"]["outcome"])
        shown = http.get("/repairs/W2-2").json()
        assert (shown["about"]["status"], shown["documents"], shown["told"]["serial"]) == ("sent back", [], "T-2")
        assert [each["record"]["chosen"] for each in shown["decided"] if each["record"]["kind"] == "decide"] == ["customer"]
        assert http.get("/repairs/W2-9").status_code == http.post("/repairs/W9-1/told").status_code == 404


def test_an_order_of_a_version_without_repairs_says_so(run: Run, lamps: Path) -> None:
    """W1 was sold before anybody wrote of repairs."""
    assert run("deploy", lamps).exit_code == 0
    old = run("repair", "ask", "W1", "1", "--serial", "T-1", "--dir", lamps)
    assert old.exit_code == 2
    assert "order W1 is on version 2, which has no event of a line that starts a repair" in old.output, old.output
