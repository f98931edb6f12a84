"""A worker: the two loops over one store, until there is nothing to do or somebody asks it to stop."""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from threading import Event as Flag
from time import monotonic
from types import FrameType

from msgspec import Struct

from orderloom.engine.advance import advance
from orderloom.engine.shell.batch import Advance
from orderloom.engine.shell.clock import WorkerClock
from orderloom.engine.shell.deliver import Courier
from orderloom.engine.shell.dispatch import Dispatch
from orderloom.engine.shell.observe import Looked, Observer, nobody
from orderloom.engine.shell.passing import contended, out_of_reach
from orderloom.engine.shell.ports import Adapter, Waker
from orderloom.engine.shell.presence import Presence, Tally
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.runtime import Runtime
from orderloom.engine.shell.waking import LONGEST, Pauses
from orderloom.engine.store import Store
from orderloom.engine.store.agenda import Agenda, earliest
from orderloom.engine.store.store import Moved
from orderloom.engine.store.trouble import trouble
from orderloom.engine.store.upkeep import keep_up
from orderloom.engine.store.workers import BEAT, Doing

BATCH = 100  #: events or messages a transaction
LARGEST = 1000  #: events a transaction where so many are quick
PATIENCE = 0.5  #: seconds that a batch may hold up other writers
CALLS = 8  #: of participants at a time
LOOPS = 2  #: of turns, where the store is on a server: while one waits for it, the other goes on
TIDY = 60.0  #: seconds between two times at which a worker looks after the store

_log = logging.getLogger(__name__)


class Progress(Struct, frozen=True):
    """Events applied and messages sent."""

    turns: int = 0
    messages: int = 0

    def __add__(self, other: Progress) -> Progress:
        return Progress(self.turns + other.turns, self.messages + other.messages)

    def __bool__(self) -> bool:
        return bool(self.turns or self.messages)


