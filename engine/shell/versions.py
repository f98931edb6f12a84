"""The versions that a store has, and what runs on each."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, select

from orderloom.engine.refused import Refused
from orderloom.engine.shell.programs import in_force
from orderloom.engine.store import Store, tables

SHORT = 12  #: digits of a digest that people are shown


class Version(Struct, frozen=True):
    """One version. `effective` are the moments from which it was set in force, `notes` what was said then."""

    number: int
    digest: str
    deployed_at: datetime
    deployed_by: str
    effective: tuple[datetime, ...]
    notes: tuple[str, ...]
    running: int
    in_force: bool


def versions(store: Store) -> tuple[Version, ...]:
    """Every version by number, with the orders that run on it."""
    d, f, o = tables.definitions.c, tables.in_force.c, tables.orders.c
    with store.reading() as connection:
        current = in_force(connection, store.shard)
        dates: dict[str, list[tuple[datetime, str]]] = {}
        of_dates = select(f.digest, f.effective_at, f.note).where(f.shard == store.shard).order_by(f.number)
        for digest, effective_at, note in connection.execute(of_dates):
            dates.setdefault(digest, []).append((effective_at, note))
        counting = select(o.program, func.count()).where(o.shard == store.shard, o.outcome.is_(None)).group_by(o.program)
        running: dict[str, int] = dict(connection.execute(counting).all())
        rows = connection.execute(
            select(d.number, d.digest, d.deployed_at, d.deployed_by).where(d.shard == store.shard).order_by(d.number, d.digest)
        ).all()
    return tuple(
        Version(
            *row,
            effective=tuple(moment for moment, _ in dates.get(row.digest, ())),
            notes=tuple(note for _, note in dates.get(row.digest, ()) if note),
            running=running.get(row.digest, 0),
            in_force=row.digest == current,
        )
        for row in rows
    )


def version_named(store: Store, name: str) -> Version | Refused:
    """The version with this number, or whose digest begins so."""
    known = versions(store)
    found = [each for each in known if str(each.number) == name] or [each for each in known if each.digest.startswith(name)]
    if len(found) == 1:
        return found[0]
    numbers = ", ".join(str(each.number) for each in known) or "none"
    several = f"{len(found)} versions begin with {name}"
    return Refused(several if found else f"there is no version {name} in this store; there are: {numbers}")
