"""Commands as users run them: in this process by click's runner, or as a program of their own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orderloom.cli.main import main

PROGRAM = Path(sys.executable).with_name("orderloom")
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ORDERLOOM_DEBUG", raising=False)
    return lambda *args: CliRunner().invoke(main, [str(arg) for arg in args], prog_name="orderloom")


@pytest.fixture
def shop(run: Run, tmp_path: Path) -> Path:
    """A workspace as `init` writes it."""
    assert run("init", "shop").exit_code == 0
    return tmp_path / "shop"


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the installed program in the empty folder, its output piped."""

    def call(*args: object) -> subprocess.CompletedProcess[str]:
        command = [str(PROGRAM), *map(str, args)]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)

    return call
