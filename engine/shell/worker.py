"""A worker: the two loops over one store, until there is nothing to do or somebody asks it to stop."""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Event as Flag
from time import monotonic
from types import FrameType

from sqlalchemy.exc import OperationalError

from orderloom.engine.advance import advance
from orderloom.engine.shell.batch import Advance
from orderloom.engine.shell.clock import WorkerClock
from orderloom.engine.shell.deliver import Courier
from orderloom.engine.shell.ports import Adapter
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.runtime import Runtime
from orderloom.engine.store import Store
from orderloom.engine.store.agenda import Agenda, earliest
from orderloom.engine.store.store import Moved

BATCH = 100  #: events or messages a transaction
PATIENCE = 0.5  #: seconds that a batch may hold up other writers
SHORTEST, LONGEST = 0.01, 1.0  #: seconds between two looks at the store when nothing is due

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """Events applied and messages sent."""

    turns: int = 0
    messages: int = 0

    def __add__(self, other: Progress) -> Progress:
        return Progress(self.turns + other.turns, self.messages + other.messages)

    def __bool__(self) -> bool:
        return bool(self.turns or self.messages)


class Worker:
    """Works on a store. Workers are equal and keep nothing that the store has not; any of them may be killed at any time."""

    def __init__(
        self,
        store: Store,
        programs: Programs,
        adapters: Mapping[str, Adapter],
        clock: WorkerClock,
        advance: Advance = advance,
    ) -> None:
        owner = f"{socket.gethostname()}:{os.getpid()}"
        self._store, self._clock = store, clock
        self._runtime = Runtime(store, programs, clock, advance)
        self._courier = Courier(store, programs, adapters, clock, owner)
        self._stopping = Flag()
        self._limit = BATCH

    def run_once(self) -> Progress:
        """One batch of whatever is due longest, turns or messages; empty when nothing is due.

        Which of the two it is follows from the store alone, so that a run taken up again goes on exactly as it would have.
        """
        agenda = earliest(self._store)
        now = self._clock.horizon(agenda)
        if agenda.message is not None and agenda.message <= now and (agenda.turn is None or agenda.message < agenda.turn):
            return Progress(messages=self._courier.round(agenda, BATCH))
        if agenda.turn is not None and agenda.turn <= now:
            return Progress(turns=self._turns(agenda))
        self._runtime.look(now)
        return Progress()

    def run_until_idle(self, progress: Callable[[Progress], None] = lambda _: None) -> Progress:
        """Works until nothing is due or it is stopped; tells after each batch how far it has come. Returns the whole."""
        done = Progress()
        while not self._stopping.is_set() and (part := self.run_once()):
            done += part
            progress(done)
        return done

    def run(self) -> None:
        """Works until it is stopped, turns and messages side by side, so that a slow participant holds up no order."""
        with ThreadPoolExecutor(1) as side:
            messages = side.submit(self._keep_on, lambda: self._courier.round(earliest(self._store), BATCH))
            self._keep_on(lambda: self._turns(earliest(self._store)))
        messages.result()

    def stop(self) -> None:
        """Lets the worker end after the batch that it is at."""
        self._stopping.set()

    @contextmanager
    def stopped_by_signals(self) -> Iterator[None]:
        """Within, SIGTERM and SIGINT stop the worker after its batch."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            self.stop()

        before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    # --- within ---

    def _turns(self, agenda: Agenda) -> int:
        """A batch of turns."""
        started = monotonic()
        done = self._runtime.turn(agenda, self._limit)
        self._pace(monotonic() - started)
        return done

    def _pace(self, seconds: float) -> None:
        """Smaller batches where they hold up other writers. In a simulation the size decides who is first, and stays."""
        if self._clock.lease is not None:
            self._limit = max(1, self._limit // 2) if seconds > PATIENCE else min(BATCH, self._limit * 2)

    def _keep_on(self, work: Callable[[], int]) -> None:
        """Repeats one of the loops; when it ends, for whatever reason, so does the other."""
        pause = SHORTEST
        try:
            while not self._stopping.is_set():
                if self._attempted(work):
                    pause = SHORTEST
                else:
                    self._stopping.wait(pause)
                    pause = min(2 * pause, LONGEST)
        finally:
            self.stop()

    def _attempted(self, work: Callable[[], int]) -> int:
        """What the work came to; nothing where the store cannot be reached or is locked for now, or has moved, which ends it."""
        try:
            return work()
        except OperationalError as fault:
            _log.warning("the store cannot be used at the moment: %s", fault.orig)
        except Moved as gone:
            _log.warning("%s: start workers anew there", gone)
            self.stop()
        return 0
