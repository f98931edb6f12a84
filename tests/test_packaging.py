"""What an installation gets is what the repository holds."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("dsl", "engine", "adapters", "cli", "processes", "rules")


def tracked(*folders: str) -> set[str]:
    listed = subprocess.run(["git", "ls-files", *folders], cwd=ROOT, capture_output=True, text=True, check=True)
    return {name for name in listed.stdout.split("\n") if (ROOT / name).is_file()}


def checkout(folder: Path) -> Path:
    """The tracked files alone: what an earlier build left here must not get into the wheel."""
    for name in tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


def test_the_wheel_holds_every_tracked_file(tmp_path: Path) -> None:
    source = checkout(tmp_path / "source")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, source], check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert packed == {f"orderloom/{name}" for name in tracked(*PACKAGES)}
