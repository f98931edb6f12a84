"""A workspace that somebody edits: its files on the disk, with open buffers laid over them."""

from __future__ import annotations

from pathlib import Path

from orderloom.dsl.authoring.whole import Whole, whole
from orderloom.dsl.compile import compile
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.documents import MANIFEST
from orderloom.dsl.known import Known
from orderloom.dsl.load import load_workspace
from orderloom.dsl.packs import pack_at, pack_sources
from orderloom.dsl.source import Source

LONE = b"orderloom: 1\nworkspace: files\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"


def home_of(path: Path) -> Path:
    """The folder of the workspace around a file: the closest one with a manifest; its own folder where there is none."""
    return next((folder for folder in path.parents if (folder / MANIFEST).is_file()), path.parent)


class Desk:
    """One workspace. What is asked of it is answered from what was read last, and only what has changed is read again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: dict[str, str] = {}
        self._read: tuple[Source, ...] | None = None
        self._whole: Whole | None = None
        self._known, self._tries = Known(), Known()

    def put(self, path: Path, text: str) -> None:
        """The text of an open buffer."""
        self._open[self.name(path)] = text
        self._whole = None

    def close(self, path: Path) -> None:
        self._open.pop(self.name(path), None)
        self.reload()

    def reload(self) -> None:
        """Something on the disk has changed."""
        self._read = self._whole = None

    def name(self, path: Path) -> str:
        """How findings call a file."""
        return path.relative_to(self.folder).as_posix() if path.is_relative_to(self.folder) else path.as_posix()

    def source(self, path: Path) -> Source | None:
        return self.whole().files.get(self.name(path))

    def whole(self) -> Whole:
        """All of it as it is now."""
        if self._whole is None:
            self._whole = whole(self._sources(), self._known)
        return self._whole

    def look(self, source: Source) -> Whole:
        """All of it as it would be with another text of one file."""
        others = (each for each in self._sources() if each.path != source.path)
        return whole((*others, source), self._tries)

    def check(self, sources: tuple[Source, ...]) -> tuple[Diagnostic, ...]:
        """What would be said of other files."""
        return compile(sources, self._tries).diagnostics

    def _sources(self) -> tuple[Source, ...]:
        if self._read is None:
            self._read = self._from_disk()
        left = dict(self._open)
        laid = [
            Source(each.path, left.pop(each.path).encode(), each.pack) if each.path in left and each.pack is None else each
            for each in self._read
        ]
        return (*laid, *(Source(path, text.encode()) for path, text in left.items()))

    def _from_disk(self) -> tuple[Source, ...]:
        pack = pack_at(self.folder)
        if pack is not None:  # whoever writes a pack sees its own findings
            return tuple(Source(each.path, each.content) for each in pack_sources(pack))
        if (self.folder / MANIFEST).is_file() or MANIFEST in self._open:
            return load_workspace(self.folder)
        return (*pack_sources("retail"), Source(MANIFEST, LONE))
