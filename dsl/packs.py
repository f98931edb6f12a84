"""The shipped packs: processes/<pack> and rules/<pack>, wherever the package is installed."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from orderloom.dsl.source import Source

_FOLDERS = ("processes", "rules")
SUFFIXES = (".yaml", ".yml", ".csv", ".xlsx")  #: the files of which definitions consist


@cache
def packs() -> tuple[str, ...]:
    """The names of the shipped packs: the folders in `rules` that have a manifest."""
    return tuple(sorted(entry.name for entry in _root("rules").iterdir() if (entry / "orderloom.yaml").is_file()))


@cache
def pack_sources(pack: str) -> tuple[Source, ...]:
    """The files of a pack, scenarios included; none when there is no such pack."""
    if pack not in packs():
        return ()
    return tuple(source for folder in _FOLDERS for source in _below(_root(folder) / pack, f"{folder}/{pack}", pack))


def pack_at(folder: Path) -> str | None:
    """The shipped pack of which this folder is a half; None for every other folder."""
    halves = ((name, Path(str(_root(half) / name))) for name in packs() for half in _FOLDERS)
    return next((name for name, half in halves if half.resolve() == folder.resolve()), None)


def _root(folder: str) -> Traversable:
    return files(f"orderloom.{folder}")


def _below(folder: Traversable, path: str, pack: str) -> list[Source]:
    if not folder.is_dir():
        return []
    found = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _below(entry, f"{path}/{entry.name}", pack)
        elif entry.name.endswith(SUFFIXES):
            found.append(Source(f"{path}/{entry.name}", entry.read_bytes(), pack))
    return found
