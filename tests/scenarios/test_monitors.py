"""Monitors of orders, of each shape, as an analyst writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.adapters.scenarios.run import run_scenario
from orderloom.dsl.compile import compile_workspace
from orderloom.dsl.diagnostics import render
from orderloom.dsl.scenario import Scenario

COMPILED = compile_workspace(Path(__file__).parent / "monitors")
OWN = [each for each in COMPILED.scenarios if each.origin.path.startswith("scenarios/monitors")]


def test_the_definitions_have_no_findings() -> None:
    assert [render(found) for found in COMPILED.diagnostics] == []


@pytest.mark.parametrize("scenario", OWN, ids=lambda scenario: scenario.name)
def test_the_scenario_holds(scenario: Scenario) -> None:
    assert COMPILED.program is not None
    others = {each.name: each for each in COMPILED.scenarios}
    assert run_scenario(COMPILED.program, scenario, others).failures == ()
