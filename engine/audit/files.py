"""The files of an archive: orders as JSON lines, compressed, and a manifest that has a line for each file.

A file is there as a whole or not at all, and once the manifest has it, it never changes.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct, json

MANIFEST = "manifest.jsonl"

Packed = dict[str, Any]  #: an order: its row, and the rows of each table


class Owner(Struct, frozen=True):
    """Whose archive it is: the first line of the manifest."""

    workspace: str
    made_at: str


class Listed(Struct, frozen=True):
    """A file of an archive; `sha256` is of its bytes."""

    file: str
    orders: int
    first: str
    last: str
    sha256: str


def begin(folder: Path, owner: Owner) -> Owner:
    """Makes an archive of the owner where there is none yet; whose it is."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = folder / MANIFEST
    if not manifest.exists() or not manifest.read_bytes().endswith(b"\n"):
        listed = list(entries(folder)) if manifest.exists() else []
        _write(manifest, [json.encode(each) + b"\n" for each in (owner, *listed)])
    with manifest.open("rb") as lines:
        return json.decode(next(lines), type=Owner)


def entries(folder: Path) -> Iterator[Listed]:
    """The files that the manifest has; a last line that was cut off is none."""
    with (folder / MANIFEST).open("rb") as lines:
        next(lines, None)
        for line in lines:
            if line.endswith(b"\n"):
                yield json.decode(line, type=Listed)


def add(folder: Path, listed: Listed) -> None:
    """Adds a file to the manifest, for good."""
    with (folder / MANIFEST).open("ab") as manifest:
        manifest.write(json.encode(listed) + b"\n")
        _settle(manifest.fileno())


def write_orders(file: Path, orders: Iterable[Packed]) -> None:
    """Writes orders, for good: the file is there when all of it is on the disk."""
    part = file.with_name(f"{file.name}.part")
    with part.open("wb") as raw:
        with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as packed:
            for order in orders:
                packed.write(json.encode(order) + b"\n")
        raw.flush()
        _settle(raw.fileno())
    part.replace(file)
    _settle_folder(file.parent)


def read_orders(file: Path) -> Iterator[Packed]:
    """The orders of a file; raises OSError, EOFError or msgspec's DecodeError where it is damaged."""
    with gzip.open(file) as lines:
        for line in lines:
            yield json.decode(line, type=Packed)


def listed(file: Path) -> Listed:
    """What the manifest says of a file."""
    ids = [order["order"]["id"] for order in read_orders(file)]
    return Listed(file.name, len(ids), min(ids), max(ids), digest(file))


def digest(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with file.open("rb") as raw:
        return hashlib.file_digest(raw, "sha256").hexdigest()


def _write(file: Path, lines: Iterable[bytes]) -> None:
    part = file.with_name(f"{file.name}.part")
    with part.open("wb") as raw:
        raw.writelines(lines)
        raw.flush()
        _settle(raw.fileno())
    part.replace(file)
    _settle_folder(file.parent)


def _settle(number: int) -> None:
    os.fsync(number)


def _settle_folder(folder: Path) -> None:
    """Makes a new name in a folder last, where the system lets a folder be opened for that."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
