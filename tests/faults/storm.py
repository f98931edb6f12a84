"""A storm: workers at work on one store, killed at random moments, each followed by a new one, until nothing is left to do.

They are killed from outside whenever chance says so, and kill themselves at the moments that matter: within a turn, before and
after a commit, between what a partner does and the acknowledgment of it.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace
from nursery import Nursery, Task

WORKERS = 4
PATIENCE = 600  #: seconds after which a storm that does not end is a failure


@dataclass
class Storm:
    """`longest` is the most time between two kills, in seconds. `idle` counts workers that found nothing left to do."""

    nursery: Nursery
    task: Task
    chance: random.Random
    longest: float = 0.1
    workers: int = WORKERS
    killed: int = 0
    idle: int = 0
    running: set[int] = field(default_factory=set)

    def rage(self, kills: int, meanwhile: Callable[[], None] = lambda: None) -> int:
        """Kills so many workers, fewer where they come to the end of the work before; how many it were."""
        before = self.killed
        while self.killed - before < kills and not self.idle:
            self.attend()
            time.sleep(self.chance.uniform(0, self.longest))
            meanwhile()
            self._kill()
        return self.killed - before

    def calm(self, done: Callable[[], bool] | None = None) -> None:
        """Lets workers go on undisturbed to the end of the work; where they run for ever, until it is `done`."""
        self.task = replace(self.task, danger=0.0)
        deadline = time.monotonic() + PATIENCE
        while not (done() if done else self.idle):
            assert time.monotonic() < deadline, "the workers do not come to an end"
            self.attend()
            time.sleep(0.02)
        while self.running:
            assert time.monotonic() < deadline, "a worker does not stop"
            self._signal(signal.SIGTERM if done else signal.SIGCONT, *self.running)
            time.sleep(0.02)
            self._reap()

    def attend(self) -> None:
        """As many workers as there should be."""
        self._reap()
        while len(self.running) < self.workers and not self.idle:
            self.running.add(self.nursery.begin(replace(self.task, number=self.chance.getrandbits(32))))

    # --- within ------------------------------------------------------------------------------------------------------

    def _reap(self) -> None:
        for worker, code in self.nursery.ended().items():
            if worker in self.running:
                assert code in (0, -signal.SIGKILL, -signal.SIGTERM), f"a worker ended with {code}"
                self.running.discard(worker)
                self.killed += code == -signal.SIGKILL
                self.idle += code == 0

    def _kill(self) -> None:
        """One of them; where they take turns, rather the one whose turn it is."""
        victim = self.chance.choice(sorted(self.running) or [0])
        with suppress(ValueError, FileNotFoundError):
            at_work = int(Path(self.task.lock or "/dev/null").read_text())
            victim = at_work if at_work in self.running and self.chance.random() < 0.7 else victim
        self._signal(signal.SIGKILL, *{victim} & self.running)

    def _signal(self, number: int, *workers: int) -> None:
        for worker in workers:
            with suppress(ProcessLookupError):
                os.kill(worker, number)
