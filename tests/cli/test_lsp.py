from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from orderloom.cli.main import main


def test_without_its_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orderloom.cli.lsp.find_spec", lambda name: None)
    done = CliRunner().invoke(main, ["lsp"])
    assert (done.exit_code, done.output) == (
        2,
        "Error: the language server needs a library that is not installed: pip install 'orderloom[lsp]'\n",
    )


def test_other_commands_load_nothing_of_it() -> None:
    asked = "import sys; from orderloom.cli.main import main; main(['validate', '--pack', 'retail'], standalone_mode=False)"
    told = f"try:\n exec({asked!r})\nexcept SystemExit: pass\nimport sys; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split()
    assert "orderloom.dsl.compile" in loaded
    strange = ("pygls", "lsprotocol", "orderloom.adapters.lsp", "orderloom.dsl.authoring", "orderloom.dsl.fixes")
    assert [name for name in loaded if name.startswith(strange)] == []
