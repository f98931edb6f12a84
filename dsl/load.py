"""A workspace's folder -> sources: its own files, and those of the packs that its manifest names."""

from __future__ import annotations

from pathlib import Path

from orderloom.dsl.decode import plain
from orderloom.dsl.documents import MANIFEST, YAML
from orderloom.dsl.library import SUFFIXES, pack_sources
from orderloom.dsl.reader import MAX_BYTES, read
from orderloom.dsl.source import Source

FOLDERS = ("processes", "rules", "scenarios")
MAX_TABLE_BYTES = 50_000_000  #: of a CSV or XLSX file


def load_workspace(folder: Path) -> tuple[Source, ...]:
    """All files of a workspace, with paths relative to it, packs first. Raises OSError where a file cannot be read."""
    own = [_read(folder / MANIFEST, folder)] if (folder / MANIFEST).is_file() else []
    paths = sorted(path for name in FOLDERS for path in (folder / name).rglob("*") if path.suffix in SUFFIXES and path.is_file())
    shipped = [source for pack in _packs(own) for source in pack_sources(pack)]
    return (*shipped, *own, *(_read(path, folder) for path in paths))


def _read(path: Path, folder: Path) -> Source:
    limit = MAX_BYTES if path.suffix in YAML else MAX_TABLE_BYTES
    with path.open("rb") as file:
        return Source(path.relative_to(folder).as_posix(), file.read(limit + 1))


def _packs(manifests: list[Source]) -> list[str]:
    """The packs as the manifest names them; what is wrong with it is the compiler's to tell."""
    documents = [plain(node) for source in manifests for node in read(source)[0]]
    named = documents[0].get("packs") if documents and isinstance(documents[0], dict) else None
    return [pack for pack in named if isinstance(pack, str)] if isinstance(named, list) else []
