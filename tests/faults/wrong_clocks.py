"""Clocks that are wrong: of one process, by a library that is loaded before the C library."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def wrong_clock(folder: Path, name: str, seconds: int) -> dict[str, str]:
    """The environment of a process whose clock is wrong by so much; the file that it names can be changed later."""
    library, off_by = folder / "clock.so", folder / f"off-{name}"
    off_by.write_text(str(seconds))
    if not library.exists():
        _compile(library)
    for path in (library, off_by):
        path.chmod(0o644)
    return {"LD_PRELOAD": str(library), "CLOCK_OFF_BY": str(off_by)}


def _compile(library: Path) -> None:
    compiler = shutil.which("cc")
    if not compiler:
        pytest.skip("there is no C compiler to make a wrong clock with")
    source = Path(__file__).parent / "clock.c"
    made = subprocess.run(
        [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(source), "-ldl"],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        pytest.skip(f"a wrong clock cannot be made here: {made.stderr}")