class Turns(Struct):
    """A loop of turns: how many events its next batch has at most."""

    runtime: Runtime
    limit: int = BATCH

    def round(self, agenda: Agenda) -> int:
        """A batch. The next is larger where this one was full and quick; smaller where it was slow, or the store took it back."""
        started = monotonic()
        try:
            done = self.runtime.turn(agenda, self.limit)
        except Exception:
            self.limit = max(1, self.limit // 2)
            raise
        seconds = monotonic() - started
        if seconds > PATIENCE:
            self.limit = max(1, self.limit // 2)
        elif seconds < PATIENCE / 3 and done >= self.limit:
            self.limit = min(2 * self.limit, LARGEST)
        return done


class Worker:
    """Works on a store. Workers are equal and keep nothing that the store has not; any of them may be killed at any time.

    It has up to `concurrency` calls of participants at a time. Where `divisions` are named, it works on their orders alone. A
    `waker` tells it of what others have written; `chore` is done at its start and whenever it tells that it is still there.
    """

    def __init__(
        self,
        store: Store,
        programs: Programs,
        adapters: Mapping[str, Adapter],
        clock: WorkerClock,
        advance: Advance = advance,
        *,
        observer: Observer = nobody,
        concurrency: int = CALLS,
        divisions: Collection[str] | None = None,
        waker: Waker | None = None,
        chore: Callable[[], object] = bool,
    ) -> None:
        self._store, self._clock, self._waker, self._chore = store, clock, waker, chore
        self._time_passes = clock.lease is not None
        self._tally = Tally(observer)
        self._presence = Presence(store, self._doing)
        self._courier = Courier(store, programs, adapters, clock, self._presence.owner, self._tally)
        self._concurrency, self._divisions = concurrency, divisions
        loops = 1 if store.engine.dialect.name == "sqlite" else min(concurrency, LOOPS)
        self._loops = [Turns(Runtime(store, programs, clock, advance, self._tally)) for _ in range(loops)]
        self._dispatch: Dispatch | None = None
        self._stopping = Flag()
        often = clock.lease.total_seconds() / 6 if clock.lease else LONGEST  # leases are renewed in time
        self._pauses = [Pauses(min(often, LONGEST)), *(Pauses() for _ in range(loops))]  # the first is of the messages

    def run_once(self) -> Progress:
        """One batch of whatever is due longest, turns or messages; empty when nothing is due.

        Which of the two it is follows from the store alone, so that a run taken up again goes on exactly as it would have.
        """
        agenda = earliest(self._store, self._divisions)
        now = self._clock.horizon(agenda)
        if agenda.message is not None and agenda.message <= now and (agenda.turn is None or agenda.message < agenda.turn):
            return Progress(messages=self._courier.round(agenda, BATCH))
        if agenda.turn is not None and agenda.turn <= now:
            return Progress(turns=self._loops[0].runtime.turn(agenda, BATCH))
        self._loops[0].runtime.look(now)
        return Progress()

    def run_until_idle(self, progress: Callable[[Progress], None] = lambda _: None) -> Progress:
        """Works until nothing is due or it is stopped; tells after each batch how far it has come. Returns the whole."""
        done = Progress()
        with self._present():
            while not self._stopping.is_set() and (part := self.run_once()):
                done += part
                progress(done)
        return done

    def run(self) -> None:
        """Works until it is stopped, turns and messages side by side, so that a slow participant holds up no order."""
        self._dispatch = Dispatch(self._courier, self._concurrency, self._pauses[0].wake, self._divisions)
        beside: list[Callable[[], None]] = [
            self._deliver,
            self._stay_present,
            *(partial(self._turn, *other) for other in self._others()),
        ]
        if self._waker is not None:
            beside.append(partial(self._waker.listen, self._wake, self._stopping))
        with self._present(), ThreadPoolExecutor(len(beside)) as pool:
            running = [pool.submit(each) for each in beside]
            self._turn(self._loops[0], self._pauses[1])
            for each in running:
                each.result()

    def stop(self) -> None:
        """Lets the worker end after the batch that it is at, and the calls that are under way."""
        self._stopping.set()
        self._wake()

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

    # --- the loops ---

    def _others(self) -> Iterator[tuple[Turns, Pauses]]:
        return zip(self._loops[1:], self._pauses[2:], strict=True)

    def _turn(self, turns: Turns, pauses: Pauses) -> None:
        def work() -> int:
            done = turns.round(earliest(self._store, self._divisions))
            if done:
                self._pauses[0].wake()
            self._tally(Looked("turns", done))
            return done

        self._keep_on(work, pauses)

    def _deliver(self) -> None:
        dispatch = self._dispatch
        assert dispatch is not None, "made before the loops begin"

        def work() -> int:
            done = dispatch.round()
            for pauses in self._pauses[1:] if done else ():
                pauses.wake()
            self._tally(Looked("messages", done))
            return done

        try:
            self._keep_on(work, self._pauses[0])
        finally:
            self._attempted(dispatch.close)

    def _keep_on(self, work: Callable[[], int], pauses: Pauses) -> None:
        """Repeats one of the loops; when it ends, for whatever reason, so does the other."""
        try:
            while not self._stopping.is_set():
                pauses.after(self._attempted(work) or 0)
        finally:
            self.stop()

    def _attempted(self, work: Callable[[], int | None]) -> int | None:
        """What the work came to; nothing where the store cannot be reached or is locked for now, or has moved, which ends it."""
        try:
            return work()
        except Moved as gone:
            _log.warning("%s: start workers anew there", gone)
            self.stop()
        except Exception as fault:
            if not (contended(fault) or out_of_reach(fault)):
                raise
            _log.warning("the store cannot be used at the moment: %s", trouble(fault) or fault)
        return None

    def _wake(self) -> None:
        for pauses in self._pauses:
            pauses.wake()

    # --- among others ---

    @contextmanager
    def _present(self) -> Iterator[None]:
        """Within, the worker is known to be there. In a simulation there is nobody else."""
        if not self._time_passes:
            yield
            return
        self._attempted(self._tell)
        yield
        self._attempted(self._presence.leave)

    def _stay_present(self) -> None:
        tidied = float("-inf")
        while not self._stopping.wait(BEAT.total_seconds()):
            self._attempted(self._tell)
            if monotonic() - tidied > TIDY:
                keep_up(self._store)
                tidied = monotonic()

    def _tell(self) -> None:
        """Where another has died, it may have died of an event that is still due."""
        for owner in self._presence.tell():
            _log.warning("the worker %s has died: what is due is worked on carefully", owner)
            for turns in self._loops:
                turns.runtime.careful = True
        self._chore()

    def _doing(self) -> Doing:
        return self._tally.doing(self._dispatch.breakers if self._dispatch else {})
