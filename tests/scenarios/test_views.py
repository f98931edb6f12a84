"""What roles see of stock, as an analyst's scenario says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.adapters.scenarios.run import run_scenario
from orderloom.dsl.compile import compile
from orderloom.dsl.load import load_workspace
from orderloom.dsl.source import Source

WORKSPACE = load_workspace(Path(__file__).parent / "views")


def failures(then: str = "") -> list[str]:
    """Those of the workspace's scenario, and of one like it that expects something else."""
    head = "kind: scenario\nname: mine\nclock: 2026-03-02T10:00:00Z\ngiven: { like: 'one item, five views' }\nwhen: []\n"
    compiled = compile([*WORKSPACE, *([Source("scenarios/mine.yaml", f"{head}then: {then}\n".encode())] if then else [])])
    assert compiled.program is not None, compiled.diagnostics
    by_name = {scenario.name: scenario for scenario in compiled.scenarios}
    played = run_scenario(compiled.program, by_name["mine" if then else "one item, five views"], by_name)
    return [f"{failure.at} {failure.text}" for failure in played.failures]


def test_every_role_sees_what_it_should() -> None:
    assert failures() == []


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("[{ sees.customer.X: [{ in stock: false }] }]", "sees.customer.X 1.in stock: expected false, found true"),
        ("[{ sees.planner.X: [{ on hand: 5 }, { on hand: 24 }] }]", "sees.planner.X 1: node is seen, too"),
        ("[{ sees.vendor at V1.X: [{ node: V1, on order: 50, on hand: 0 }] }]", "there is no on hand; there is node, on order"),
        ("[{ sees.auditor.X: [{ in stock: true }] }]", "sees.auditor.X: expected 1, found 0: []"),
        (
            "[{ sees.costumer.X: [] }]",
            "no role, person or organization costumer; did you mean customer?",
        ),
        ("[{ sees.customer.XX: [] }]", "sees.customer.XX: there is no item XX; did you mean X?"),
        ("[{ sees.associate at S9.X: [] }]", "sees.associate at S9.X: there is no node S9; did you mean S1?"),
    ],
)
def test_what_is_seen_otherwise_is_told(then: str, words: str) -> None:
    assert any(words in failure for failure in failures(then)), failures(then)
