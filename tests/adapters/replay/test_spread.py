"""Parts spread over real processes: the same outcomes as in one, also when a process is killed."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from multiprocessing import active_children
from typing import Any

import pytest
from distributed import LocalCluster
from replays import MONDAY, new, old, order, props

from orderloom.adapters.replay import spread
from orderloom.adapters.replay.part import Part, Past
from orderloom.adapters.replay.spread import Lost, Pool, Task, here, packed, pool_of
from orderloom.engine.refused import Refused


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster of four processes on this machine."""
    settled = {"processes": True, "threads_per_worker": 1, "memory_limit": 0, "dashboard_address": "127.0.0.1:0"}
    with LocalCluster(n_workers=4, **settled) as cluster:
        yield cluster


@pytest.fixture
def four(cluster: Any) -> Iterator[Pool]:
    with ExitStack() as stack:
        pool = pool_of(1, cluster.scheduler_address, stack)
        assert not isinstance(pool, Refused)
        yield pool


def tasks(parts: int, orders: int) -> list[Task]:
    """Parts that differ, each on two versions; orders of a unit, a minute between them."""
    versions = [packed(new()), packed(old())]
    found = []
    for number in range(parts):
        past = [MONDAY + timedelta(days=number, minutes=minute) for minute in range(orders)]
        part = Part(tuple(Past(at, order(f"W{at:%m%d-%H%M}", at)) for at in past), props({"DC1": number, "DC2": orders, "S1": 3}))
        found += [(packed(part), version, 1) for version in versions]
    return found


def test_four_processes_find_what_one_finds(four: Pool) -> None:
    asked = tasks(4, 3)
    assert list(four(asked)) == list(here(asked))


def test_a_part_of_a_killed_process_is_played_again(four: Pool) -> None:
    asked = tasks(6, 4)
    results = four(asked)
    first = next(results)
    victim = min(child.pid or 0 for child in active_children() if "Dask" in child.name)
    os.kill(victim, signal.SIGKILL)
    assert [first, *results] == list(here(asked))
    assert victim not in {child.pid for child in active_children()}


def test_a_cluster_that_was_there_is_left_there(cluster: Any) -> None:
    with ExitStack() as stack:
        assert not isinstance(pool_of(1, cluster.scheduler_address, stack), Refused)
    with ExitStack() as stack:
        assert not isinstance(pool_of(1, cluster.scheduler_address, stack), Refused)


def test_one_process_is_this_one() -> None:
    with ExitStack() as stack:
        assert pool_of(1, None, stack) is here


@pytest.mark.parametrize(
    ("workers", "scheduler", "option"), [(2, None, "--workers 2"), (1, "tcp://h:1", "--scheduler tcp://h:1")]
)
def test_more_than_one_process_needs_the_extra(
    workers: int, scheduler: str | None, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)  # as where it is not installed
    with ExitStack() as stack:
        found = pool_of(workers, scheduler, stack)
    assert found == Refused(f"{option} needs Dask, which is not installed: pip install 'orderloom[scale]'")


def test_nobody_answers_at_a_wrong_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spread, "PATIENCE", 1)
    with ExitStack() as stack:
        found = pool_of(1, "tcp://127.0.0.1:1", stack)
    assert isinstance(found, Refused)
    assert found.because.startswith("no Dask scheduler answers at tcp://127.0.0.1:1")


class Deadly:
    """Ends whatever process unpacks it."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return os._exit, (1,)


@pytest.mark.soak
def test_a_part_that_kills_every_process_is_told(four: Pool) -> None:
    version = tasks(1, 1)[0][1]
    with pytest.raises(Lost, match="took its process with it"):
        list(four([(zlib.compress(pickle.dumps(Deadly())), version, 1)]))
