"""The laws of an archive: every file is as it was written, every history in it fits, and the store knows each order in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import DecodeError, ValidationError
from sqlalchemy import select

from orderloom.engine.audit import files
from orderloom.engine.audit.finding import Finding
from orderloom.engine.audit.history import first_broken
from orderloom.engine.store import Store, tables

WHOLE = "an archive has every file"
FITS = "an archived history is as it was written"
KNOWN = "the store knows what an archive has"

_BACKUP = "restore the file from a backup of the archive"


def broken_by_archive(store: Store, folder: Path) -> Iterator[Finding]:
    """Findings of an archive, a file at a time."""
    folder = folder.resolve()
    names = _files_of(store, folder)
    try:
        listed = list(files.entries(folder))
    except (OSError, DecodeError, ValidationError) as fault:
        yield _finding(WHOLE, files.MANIFEST, f"its manifest cannot be read: {fault}")
        return
    for each in listed:
        yield from _of_file(store, folder, each)
    for name in sorted(names - {each.file for each in listed}):
        todo = "archive again: what the manifest lacks is added"
        yield _finding(WHOLE, name, "the store says that it has orders, and the manifest does not have it", todo)


def _of_file(store: Store, folder: Path, listed: files.Listed) -> Iterator[Finding]:
    file = folder / listed.file
    if not file.exists():
        yield _finding(WHOLE, listed.file, f"it is not there; it has {listed.orders} orders, {listed.first} to {listed.last}")
        return
    if files.digest(file) != listed.sha256:
        yield _finding(WHOLE, listed.file, "it is not as it was written")
    known, found = _chains(store, listed.file), set[str]()
    try:
        for packed in files.read_orders(file):
            order = packed["order"]
            found.add(order["id"])
            yield from _of_order(listed.file, packed, known.get(order["id"]))
    except (OSError, EOFError, DecodeError, ValidationError, LookupError, TypeError) as fault:
        yield _finding(WHOLE, listed.file, f"it cannot be read: {fault}")
        return
    for id in sorted(known.keys() - found):
        yield _finding(KNOWN, listed.file, f"order {id} went into it, and is not in it")


def _of_order(file: str, packed: files.Packed, chain: str | None) -> Iterator[Finding]:
    order = packed["order"]
    broken = first_broken({name: rows for name, rows in packed.items() if name != "order"}, order["chain"])
    if broken is not None:
        yield _finding(FITS, file, f"order {order['id']}: event {broken} does not fit its link")
    if chain is None:
        todo = "nothing is lost: the order is in the file; say so in the store, or find out who removed its row"
        yield _finding(KNOWN, file, f"order {order['id']} is in it, and the store does not say so", todo)
    elif chain != order["chain"]:
        yield _finding(FITS, file, f"order {order['id']}: its history does not end as it did when it left the store")


def _files_of(store: Store, folder: Path) -> set[str]:
    a = tables.archived.c
    with store.reading() as connection:
        asked = select(a.file).where(a.shard == store.shard, a.folder == str(folder)).distinct()
        return set(connection.execute(asked).scalars())


def _chains(store: Store, file: str) -> dict[str, str]:
    a = tables.archived.c
    with store.reading() as connection:
        return dict(connection.execute(select(a.order_id, a.chain).where(a.shard == store.shard, a.file == file)).all())


def _finding(law: str, file: str, because: str, todo: str = _BACKUP) -> Finding:
    return Finding(law, f"archive file {file}", because, "archived", file, todo)
