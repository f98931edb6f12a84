"""Goods that come back stay with their division, unless a relation grants more."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from taking_back import ORDER

Run = Callable[..., Result]
DIVISIONS = """kind: division
name: harbour
nodes: { own: [DC1] }
---
kind: division
name: northgate
nodes: { own: [DC2] }
---
kind: division
name: RETAIL
---
kind: decision
name: disposition
inputs: { condition: request.condition }
outputs: { next: [restock, transfer], node: string }
table: |
  condition    || next       | node
  "damaged"    || "transfer" | "DC2"
  -            || "restock"  | null
hit: first
"""
RELATION = """---
kind: participants
name: ours
relations:
  - northgate grants harbour: availability
"""


@pytest.fixture
def divided(run: Run, sold: Path) -> Callable[[str], Path]:
    """W2 was sold by harbour, with these definitions besides."""

    def with_(more: str) -> Path:
        (sold / "rules" / "divisions.yaml").write_text(DIVISIONS + more)
        (sold / "more.csv").write_text(
            "id,type,lat,lon,divisions,handling_cost,shipment_fee,lead_days\nDC2,dc,41,-87,RETAIL;harbour;northgate,1,0,0\n"
            "DC1,dc,41,-87,RETAIL;harbour;northgate,1,0,0\n"
        )
        (sold / "order.jsonl").write_text(json.dumps(ORDER | {"id": "W2", "division": "harbour"}))
        for words in (("import", "nodes", sold / "more.csv"), ("import", "orders", sold / "order.jsonl"), ("work", "--once")):
            done = run(*words, "--dir", sold)
            assert done.exit_code == 0, done.output
        return sold

    return with_


def test_what_would_be_sent_on_to_others_is_refused(run: Run, divided: Callable[[str], Path]) -> None:
    at = ("--dir", divided(""))
    ask = ("return", "ask", "W2", "1", "--reason", "size", *at)
    sent = run(*ask, "--condition", "damaged")
    assert sent.exit_code == 2
    because = "DC2 is northgate's, which grants harbour nothing of its stock; `northgate grants harbour: availability` would"
    assert f"it would be sent on to another's node: {because} (rules/divisions.yaml:" in sent.output
    there = run(*ask, "--condition", "resellable", "--node", "DC2")
    assert (there.exit_code, because in there.output) == (2, True)
    assert run(*ask, "--condition", "resellable").exit_code == 0


def test_what_turns_out_damaged_is_an_exception(run: Run, divided: Callable[[str], Path]) -> None:
    at = ("--dir", divided(""))
    assert run("return", "ask", "W2", "1", "--reason", "shape", *at).exit_code == 0
    for words in (("work", "--once"), ("return", "receive", "W2-2", "--condition", "damaged"), ("work", "--once")):
        assert run(*words, *at).exit_code == 0
    assert "sends TEE to another's node: DC2 is northgate's" in run("orders", "explain", "W2", *at).output


def test_a_relation_grants_it(run: Run, divided: Callable[[str], Path]) -> None:
    at = ("--dir", divided(RELATION))
    asked = run("return", "ask", "W2", "1", "--reason", "size", "--condition", "damaged", *at)
    assert asked.exit_code == 0, asked.output
    assert run("work", "--once", *at).exit_code == 0
    (line,) = json.loads(run("return", "list", *at, "--format", "json").output)
    assert (line["next"], line["to"]) == ("transfer", "DC2")
