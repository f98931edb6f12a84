"""Money by requests to a bank: set aside, taken, freed, given back, and what goes wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.adapters.scenarios.run import run_scenario
from orderloom.dsl.compile import compile_workspace
from orderloom.dsl.diagnostics import render
from orderloom.dsl.scenario import Scenario

COMPILED = compile_workspace(Path(__file__).parent / "payments")
OWN = [scenario for scenario in COMPILED.scenarios if scenario.pack is None]  #: its processes are not the pack's


def test_the_definitions_have_no_findings() -> None:
    assert [render(found) for found in COMPILED.diagnostics] == []


@pytest.mark.parametrize("scenario", OWN, ids=lambda scenario: scenario.name)
def test_the_scenario_holds(scenario: Scenario) -> None:
    assert COMPILED.program is not None
    others = {each.name: each for each in COMPILED.scenarios}
    assert run_scenario(COMPILED.program, scenario, others).failures == ()
