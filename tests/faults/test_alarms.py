"""The worker is killed while monitors of every kind have work: the same alarms as where nobody is killed, each once."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alarmed import events, filled, program, raised, worker
from msgspec import Struct
from patience import until, until_alone
from postgres import database
from sqlalchemy import URL

from orderloom.engine.audit import audit
from orderloom.engine.store import Store, open_store

Record = Callable[[str, object], None]
PROGRAM = program()
LONGEST = 1800  #: seconds that a worker may take from one kill to the next


class Came(Struct):
    """What a run came to: how many events, and everything that was raised."""

    events: int
    alarms: list[tuple[object, ...]]

    def of(self, monitor: str) -> int:
        """How often the monitor has raised something."""
        return Counter(each[0] for each in self.alarms)[monitor]


def calm(folder: Path, orders: int) -> Came:
    """What it comes to where nobody is killed."""
    with closing(filled(f"sqlite:///{folder / 'calm.sqlite'}", PROGRAM, orders)) as store:
        worker(store, PROGRAM, orders).run_until_idle()
        return came(store)


def came(store: Store) -> Came:
    assert audit(store) == ()
    return Came(events(store), raised(store))


def killed(url: str, wanted: Came, orders: int, times: int) -> str:
    """Workers one after the other, each killed when a share of all events more is done; the end is as wanted."""
    began, chance = time.perf_counter(), random.Random(3)
    with closing(filled(url, PROGRAM, orders)) as store:
        for number in range(1, times + 1):
            child = at_work(store, url, orders)
            until(lambda enough=number * wanted.events // (times + 1): events(store) >= enough, LONGEST)
            time.sleep(chance.uniform(0, 0.1))
            os.kill(child, signal.SIGKILL)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
            until_alone(store)
        done = events(store)
        assert done < wanted.events, "the last one was killed in the middle, too"
        worker(store, PROGRAM, orders).run_until_idle()
        assert came(store) == wanted
    seconds = time.perf_counter() - began
    told = f"{wanted.events:,} events in {seconds:.0f} s, {len(wanted.alarms):,} alarms"
    return f"{told}, the same though workers were killed {times} times, last after {done:,} events"


def at_work(store: Store, url: str, orders: int) -> int:
    """A process that works. Nothing of the store is open here when it begins: a file's locks do not go over to a child."""
    store.engine.dispose()
    child = os.fork()
    if not child:
        try:
            own = open_store(url)
            assert isinstance(own, Store)
            worker(own, PROGRAM, orders).run_until_idle()
        finally:
            os._exit(1)
    return child


def test_the_same_alarms_though_workers_are_killed(tmp_path: Path, postgres: URL) -> None:
    wanted = calm(tmp_path, 60)
    assert wanted.of("not-shipped") == 30 and wanted.of("long-in-fulfillment") == 30, "every other one is cancelled in an hour"
    assert wanted.of("picking-and-nothing-more") == 30
    assert all(wanted.of(each) for each in PROGRAM.monitors), "every kind has raised something"
    killed(f"sqlite:///{tmp_path / 'killed.sqlite'}", wanted, 60, times=3)
    with database(postgres) as url:
        killed(url, wanted, 60, times=3)


@pytest.mark.soak
def test_the_same_alarms_of_100_000_events_though_workers_are_killed(
    tmp_path: Path, postgres: URL, record_property: Record
) -> None:
    wanted = calm(tmp_path, 27_000)
    assert wanted.events > 100_000 and all(wanted.of(each) for each in PROGRAM.monitors)
    told = [f"SQLite: {killed(f'sqlite:///{tmp_path}/killed.sqlite', wanted, 27_000, times=20)}"]
    with database(postgres) as url:
        told.append(f"PostgreSQL: {killed(url, wanted, 27_000, times=20)}")
    record_property("report", "; ".join(told))
