"""Partners that misbehave: every scenario ends as an analyst would expect."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.adapters.scenarios.run import run_scenario
from orderloom.dsl.compile import compile_workspace
from orderloom.dsl.diagnostics import render

COMPILED = compile_workspace(Path(__file__).parent / "partners")
BY_NAME = {scenario.name: scenario for scenario in COMPILED.scenarios}
OWN = [name for name, scenario in BY_NAME.items() if scenario.pack is None]


def test_the_definitions_have_no_findings() -> None:
    assert [render(found) for found in COMPILED.diagnostics] == []
    assert len(OWN) == 11


@pytest.mark.parametrize("name", OWN)
def test_the_scenario_holds(name: str) -> None:
    assert COMPILED.program is not None
    assert run_scenario(COMPILED.program, BY_NAME[name], BY_NAME).failures == ()
