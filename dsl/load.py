"""A workspace's folder -> sources: its own files, and those of the packs that its manifest names."""

from __future__ import annotations

from pathlib import Path

from orderloom.dsl.documents import MANIFEST, YAML
from orderloom.dsl.packs import SUFFIXES, built_on
from orderloom.dsl.reader import MAX_BYTES
from orderloom.dsl.source import Source

FOLDERS = ("processes", "rules", "scenarios")
MAX_TABLE_BYTES = 50_000_000  #: of a CSV or XLSX file


def load_workspace(folder: Path) -> tuple[Source, ...]:
    """All files of a workspace, with paths relative to it, packs first. Raises OSError where a file cannot be read."""
    return with_packs(tuple(_read(path, folder) for path in files_of(folder)))


def with_packs(own: tuple[Source, ...]) -> tuple[Source, ...]:
    """The files of the packs that a workspace's manifest names, and then its own."""
    return (*built_on(each for each in own if each.path == MANIFEST), *own)


def files_of(folder: Path) -> list[Path]:
    """The workspace's own files, the manifest first."""
    paths = sorted(path for name in FOLDERS for path in (folder / name).rglob("*") if path.suffix in SUFFIXES)
    return [path for path in (folder / MANIFEST, *paths) if path.is_file()]


def _read(path: Path, folder: Path) -> Source:
    limit = MAX_BYTES if path.suffix in YAML else MAX_TABLE_BYTES
    with path.open("rb") as file:
        return Source(path.relative_to(folder).as_posix(), file.read(limit + 1))
