"""A worker tells that it is there, and learns whether another has died: of what it was at, perhaps."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress

from orderloom.engine.shell.observe import Batched, Conflicted, Delivered, Observer, Report
from orderloom.engine.store import Store
from orderloom.engine.store.workers import Doing, Seen, beat, gone, seen


class Tally:
    """Counts what a worker does, and passes on what it is told."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer
        self.turns = self.messages = self.failures = self.conflicts = 0

    def __call__(self, report: Report) -> None:
        match report:
            case Batched():
                self.turns += len(report.turns)
                self.failures += sum(turned.fault is not None for turned in report.turns)
            case Delivered():
                self.messages += report.result == "delivered"
                self.failures += report.result != "delivered"
            case Conflicted():
                self.conflicts += 1
        self._observer(report)

    def doing(self, breakers: Mapping[str, str]) -> Doing:
        """What was counted so far."""
        return Doing(self.turns, self.messages, self.failures, self.conflicts, breakers)


class Presence:
    """One worker's row in the store. Its owner is the host and the process."""

    def __init__(self, store: Store, doing: Callable[[], Doing]) -> None:
        self._store, self._doing = store, doing
        self._host, self._process = socket.gethostname(), os.getpid()
        self.owner = f"{self._host}:{self._process}"
        self._arrived = False

    def tell(self) -> tuple[str, ...]:
        """Notes that it is there; the workers that have died, each told of once. One that was frozen comes back by itself."""
        now, shard = self._store.now(), self._store.shard
        with self._store.writing() as connection:
            dead = [other.owner for other in seen(connection, shard, now) if self._has_died(other)]
            for owner in dead:
                gone(connection, shard, owner)
            beat(connection, shard, self.owner, now, self._doing())
        self._arrived = True
        return tuple(dead)

    def leave(self) -> None:
        """Notes that it ends, having done what it was at."""
        with self._store.writing() as connection:
            gone(connection, self._store.shard, self.owner)

    def _has_died(self, other: Seen) -> bool:
        if other.owner == self.owner:  # a process that had this number before
            return not self._arrived
        host, _, process = other.owner.rpartition(":")
        return not other.alive or (host == self._host and not _runs(int(process)))


def _runs(process: int) -> bool:
    with suppress(PermissionError):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
    return True
