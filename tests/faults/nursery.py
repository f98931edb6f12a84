"""Worker processes, made by a process of their own that has everything imported, so that each begins at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct


class Task(Struct, frozen=True):
    """What a worker is to do.

    `kind` names a function of `run_workers.py`. `log` is where partners note what reaches them. `number` is what chance falls by,
    `danger` the probability of being killed at each of the moments that matter. `lock` is a file that serialises workers.
    One that `stops` freezes when the first message has reached its partner, until somebody wakes it. One with a `point` is killed
    at the moment with this number: just before a row is written, before a commit, when a partner was told, when he has answered.
    """

    kind: str
    url: str
    log: str
    number: int = 0
    seed: int = 1
    danger: float = 0
    lock: str = ""
    stops: bool = False
    point: int = 0


class Nursery:
    """Begins workers, and tells which have ended."""

    def __init__(self, maker: subprocess.Popen[str]) -> None:
        self._maker = maker

    def begin(self, task: Task) -> int:
        """The process id of a new worker."""
        return msgspec.json.decode(self._ask(msgspec.json.encode(task).decode()), type=int)

    def ended(self) -> dict[int, int]:
        """Exit codes of those that have ended since this was asked last: minus the signal that killed one."""
        return msgspec.json.decode(self._ask('"ended"'), type=dict[int, int])

    def clock(self) -> float:
        """What time it is there."""
        return msgspec.json.decode(self._ask('"clock"'), type=float)

    def _ask(self, command: str) -> str:
        assert self._maker.stdin and self._maker.stdout
        self._maker.stdin.write(command + "\n")
        self._maker.stdin.flush()
        return self._maker.stdout.readline()


@contextmanager
def nursery(**environment: str) -> Iterator[Nursery]:
    """A maker of workers, in this environment besides our own; those that still run at the end are killed."""
    script = [sys.executable, str(Path(__file__).parent / "run_workers.py")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(script, **pipes, text=True, env=os.environ | environment) as maker:  # type: ignore[call-overload]
        yield Nursery(maker)
