"""The worker is killed while monitors of every kind have work: the same alarms as where nobody is killed, each once."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from alarmed import events, filled, program, raised, worker

from orderloom.dsl.program import Program
from orderloom.engine.audit import audit
from orderloom.engine.store import Store, open_store

PROGRAM = program()


def at_work(url: str, program: Program, orders: int) -> int:
    """A process that works."""
    child = os.fork()
    if not child:
        try:
            store = open_store(url)
            assert isinstance(store, Store)
            worker(store, program, orders).run_until_idle()
        finally:
            os._exit(1)
    return child


def killed(url: str, orders: int, times: int, longest: float) -> Store:
    """The store after its workers were killed so many times, and the last one was not."""
    store, chance = filled(url, PROGRAM, orders), random.Random(3)
    store.engine.dispose()
    for _ in range(times):
        child = at_work(url, PROGRAM, orders)
        time.sleep(chance.uniform(0.3, 1) * longest)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    worker(store, PROGRAM, orders).run_until_idle()
    return store


def compare(folder: Path, orders: int, times: int, longest: float) -> Store:
    whole = filled(f"sqlite:///{folder / 'whole.sqlite'}", PROGRAM, orders)
    worker(whole, PROGRAM, orders).run_until_idle()
    other = killed(f"sqlite:///{folder / 'killed.sqlite'}", orders, times, longest)
    assert raised(other) == raised(whole)
    assert events(other) == events(whole)
    return whole


def test_the_same_alarms_though_workers_are_killed(tmp_path: Path) -> None:
    store = compare(tmp_path, 120, times=4, longest=0.4)
    found = Counter(each[0] for each in raised(store))
    assert found["not-shipped"] == 60 and found["long-in-fulfillment"] == 60, "every other one is cancelled after an hour"
    assert found["picking-and-nothing-more"] == 60
    assert set(found) == set(PROGRAM.monitors), "every kind has raised something"
    assert audit(store) == ()


@pytest.mark.soak
def test_the_same_alarms_of_many_orders_though_workers_are_killed(tmp_path: Path) -> None:
    store = compare(tmp_path, 10_000, times=20, longest=10)
    assert set(Counter(each[0] for each in raised(store))) == set(PROGRAM.monitors)
