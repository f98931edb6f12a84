"""The telecom pack: a new workspace on it is sound."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from orderloom.cli.main import main


def test_a_new_workspace_on_the_pack_is_sound(tmp_path: Path) -> None:
    shop = str(tmp_path / "shop")
    for command in (["init", shop, "--pack", "telecom"], ["validate", shop], ["test", shop]):
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output
    assert "1 of 1 scenarios passed" in result.output
