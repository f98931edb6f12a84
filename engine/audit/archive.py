"""Takes orders that ended long ago out of the store, into files: as many at a time as one transaction may hold up others.

Each file is on the disk before its orders leave the store, in one transaction that also says where they are; the manifest
follows. So it may end at any moment, and goes on when it is begun again: a file that the store does not know is written anew,
one that the manifest lacks is added. Entries of the ledger are copied, and stay: they are the books of stock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import DecodeError, Struct, ValidationError
from sqlalchemy import BindParameter, bindparam, func, select, text

from orderloom.engine import wire
from orderloom.engine.audit import files
from orderloom.engine.audit.files import Owner, Packed
from orderloom.engine.audit.history import first_broken
from orderloom.engine.audit.rows import OrderRows, rows_of
from orderloom.engine.refused import Refused
from orderloom.engine.store import Store, tables
from orderloom.engine.store.connect import NOW
from orderloom.engine.store.statements import insert, run

AT_ONCE = 500  #: orders of a file, which leave the store in one transaction
PAGE = 100  #: orders that are read at a time

#: What goes with an order; the ledger stays.
_GO = ("reservations", "due", "outbox", "inbox", "history", "records", "exceptions", "holds", "tasks", "migrated", "search")

Told = Callable[[int, int], None]


class Gone(Struct, frozen=True):
    """What became of it: orders that went, into how many files, and why ended ones stayed."""

    orders: int
    files: int
    kept: dict[str, int]


class _Changed(Exception):
    """Something came in for an order since it was read."""


def archive(store: Store, folder: Path, before: datetime, told: Told = lambda done, total: None) -> Gone | Refused:
    """Archives every order that ended before a moment and has nothing open; told how many of the ended ones it has looked at."""
    folder = folder.resolve()
    owner = _owner(store)
    try:
        if files.begin(folder, owner) != owner:
            return Refused(f"{folder} has the archive of another store")
        _complete(store, folder)
    except (DecodeError, ValidationError, StopIteration) as fault:
        return Refused(f"{folder / files.MANIFEST} is no manifest of an archive: {fault}")
    return _archived(store, folder, before, told)


def _archived(store: Store, folder: Path, before: datetime, told: Told) -> Gone:
    total, looked, after, gone, written = _ended(store), 0, "", 0, 0
    kept = Counter[str]()
    while ids := _next(store, after):
        file = folder / f"orders-{_number(store):08}.jsonl.gz"
        going: dict[str, str] = {}
        stays = Counter[str]()
        files.write_orders(file, _packed(store, ids, before, going, stays))
        try:
            if going:
                _remove(store, folder, file.name, going)
        except _Changed:
            continue
        if going:
            files.add(folder, files.listed(file))
        else:
            file.unlink()
        gone, written, kept, looked, after = gone + len(going), written + bool(going), kept + stays, looked + len(ids), ids[-1]
        told(looked, total)
    return Gone(gone, written, dict(kept))


def _packed(store: Store, ids: list[str], before: datetime, going: dict[str, str], stays: Counter[str]) -> Iterator[Packed]:
    """The orders that may go, with all their rows; `going` gets their last links, `stays` why others may not."""
    for start in range(0, len(ids), PAGE):
        with store.reading() as connection:
            page = rows_of(connection, store.shard, ids[start : start + PAGE])
        for rows in page:
            because = _stays(rows, before)
            if because is None and rows.order is not None:
                going[rows.id] = rows.order["chain"]
                found = {table: [dict(row) for row in each] for table, each in rows.tables.items()}
                yield {"order": dict(rows.order), **found}
            elif because:
                stays[because] += 1


def _stays(rows: OrderRows, before: datetime) -> str | None:
    """Why an order that has ended may not go; empty where it just has not ended for long enough, None where it may."""
    moment = wire.moment_text(before)
    if any(row["at"] >= moment for row in rows["history"]):
        return ""
    if rows["due"] or any(row["done_at"] is None for row in rows["outbox"]):
        return "something is still due"
    if any(row["closed_at"] is None for row in rows["exceptions"]):
        return "an exception is open"
    if rows["reservations"]:
        return "something is still reserved"
    if rows.order is None or first_broken(rows.tables, rows.order["chain"]) is not None:
        return "its history does not fit: see `orderloom audit`"
    return None


def _remove(store: Store, folder: Path, file: str, going: dict[str, str]) -> None:
    """Removes the orders, and says where they are; raises _Changed where something has come in since they were read."""
    asked = {"shard": store.shard, "ids": sorted(going)}
    with store.writing() as connection:
        rows = connection.execute(_LOCK, asked).all()
        if {id: chain for id, chain, *_ in rows} != going or connection.execute(_CAME, asked).scalar_one():
            raise _Changed
        at = connection.exec_driver_sql(NOW[connection.dialect.name]).scalar_one()
        where = [(store.shard, id, channel, number, str(folder), file, chain, at) for id, chain, channel, number in rows]
        run(connection, _WHERE, where)
        for statement in _GONE:
            connection.execute(statement, asked)


def _complete(store: Store, folder: Path) -> None:
    """Adds to the manifest what went into the archive when nobody was left to say so."""
    there = {each.file for each in files.entries(folder)}
    a = tables.archived.c
    asked = select(a.file).where(a.shard == store.shard, a.folder == str(folder)).distinct().order_by(a.file)
    with store.reading() as connection:
        names = connection.execute(asked).scalars().all()
    for name in names:
        if name not in there:
            files.add(folder, files.listed(folder / name))


def _owner(store: Store) -> Owner:
    w = tables.workspace.c
    with store.reading() as connection:
        name, made_at = connection.execute(select(w.name, w.created_at).where(w.shard == store.shard)).one()
    return Owner(name, wire.moment_text(made_at))


def _number(store: Store) -> int:
    """The number of the next file: those of the store's files never come again."""
    a = tables.archived.c
    with store.reading() as connection:
        last = connection.execute(select(func.max(a.file)).where(a.shard == store.shard)).scalar_one()
    return int(last.partition("-")[2].partition(".")[0]) + 1 if last else 1


def _ended(store: Store) -> int:
    with store.reading() as connection:
        return int(connection.execute(_COUNT, {"shard": store.shard}).scalar_one())


def _next(store: Store, after: str) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(_ENDED, {"shard": store.shard, "after": after, "limit": AT_ONCE}).scalars())


_o = tables.orders.c
_ids: BindParameter[str] = bindparam("ids", expanding=True)
_has_ended = (_o.shard == bindparam("shard"), _o.outcome.is_not(None))
_COUNT = select(func.count()).select_from(tables.orders).where(*_has_ended)
_ENDED = select(_o.id).where(*_has_ended, _o.id > bindparam("after")).order_by(_o.id).limit(bindparam("limit"))
_LOCK = (
    select(_o.id, _o.chain, _o.channel, _o.external_id)
    .where(_o.shard == bindparam("shard"), _o.id.in_(_ids))
    .order_by(_o.id)
    .with_for_update()
)
_CAME = text("SELECT COUNT(*) FROM due WHERE shard = :shard AND order_id IN :ids").bindparams(_ids)
_WHERE = insert(tables.archived)


def _delete(table: str, key: str) -> Any:
    return text(f"DELETE FROM {table} WHERE shard = :shard AND {key} IN :ids").bindparams(_ids)


_GONE = (*(_delete(table, "order_id") for table in _GO), _delete("orders", "id"))
