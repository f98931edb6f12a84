"""A process that makes worker processes, so that each begins at once: what they need is imported and compiled here, before.

Each line it reads is a task for a new worker, whose process id it answers; or it is asked which have `ended`, and answers with
their exit codes; or what its `clock` says. At its end it kills those that still run.
"""

from __future__ import annotations

import fcntl
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import msgspec
from live import worker_on
from nursery import Task
from partners import Counting, Punctual, Twice
from patience import reached, until_alone
from sqlalchemy import event
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

# --- what workers do -------------------------------------------------------------------------------------------------


def in_turns(task: Task, moments: Moments) -> None:
    """The demo, one batch of one worker at a time, so that it is the same whoever does it."""
    _in_turns(task, moments, _partners(task, moments))


def told_twice(task: Task, moments: Moments) -> None:
    """The same, where every message reaches its partner twice, and so does every answer, the later one first."""
    _in_turns(task, moments, {name: Twice(each) for name, each in _partners(task, moments).items()})


def side_by_side(task: Task, moments: Moments) -> None:
    """The demo, by as many workers at once as there are; all that happens does so at a full hour, and is as is hoped for."""
    store = _watched(task, moments)
    partners = {name: Punctual(each) for name, each in _partners(task, moments, faultless=True).items()}
    worker = Worker(store, versions(store), partners, SimulatedClock(store), moments.turn)
    while True:
        with suppress(OperationalError):
            worker.run_until_idle()
            if earliest(store) == Agenda(None, None):
                return
        time.sleep(0.01)


def live(task: Task, moments: Moments) -> None:
    """The orders of the race, by the database's clock, under leases, until it is told to stop."""
    worker = worker_on(_watched(task, moments), Path(task.log), moments.turn, moments.told)
    with worker.stopped_by_signals():
        worker.run()


KINDS = {"in turns": in_turns, "told twice": told_twice, "side by side": side_by_side, "live": live}

# --- moments that matter ---------------------------------------------------------------------------------------------


@dataclass
class Moments:
    """When a worker may be killed, by chance; `stops` it is the first time that a partner was told something."""

    chance: random.Random
    danger: float
    stops: bool
    point: int
    passed: int = 0

    def turn(self, world: World, state: OrderState | None, event: Event) -> Step:
        """In the middle of a batch."""
        self.pass_by()
        return advance(world, state, event)

    def at_a_point(self) -> None:
        """Dies at the point that was chosen for it."""
        self.passed += 1
        if self.passed == self.point:
            os.kill(os.getpid(), signal.SIGKILL)

    def told(self) -> None:
        """Between what a partner does and the acknowledgment of it. There are few of these, so each is the more dangerous."""
        self.at_a_point()
        self.pass_by(50)
        if self.stops:
            self.stops = False
            time.sleep(0.5)  # what its other loop is at comes to an end
            os.kill(os.getpid(), signal.SIGSTOP)

    def pass_by(self, times: int = 1) -> None:
        """Survives, or does not."""
        if self.chance.random() < times * self.danger:
            os.kill(os.getpid(), signal.SIGKILL)


def _watched(task: Task, moments: Moments) -> Store:
    """The store; just before and just after a transaction is committed are moments, too."""
    store = reached(task.url)
    event.listen(store.engine, "commit", lambda _connection: moments.pass_by())
    event.listen(store.engine, "checkin", lambda *_: moments.pass_by())
    event.listen(store.engine, "commit", lambda _connection: moments.at_a_point())
    event.listen(store.engine, "before_cursor_execute", lambda *said: _before(str(said[2]), moments))
    return store


def _before(statement: str, moments: Moments) -> None:
    if statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
        moments.at_a_point()


def _partners(task: Task, moments: Moments, *, faultless: bool = False) -> Mapping[str, Adapter]:
    with closing(reached(task.url)) as store:
        found = simulated(current_version(store), task.seed, faultless=faultless)
    return {name: Counting(Path(task.log), partner, moments.told) for name, partner in found.items()}


def _in_turns(task: Task, moments: Moments, partners: Mapping[str, Adapter]) -> None:
    store = _watched(task, moments)
    worker = Worker(store, versions(store), partners, SimulatedClock(store, TICK), moments.turn)
    busy = True
    while busy:
        with suppress(OperationalError), _only_one(task.lock, store):
            busy = bool(worker.run_once())


@contextmanager
def _only_one(lock: str, store: Store) -> Iterator[None]:
    """One process at a time, and what a killed one had begun on a server has come to its end. The file says who it is."""
    with Path(lock).open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(f"{os.getpid():10}")
        file.flush()
        until_alone(store)
        yield


# --- making them -----------------------------------------------------------------------------------------------------


@cache
def _compile(url: str) -> None:
    """So that no worker has to."""
    with closing(reached(url)) as store:
        current_version(store)


def _begin(task: Task) -> int:
    if task.kind != "live":
        _compile(task.url)
    worker = os.fork()
    if not worker:
        try:
            moments = Moments(random.Random(task.number), task.danger, task.stops, task.point)
            KINDS[task.kind](task, moments)
            Path(f"{task.log}.points").write_text(str(moments.passed))
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
        match msgspec.json.decode(line, type=Task | str):
            case "ended":
                answer: object = _ended(children)
            case "clock":
                answer = time.time()
            case task:
                children.add(answer := _begin(task))
        print(msgspec.json.encode(answer).decode(), flush=True)
    for child in children:
        os.kill(child, signal.SIGKILL)


if __name__ == "__main__":
    main()
