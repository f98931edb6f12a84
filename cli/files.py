"""Files that a command writes anew."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile


def put(path: Path, content: bytes) -> None:
    """Puts the new file in the place of the old one at once: whoever reads meanwhile sees the one or the other."""
    target = path.resolve()
    with NamedTemporaryFile("wb", dir=target.parent, delete=False) as file:
        file.write(content)
    written = Path(file.name)
    written.chmod(target.stat().st_mode & 0o7777)
    written.replace(target)
