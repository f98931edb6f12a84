"""`orderloom fmt`."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

PROGRAM = Path(sys.executable).with_name("orderloom")
Run = Callable[..., Result]
UGLY = "kind:   process   # told\nname: a\nsteps:\n- {step: s1,end: done}\n"
NEAT = "kind: process  # told\nname: a\nsteps:\n  - { step: s1, end: done }\n"


def test_a_workspace_is_written_in_one_style(shop: Path, run: Run) -> None:
    run("fmt", shop)
    file = shop / "processes" / "ugly.yaml"
    file.write_bytes(UGLY.replace("\n", "\r\n").encode())
    file.chmod(0o640)
    checked = run("fmt", shop, "--check")
    assert (checked.exit_code, checked.stdout) == (1, f"{file}\n") and "\r" in file.read_bytes().decode()
    shown = run("fmt", "--diff", file)
    assert shown.exit_code == 1 and "+  - { step: s1, end: done }" in shown.stdout
    assert run("fmt", shop).exit_code == 0
    assert file.read_text() == NEAT and file.stat().st_mode & 0o777 == 0o640
    assert run("fmt", shop, "--check").exit_code == 0


def test_what_cannot_be_read_is_left_alone_and_the_others_are_written(shop: Path, run: Run) -> None:
    bad, ugly = shop / "rules" / "bad.yaml", shop / "rules" / "ugly.yaml"
    bad.write_text("a: [\n")
    ugly.write_text(UGLY)
    told = run("fmt", shop)
    assert told.exit_code == 1 and f"{bad}: cannot be read" in told.stderr
    assert (bad.read_text(), ugly.read_text()) == ("a: [\n", NEAT)


def test_a_text_goes_through(tmp_path: Path) -> None:
    done = subprocess.run([PROGRAM, "fmt", "-"], input=UGLY.encode(), capture_output=True, cwd=tmp_path, check=True)
    assert done.stdout.decode() == NEAT
    done = subprocess.run([PROGRAM, "fmt", "-"], input=b"a: [", capture_output=True, cwd=tmp_path)
    assert done.returncode == 2 and not done.stdout


def test_there_has_to_be_a_workspace(run: Run, tmp_path: Path) -> None:
    assert run("fmt", tmp_path).exit_code == 2
