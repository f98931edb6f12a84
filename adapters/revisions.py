"""The definitions of a workspace as they stand in a revision of git; nothing is checked out."""

from __future__ import annotations

import subprocess
from pathlib import Path, PurePosixPath

from orderloom.dsl.documents import MANIFEST
from orderloom.dsl.load import FOLDERS, with_packs
from orderloom.dsl.packs import SUFFIXES
from orderloom.dsl.source import Source
from orderloom.engine.refused import Refused

_FILES = ("100644", "100755")  #: modes; links lead out of the revision


def sources_at(revision: str, folder: Path) -> tuple[Source, ...] | Refused:
    """The files of a workspace in a revision, its packs first: `REV` means this folder there, `REV:path` another one.

    Packs are those that are installed here, as the revision only names them.
    """
    if revision.startswith("-"):
        return Refused(f"{revision} is no revision")
    try:
        tree = _tree(revision, folder)
        own = tuple(_files(tree, folder))
    except FileNotFoundError:
        return Refused("git is not installed here")
    except subprocess.CalledProcessError as failed:
        words = failed.stderr.decode(errors="replace").strip().splitlines()
        because = words[-1].removeprefix("fatal: ") if words else f"git knows no revision {revision}"
        return Refused(f"{revision}: {because}")
    if not any(source.path == MANIFEST for source in own):
        return Refused(f"there is no {MANIFEST} in {revision}; REV:path names another folder")
    return with_packs(own)


def _tree(revision: str, folder: Path) -> str:
    named, colon, path = revision.partition(":")
    inside = path.strip("/") if colon else _git(folder, "rev-parse", "--show-prefix").decode().strip().strip("/")
    wanted = f"{named}:{inside}" if inside else f"{named}^{{tree}}"
    return _git(folder, "rev-parse", "--verify", "--end-of-options", wanted).decode().strip()


def _files(tree: str, folder: Path) -> list[Source]:
    """The definitions in a tree, as `load.files_of` finds them in a folder."""
    listed = _git(folder, "ls-tree", "-r", "-z", "--full-tree", tree, MANIFEST, *FOLDERS).decode().split("\0")
    found: dict[str, str] = {}
    for line in filter(None, listed):
        about, _, path = line.partition("\t")
        mode, _, digest = about.split()
        if mode in _FILES and _is_definition(path):
            found[path] = digest
    ordered = sorted(found, key=lambda path: (path != MANIFEST, path))
    contents = _contents([found[path] for path in ordered], folder)
    return [Source(path, content) for path, content in zip(ordered, contents, strict=True)]


def _is_definition(path: str) -> bool:
    parts = PurePosixPath(path)
    return path == MANIFEST or (parts.parts[0] in FOLDERS and parts.suffix in SUFFIXES)


def _contents(digests: list[str], folder: Path) -> list[bytes]:
    """The files with these digests, by one call: each is preceded by a line that tells its length."""
    answer = _git(folder, "cat-file", "--batch", told="".join(f"{digest}\n" for digest in digests).encode())
    found, at = [], 0
    for _ in digests:
        end = answer.index(b"\n", at)
        size = int(answer[at:end].split()[2])
        found.append(answer[end + 1 : end + 1 + size])
        at = end + size + 2
    return found


def _git(folder: Path, *words: str, told: bytes | None = None) -> bytes:
    done = subprocess.run(["git", "-C", str(folder), *words], input=told, capture_output=True, check=True)
    return done.stdout
