"""The demo: a data set in the shape of the shipped one, played from the first order to the end of the last."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import func, select

from orderloom.adapters.imports.datasets import DataFile, data_files
from orderloom.adapters.imports.file import Progress, Report, import_file
from orderloom.adapters.imports.kinds import kinds
from orderloom.adapters.imports.known import known_in
from orderloom.adapters.people import People
from orderloom.adapters.simulator import simulated
from orderloom.adapters.versions import current_version, versions
from orderloom.dsl.program import Program
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, tables
from orderloom.engine.store.agenda import Agenda, earliest

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)  #: the moment of what there is before the first order
TICK = timedelta(hours=6)  #: of simulated time; longer ones make larger batches
LOOK = 20  #: batches between two looks at how far it has come


def load(store: Store, program: Program, folder: Path, file: DataFile, limit: int | None, progress: Progress) -> Report:
    """Imports one file of a data set, at most `limit` rows. Loading it again changes nothing. Raises OSError."""
    kind = kinds(store, program, BEGINNING, captured_at=None)[file.kind]
    path = data_files(folder)[file.kind]
    return import_file(path, kind, known_in(store, program), rejects_of(store, file), file.renames, progress, limit)


def rejects_of(store: Store, file: DataFile) -> Path:
    """Where rejected rows of a file go: beside the store."""
    return Path(f"{store.engine.url.database}.{file.kind}.rejects.jsonl")


def play(store: Store, seed: int, progress: Callable[[int, int], None], *, faultless: bool = False) -> bool:
    """Runs every order until nothing is due any more, with simulated time and partners; False when it was stopped before.

    `faultless` partners make no mistakes. SIGINT and SIGTERM stop it.
    """
    program = current_version(store)
    adapters, people = simulated(program, seed, faultless=faultless), People(store, program, seed)
    worker = Worker(store, versions(store), adapters, SimulatedClock(store, TICK))
    batches = count()

    def between(_: object) -> None:
        people()
        if not next(batches) % LOOK:
            progress(*ended(store))

    with worker.stopped_by_signals():
        worker.run_until_idle(between)
    progress(*ended(store))
    return earliest(store) == Agenda(None, None)


def has_begun(store: Store) -> bool:
    """Whether any order was worked on; the whole data set was loaded before."""
    t = tables.orders.c
    with store.reading() as connection:
        return connection.execute(select(t.id).where(t.shard == store.shard, t.state.is_not(None)).limit(1)).first() is not None


def ended(store: Store) -> tuple[int, int]:
    """How many orders have ended, of how many."""
    t = tables.orders.c
    with store.reading() as connection:
        done, whole = connection.execute(select(func.count(t.outcome), func.count()).where(t.shard == store.shard)).one()
    return done, whole
