"""Files that a command writes anew, and those that it leaves alone."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def closed(path: Path, folder: Path | None) -> str:
    """Why a file is not written anew, empty where it may be: it lies elsewhere than in the folder, or is not to be written.

    The rights count for the administrator, too, to whom a system lets everything be written.
    """
    target = path.resolve()
    if folder is not None and not target.is_relative_to(folder.resolve()):
        return f"lies outside of {folder.resolve()}"
    return "" if target.stat().st_mode & 0o222 and os.access(target, os.W_OK) else "is not writable"


def put(path: Path, content: bytes) -> None:
    """Puts the new file in the place of the old one at once: whoever reads meanwhile sees the one or the other."""
    target = path.resolve()
    with NamedTemporaryFile("wb", dir=target.parent, delete=False) as file:
        file.write(content)
    written = Path(file.name)
    written.chmod(target.stat().st_mode & 0o7777)
    written.replace(target)
