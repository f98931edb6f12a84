"""The shipped packs: processes/<pack> and rules/<pack>, wherever the package is installed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from orderloom.dsl.decode import decode
from orderloom.dsl.reader import read
from orderloom.dsl.source import Source
from orderloom.dsl.syntax import Manifest

_FOLDERS = ("processes", "rules")
SUFFIXES = (".yaml", ".yml", ".csv", ".xlsx")  #: the files of which definitions consist


@cache
def packs() -> tuple[str, ...]:
    """The names of the shipped packs: the folders in `rules` that have a manifest."""
    return tuple(sorted(entry.name for entry in _root("rules").iterdir() if (entry / "orderloom.yaml").is_file()))


@cache
def pack_sources(pack: str) -> tuple[Source, ...]:
    """The files of a pack, scenarios included, after those of the packs that it builds on; none when there is no such pack."""
    if pack not in packs():
        return ()
    own = [source for folder in _FOLDERS for source in _below(_root(folder) / pack, f"{folder}/{pack}", pack)]
    return (*built_on(source for source in own if source.path == f"rules/{pack}/orderloom.yaml"), *own)


def built_on(manifests: Iterable[Source]) -> tuple[Source, ...]:
    """The files of the packs that a manifest names, each once; what is wrong with it is the compiler's to tell."""
    bodies = [decode(node, Manifest)[0] for source in manifests for node in read(source)[0]]
    named = [pack.value for body in bodies if isinstance(body, Manifest) for pack in body.packs]
    return tuple(dict.fromkeys(source for pack in named for source in pack_sources(pack)))


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
