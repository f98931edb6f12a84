"""Disks that are small, and full."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest


@contextmanager
def small_disk(size: str) -> Iterator[Path]:
    """A disk in memory. Only root may make one."""
    folder = Path(tempfile.mkdtemp(prefix="fd-", dir="/tmp"))
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)], capture_output=True, check=False)
    if made.returncode:
        folder.rmdir()
        pytest.skip(f"a disk of a given size cannot be made here: {made.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


def fill_up(ballast: Path) -> None:
    """Takes whatever is left of the disk on which this file is to be."""
    for size in (1 << 16, 1):
        with suppress(OSError), ballast.open("ab", buffering=0) as file:
            while file.write(bytes(size)):
                pass
