"""A worker that is killed between any two writes, or while it calls a partner: the next one does all the rest, each thing once.

Every row that a turn or a delivery writes is a point, and so are every commit and both ends of every call of a partner.
"""

from __future__ import annotations

import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from ends import End, end_of
from nursery import Nursery, Task
from patience import until
from postgres import running
from sqlalchemy import URL
from test_storm import Fresh, databases, files

from orderloom.adapters.imports.datasets import shipped_data

Record = Callable[[str, object], None]


def test_a_worker_killed_between_two_writes(tmp_path: Path, nursery: Nursery, record_property: Record) -> None:
    with files(tmp_path, shipped_data(), 8) as fresh:
        record_property("report", "SQLite: " + killed_at(nursery, fresh, tmp_path, 10))


def test_a_worker_killed_between_two_writes_to_a_server(
    tmp_path: Path, nursery: Nursery, postgres: URL, record_property: Record
) -> None:
    with databases(postgres, shipped_data(), 8) as fresh:
        record_property("report", "PostgreSQL: " + killed_at(nursery, fresh, tmp_path, 10))


@pytest.mark.soak
def test_workers_killed_at_200_points(tmp_path: Path, nursery: Nursery, record_property: Record) -> None:
    with files(tmp_path, shipped_data(), 30) as fresh:
        record_property("report", "SQLite: " + killed_at(nursery, fresh, tmp_path, 200))


@pytest.mark.soak
def test_workers_killed_at_200_points_on_a_server(tmp_path: Path, nursery: Nursery, record_property: Record) -> None:
    with running(durable=True) as server, databases(server.server, shipped_data(), 30) as fresh:
        record_property("report", "PostgreSQL: " + killed_at(nursery, fresh, tmp_path, 200))


def killed_at(nursery: Nursery, fresh: Fresh, folder: Path, times: int) -> str:
    """Kills a worker at so many points by chance, each in a run of its own; what it came to, in words."""
    with fresh() as url:
        calm = _task(url, folder, "calm")
        assert _done(nursery, calm) == 0
        wanted, points = end_of(url, Path(calm.log)), int(Path(f"{calm.log}.points").read_text())
    chance = random.Random(times)
    for point in chance.sample(range(1, points + 1), times):
        _assert_same_end(nursery, fresh, folder, point, wanted)
    return f"{times} of {points:,} points of a run of {len(wanted.orders)} orders; every end is that of the undisturbed run"


def _assert_same_end(nursery: Nursery, fresh: Fresh, folder: Path, point: int, wanted: End) -> None:
    with fresh() as url:
        assert _done(nursery, _task(url, folder, str(point), point)) == -signal.SIGKILL
        heir = _task(url, folder, str(point))
        assert _done(nursery, heir) == 0
        assert end_of(url, Path(heir.log)) == wanted, f"killed at point {point}"


def _task(url: str, folder: Path, name: str, point: int = 0) -> Task:
    lock = folder / f"lock-{name}"
    lock.touch()
    return Task("in turns", url, str(folder / f"log-{name}"), lock=str(lock), point=point)


def _done(nursery: Nursery, task: Task) -> int:
    """The exit code of a worker that was given the task."""
    worker, codes = nursery.begin(task), dict[int, int]()
    until(lambda: codes.update(nursery.ended()) or worker in codes)
    return codes[worker]
