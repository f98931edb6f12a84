"""Every scenario holds; those of World W and of the shipped packs leave nothing of it untried."""

from __future__ import annotations

from pathlib import Path

import pytest

from orderloom.adapters.scenarios.coverage import coverage
from orderloom.adapters.scenarios.run import ScenarioResult, run_scenario
from orderloom.dsl.compile import Compiled, compile_pack, compile_workspace
from orderloom.dsl.diagnostics import render


def _workspaces(*names: str) -> dict[str, Compiled]:
    return {name: compile_workspace(Path(__file__).parent / name) for name in names}


WHOLE = {
    **_workspaces("world-w", "supply", "promises", "channels", "furniture"),
    **{pack: compile_pack(pack) for pack in ("retail", "manufacturing", "telecom")},
}
#: Each about one thing, on a shipped pack.
PARTS = {**_workspaces("alerts", "monitors", "partners", "payments", "people"), "retail-phases": compile_pack("retail-phases")}
COMPILED = WHOLE | PARTS
NAMES = [
    (place, each.name)
    for place, found in COMPILED.items()
    for each in found.scenarios
    if place in WHOLE or each.pack in (None, place)
]


def played(where: str, name: str) -> ScenarioResult:
    compiled = COMPILED[where]
    assert compiled.program is not None
    by_name = {scenario.name: scenario for scenario in compiled.scenarios}
    return run_scenario(compiled.program, by_name[name], by_name)


@pytest.mark.parametrize("where", COMPILED)
def test_the_definitions_have_no_findings(where: str) -> None:
    assert [render(found) for found in COMPILED[where].diagnostics] == []
    assert len([name for place, name in NAMES if place == where]) >= 3


@pytest.mark.parametrize(("where", "name"), NAMES)
def test_the_scenario_holds(where: str, name: str) -> None:
    assert played(where, name).failures == ()


@pytest.mark.parametrize("where", WHOLE)
def test_every_step_way_and_row_is_exercised(where: str) -> None:
    program = COMPILED[where].program
    assert program is not None
    stories = [story for place, name in NAMES if place == where for story in played(where, name).stories]
    called = {name for name, decision in program.decisions.items() if decision.given}
    shares = [share for share in coverage(program, stories) if share.kind != "rules" and share.of not in called]
    assert {(share.of, share.kind): share.missed for share in shares if share.missed} == {}
    assert {share.kind for share in shares} == {"steps", "ways", "rows"}
