"""The telecom pack: its scenarios hold, and a new workspace on it is sound."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from orderloom.adapters.scenarios.run import run_scenario
from orderloom.cli.main import main
from orderloom.dsl.compile import compile_pack

PACK = compile_pack("telecom")
KNOWN = {scenario.name: scenario for scenario in PACK.scenarios}


@pytest.mark.parametrize("name", KNOWN)
def test_a_scenario_of_the_pack_holds(name: str) -> None:
    assert PACK.program is not None
    assert run_scenario(PACK.program, KNOWN[name], KNOWN).failures == ()


def test_a_new_workspace_on_the_pack_is_sound(tmp_path: Path) -> None:
    shop = str(tmp_path / "shop")
    for command in (["init", shop, "--pack", "telecom"], ["validate", shop], ["test", shop]):
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output
    assert "1 of 1 scenarios passed" in result.output
