"""A process that makes worker processes, so that each begins at once: what they need is imported and compiled here, before.

Each line it reads is a task for a new worker, whose process id it answers, or `null`, which it answers with the exit codes of
those that have ended. At its end it kills those that still run.
"""

from __future__ import annotations

import fcntl
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import msgspec
from live import worker_on
from nursery import Task
from partners import Counting, Punctual
from patience import reached
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from orderloom.adapters.demo import TICK
from orderloom.adapters.simulator import simulated
from orderloom.adapters.versions import current_version, versions
from orderloom.engine.advance import Step, advance
from orderloom.engine.events import Event
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.ports import Adapter
from orderloom.engine.shell.worker import Worker
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store
from orderloom.engine.store.agenda import Agenda, earliest
from orderloom.engine.world import World

Moment = Callable[[], None]


# --- what workers do -------------------------------------------------------------------------------------------------


def in_turns(task: Task, moment: Moment) -> None:
    """The demo, one batch of one worker at a time, so that it is the same whoever does it."""
    store = _demo(task, moment)
    worker = Worker(store, versions(store), _partners(task, store, moment), SimulatedClock(store, TICK), _turn(moment))
    busy = True
    while busy:
        with suppress(OperationalError), _only_one(task.lock, store):
            busy = bool(worker.run_once())


def side_by_side(task: Task, moment: Moment) -> None:
    """The demo, by as many workers at once as there are; all that happens does so at a full hour, and is as is hoped for."""
    store = _demo(task, moment)
    partners = {name: Punctual(each) for name, each in _partners(task, store, moment, faultless=True).items()}
    worker = Worker(store, versions(store), partners, SimulatedClock(store), _turn(moment))
    while True:
        with suppress(OperationalError):
            worker.run_until_idle()
            if earliest(store) == Agenda(None, None):
                return
        time.sleep(0.01)


def live(task: Task, moment: Moment) -> None:
    """The orders of the race, by the database's clock, under leases, until it is told to stop."""
    store = reached(task.url)
    _listen(store, moment)
    worker = worker_on(store, Path(task.log), _turn(moment), moment)
    with worker.stopped_by_signals():
        worker.run()


KINDS = {"in turns": in_turns, "side by side": side_by_side, "live": live}

# --- within ----------------------------------------------------------------------------------------------------------


def _demo(task: Task, moment: Moment) -> Store:
    store = reached(task.url)
    _listen(store, moment)
    return store


def _partners(task: Task, store: Store, moment: Moment, *, faultless: bool = False) -> Mapping[str, Adapter]:
    found = simulated(current_version(store), task.seed, faultless=faultless)
    return {name: Counting(Path(task.log), partner, moment) for name, partner in found.items()}


def _listen(store: Store, moment: Moment) -> None:
    """Just before and just after a transaction is committed are moments, too."""
    event.listen(store.engine, "commit", lambda _connection: moment())
    event.listen(store.engine, "checkin", lambda *_: moment())


def _turn(moment: Moment) -> Callable[[World, OrderState | None, Event], Step]:
    def turn(world: World, state: OrderState | None, event: Event) -> Step:
        moment()
        return advance(world, state, event)

    return turn


@contextmanager
def _only_one(lock: str, store: Store) -> Iterator[None]:
    """One process at a time, and what a killed one had begun on a server has come to its end. The file says who it is."""
    with Path(lock).open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(f"{os.getpid():10}")
        file.flush()
        while store.engine.dialect.name == "postgresql" and _others_at_work(store):
            time.sleep(0.002)
        yield


_OTHERS = text("""
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend' AND state IS DISTINCT FROM 'idle'""")


def _others_at_work(store: Store) -> int:
    with store.reading() as connection:
        return int(connection.execute(_OTHERS).scalar_one())


def _fatal(chance: random.Random, danger: float) -> None:
    if chance.random() < danger:
        os.kill(os.getpid(), signal.SIGKILL)


@cache
def _compile(url: str) -> None:
    """So that no worker has to."""
    store = reached(url)
    current_version(store)
    store.close()


def _begin(task: Task) -> int:
    if task.kind != "live":
        _compile(task.url)
    worker = os.fork()
    if not worker:
        try:
            KINDS[task.kind](task, partial(_fatal, random.Random(task.number), task.danger))
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return worker


def _ended(children: set[int]) -> dict[int, int]:
    found = {}
    for child in sorted(children):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            found[child] = os.waitstatus_to_exitcode(status)
    children.difference_update(found)
    return found


def main() -> None:
    children: set[int] = set()
    for line in sys.stdin:
        task = msgspec.json.decode(line, type=Task | None)
        if task:
            children.add(answer := _begin(task))
        print(msgspec.json.encode(answer if task else _ended(children)).decode(), flush=True)
    for child in children:
        os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main()
