"""Parts played here, one after the other, or spread over the processes of Dask; the results come in the order of the tasks."""

from __future__ import annotations

import pickle
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from importlib.util import find_spec
from logging import CRITICAL
from multiprocessing.resource_tracker import ensure_running
from signal import SIG_BLOCK, SIG_SETMASK, SIGINT, pthread_sigmask
from typing import Any

from orderloom.adapters.replay.outcome import Outcome
from orderloom.adapters.replay.part import Part
from orderloom.adapters.replay.play import play
from orderloom.adapters.replay.variant import Variant
from orderloom.engine.refused import Refused

Task = tuple[bytes, bytes, int]  #: a part and a version, both `packed`, and the seed
Pool = Callable[[Iterable[Task]], Iterator[tuple[Outcome, ...]]]

AHEAD = 2  #: tasks a thread that are handed out before the first is back: so much is in memory
PATIENCE = 10  #: seconds that a scheduler has to answer
#: A part comes whole, however large, and nobody looks at profiles.
SETTINGS = {"distributed.admin.large-graph-warning-threshold": "1 GiB", "distributed.worker.profile.enabled": False}


class Lost(Exception):
    """A part took its process with it every time that it was tried."""


def packed(value: Part | Variant) -> bytes:
    """A value for the way to another process."""
    return zlib.compress(pickle.dumps(value), 1)


def played(task: Task) -> tuple[Outcome, ...]:
    """The outcomes of a task, in whatever process."""
    part, variant, seed = task
    return play(_unpacked(part), _unpacked(variant).program, seed)


def here(tasks: Iterable[Task]) -> Iterator[tuple[Outcome, ...]]:
    """The pool that is this process."""
    return map(played, tasks)


def pool_of(workers: int, scheduler: str | None, closed_by: ExitStack) -> Pool | Refused:
    """Processes of a cluster that is there, or so many of our own, for as long as the stack is open; for one, this process."""
    if scheduler is None and workers == 1:
        return here
    if find_spec("distributed") is None:
        asked = f"--scheduler {scheduler}" if scheduler else f"--workers {workers}"
        return Refused(f"{asked} needs Dask, which is not installed: pip install 'orderloom[scale]'")
    settings = _dask() and import_module("dask.config")  # in this order: the one adds its settings to those of the other
    closed_by.enter_context(settings.set(SETTINGS))
    client = _connected(scheduler, closed_by) if scheduler else _local(workers, closed_by)
    return client if isinstance(client, Refused) else lambda tasks: _spread(tasks, client)


def _connected(scheduler: str, closed_by: ExitStack) -> Any | Refused:
    try:
        client = _dask().Client(scheduler, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as fault:
        return Refused(f"no Dask scheduler answers at {scheduler}: {fault}")
    closed_by.enter_context(client)
    if not client.nthreads():
        return Refused(f"the Dask scheduler at {scheduler} has no workers")
    return client


def _local(workers: int, closed_by: ExitStack) -> Any:
    """Processes of one thread each; memory is ours to bound, not Dask's to kill for."""
    settled = {"threads_per_worker": 1, "memory_limit": 0, "dashboard_address": "127.0.0.1:0"}
    with _uninterrupted():
        cluster = _dask().LocalCluster(n_workers=workers, processes=True, silence_logs=CRITICAL, **settled)
    closed_by.enter_context(cluster)
    return closed_by.enter_context(_dask().Client(cluster, set_as_default=False))


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Threads and processes that begin within never see Ctrl-C, which is for this thread; it comes when this is over."""
    ensure_running()  # what watches over processes would listen to it again when it is begun
    before = pthread_sigmask(SIG_BLOCK, {SIGINT})
    try:
        yield
    finally:
        pthread_sigmask(SIG_SETMASK, before)


def _spread(tasks: Iterable[Task], client: Any) -> Iterator[tuple[Outcome, ...]]:
    """Hands out tasks and has their results in order. What a process that dies was at is played anew by another one."""
    waiting: deque[Any] = deque()
    for task in tasks:
        waiting.append(client.submit(played, task, pure=False))
        if len(waiting) > AHEAD * max(1, sum(client.nthreads().values())):
            yield _result(waiting.popleft())
    while waiting:
        yield _result(waiting.popleft())


def _result(future: Any) -> tuple[Outcome, ...]:
    try:
        found: tuple[Outcome, ...] = future.result()
    except _dask().KilledWorker:
        raise Lost(
            "a part of the replay took its process with it, every time; smaller windows (--days) need less memory"
        ) from None
    return found


def _dask() -> Any:
    return import_module("distributed")  # slow to import, and not there without the extra


def _unpacked(data: bytes) -> Any:
    return pickle.loads(zlib.decompress(data))
