"""The first loop: orders that are due are advanced in batches, each batch in one transaction. A crash is a rollback.

What the store refuses to write is searched for by halves, what an event raises is undone alone: the others go on. An event
that ends the process gets neither. So what was tried before is tried alone, and its attempt is counted before it is made; where
a worker has died, that of everything else is counted, too, until nothing is due.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from time import sleep

from msgspec.structs import replace
from sqlalchemy import Connection

from orderloom.engine import wire
from orderloom.engine.advance import advance
from orderloom.engine.shell.batch import Advance, Batch, Due
from orderloom.engine.shell.claims import Rota, claim, claim_again, due_of
from orderloom.engine.shell.clock import WorkerClock
from orderloom.engine.shell.foresight import Foresight
from orderloom.engine.shell.observe import Conflicted, Observer, nobody
from orderloom.engine.shell.passing import contended, out_of_reach, persist
from orderloom.engine.shell.patterns import Patterns
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.retries import TURNS, pause
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.shell.watch import Watch
from orderloom.engine.store import Store
from orderloom.engine.store.agenda import Agenda
from orderloom.engine.store.statements import COUNT_ATTEMPT, TAKE_BACK_ATTEMPT, run
from orderloom.engine.words import in_words

Choose = Callable[[Connection], list[Due]]


class Runtime:
    """Advances the orders of a store. It is `careful` where a worker has died."""

    def __init__(
        self,
        store: Store,
        programs: Programs,
        clock: WorkerClock,
        advance: Advance = advance,
        observer: Observer = nobody,
    ) -> None:
        self._store, self._programs, self._clock, self._advance, self._observer = store, programs, clock, advance, observer
        self._shelf = Shelf(store.shard)
        self._foresight = Foresight(store, programs)
        self._watch = Watch(store, self._shelf)
        self._patterns = Patterns(store.shard)
        self._time_passes = clock.lease is not None
        self._rota = Rota() if self._time_passes else None
        self.careful = False

    def turn(self, agenda: Agenda, limit: int) -> int:
        """Applies up to `limit` events that are due, in the order of (due_at, order, key); how many there were.

        An event that raises is tried again later, and after `TURNS` attempts becomes an exception of its order.
        """
        now = self._clock.horizon(agenda)
        self.look(now)
        if not due_of(agenda.turns, now):
            self.careful = False
            return 0
        claimed: list[Due] = []

        def first(connection: Connection) -> list[Due]:
            claimed[:] = claim(connection, self._store.shard, agenda, now, limit, self._rota)
            return [due for due in claimed if not self._is_counted(due)]

        self._together(first, now)
        counted = [due for due in claimed if self._is_counted(due)]
        if self.careful:
            self._one_attempt([due for due in counted if not due.attempt], now)
        for due in counted:
            if due.attempt:
                self._one_attempt([due], now)
        return len(claimed)

    def look(self, now: datetime) -> None:
        """Renews what is seen ahead and raises and clears alerts, as far as that is due."""
        self._watch.look(self._foresight.look(now), now)

    # --- within ---

    def _is_counted(self, due: Due) -> bool:
        """Whether an attempt is to be counted before it is made. Where no time passes, a run that dies is taken up by people."""
        return self._time_passes and (self.careful or due.attempt > 0)

    def _one_attempt(self, dues: Sequence[Due], now: datetime) -> None:
        """Applies events of which the attempt was counted before. Those that were counted often enough are given up."""
        if not dues:
            return
        with self._store.writing() as connection:
            found = claim_again(connection, self._store.shard, [(due.order, due.key) for due in dues])
            worn = [due for due in found if due.attempt >= TURNS]
            left = [due for due in found if due.attempt < TURNS]
            given_up = self._given_up(connection, worn, now, f"the worker ended while it was at this, {TURNS} times")
            run(connection, COUNT_ATTEMPT, [self._counted(due, now) for due in left])
        self._tell(given_up)
        tried: Sequence[Due] = ()
        try:
            tried = self._together(self._again(left), now)
        finally:
            self._take_back(left, {(due.order, due.key) for due in tried})

    def _take_back(self, dues: Sequence[Due], tried: Collection[tuple[str, str]]) -> None:
        """What somebody else took to hand after its attempt was counted has not been attempted."""
        moved = [
            (due.attempt, wire.moment_text(due.due_at), self._store.shard, due.order, due.key, due.attempt + 1)
            for due in dues
            if (due.order, due.key) not in tried
        ]
        if moved:
            with self._store.writing() as connection:
                run(connection, TAKE_BACK_ATTEMPT, moved)

    def _counted(self, due: Due, now: datetime) -> tuple[object, ...]:
        """One that was tried before waits before somebody tries it again, should this attempt end the process."""
        attempt = due.attempt + 1
        due_at = now + pause(f"{due.order}/{due.key}", attempt) if due.attempt else due.due_at
        return (attempt, wire.moment_text(due_at), self._store.shard, due.order, due.key)

    def _together(self, choose: Choose, now: datetime) -> Sequence[Due]:
        """Applies the events that are chosen, in one transaction; where it cannot be written, in smaller ones. Returns them."""
        chosen: list[Due] = []

        def work() -> Batch | None:
            with self._store.writing() as connection:
                chosen[:] = choose(connection)
                return self._applied(connection, chosen, now) if chosen else None

        try:
            batch = persist(work, sleep, self._conflicted)
        except Exception as fault:
            self._shelf.forget()
            if not chosen or contended(fault) or out_of_reach(fault):
                raise
            self._isolate(chosen, now, in_words(fault))
        else:
            if batch is not None:
                self._shelf.put_back(batch.changed, batch.states)
                self._observer(batch.told())
        return chosen

    def _applied(self, connection: Connection, dues: Sequence[Due], now: datetime) -> Batch:
        batch = self._batch(connection, dues, now)
        for due in dues:
            batch.take(due)
        batch.write()
        self._watch.follow(connection, batch.stock, {item for item, _ in batch.changed}, batch.at)
        if self._watch.program is not None and batch.seen:
            self._patterns.follow(connection, self._watch.program, batch.seen, batch.at)
        return batch

    def _isolate(self, dues: Sequence[Due], now: datetime, because: str) -> None:
        """Halves what could not be written together, down to the event that is the cause; that one is put off."""
        if len(dues) == 1:
            with self._store.writing() as connection:
                given_up = self._given_up(connection, dues, now, because)
            self._tell(given_up)
            return
        half = len(dues) // 2
        for part in (dues[:half], dues[half:]):
            self._together(self._again(part), now)

    def _given_up(self, connection: Connection, dues: Sequence[Due], now: datetime, because: str) -> Batch | None:
        """Counts attempts as failed without applying anything."""
        if not dues:
            return None
        batch = self._batch(connection, dues, now)
        for due in dues:
            batch.fail(due, because)
        batch.write()
        return batch

    def _tell(self, batch: Batch | None) -> None:
        if batch is not None:
            self._observer(batch.told())

    def _again(self, dues: Sequence[Due]) -> Choose:
        """Those of these events that are still there and that nobody else has at hand; this attempt is not among theirs."""
        attempts = {(due.order, due.key): due.attempt for due in dues}

        def choose(connection: Connection) -> list[Due]:
            found = claim_again(connection, self._store.shard, attempts)
            return [replace(due, attempt=attempts[due.order, due.key]) for due in found]

        return choose

    def _conflicted(self) -> None:
        self._shelf.forget()
        self._observer(Conflicted())

    def _batch(self, connection: Connection, dues: Sequence[Due], now: datetime) -> Batch:
        at_hand = self._programs, self._shelf, self._advance, self._foresight, self._watch
        return Batch(connection, dues, now, self._clock, *at_hand)
