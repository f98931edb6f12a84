"""One worker process and two on one PostgreSQL: `bench_workers.py [ORDERS]`.

What is the limit decides what a second one brings. Three cases, each timed until nothing is left to do:

- participants: the process of eight requests, and a participant that takes `LATENCY` for each message.
- deciding: orders of the retail pack until each has its sources: the worker's own processor is the limit.
- carrying: the process of eight requests, answered at once: the processors, which the workers share with the server.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.synchronize import Event as Flag
from threading import Thread
from time import perf_counter, sleep

from lives import EIGHT, RETAIL, Life, Prepared, opened, prepared
from results import keep
from sqlalchemy import text

from orderloom.adapters.simulator import simulated
from orderloom.adapters.versions import current_version, versions
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.ports import Adapter, Delivery, Outgoing
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store

LATENCY = 0.02  #: seconds a message
ROUNDS = 2
ENOUGH = 1.6  #: what a second worker must bring where participants are the limit

LEFT = {
    "eight": "SELECT count(*) FROM orders WHERE outcome IS NULL",
    "retail": "SELECT count(*) FROM orders WHERE state IS NULL",
}


@dataclass(frozen=True)
class Slow:
    """Takes its time for each message, one after the other."""

    adapter: Adapter
    seconds: float

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> Sequence[Delivery]:
        sleep(self.seconds * len(messages))
        return self.adapter.deliver(messages, settings)


def main() -> None:
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 150
    cases = {"participants": (EIGHT, LATENCY, orders), "deciding": (RETAIL, 0.0, orders), "carrying": (EIGHT, 0.0, 3 * orders)}
    rows = [{"limit": name, **_case(*case)} for name, case in cases.items()]
    for row in rows:
        speeds = f"{row['1 worker, orders/s']:7.1f} orders/s with one, {row['2 workers, orders/s']:7.1f} with two"
        print(f"{row['limit']:>12}: {speeds}: {row['times']:.2f} times")
    keep("workers", rows)
    if rows[0]["times"] < ENOUGH:
        sys.exit(f"a second worker brings less than {ENOUGH} times where participants are the limit")


def _case(life: Life, latency: float, orders: int) -> dict[str, float]:
    with prepared("PostgreSQL", life, orders) as place:
        taken = {n: min(_taken(place, life, latency, n) for _ in range(ROUNDS)) for n in (1, 2)}
    speeds = {"1 worker, orders/s": orders / taken[1], "2 workers, orders/s": orders / taken[2]}
    return speeds | {"times": taken[1] / taken[2]}


def _taken(place: Prepared, life: Life, latency: float, workers: int) -> float:
    """Seconds from when all workers are there until nothing is left."""
    url, context = place.copy(), get_context("spawn")
    go, stop, there = context.Event(), context.Event(), [context.Event() for _ in range(workers)]
    processes = [context.Process(target=_work, args=(url, latency, ready, go, stop)) for ready in there]
    for process in processes:
        process.start()
    for ready in there:
        ready.wait()
    store = opened(url)
    started = perf_counter()
    go.set()
    while _left(store, life):
        sleep(0.02)
    seconds = perf_counter() - started
    stop.set()
    for process in processes:
        process.join()
    store.close()
    return seconds


def _left(store: Store, life: Life) -> int:
    with store.reading() as connection:
        return int(connection.execute(text(LEFT[life.name])).scalar_one())


def _work(url: str, latency: float, ready: Flag, go: Flag, stop: Flag) -> None:
    """A worker in a process of its own."""
    store = opened(url)
    adapters = {name: Slow(adapter, latency) for name, adapter in simulated(current_version(store)).items()}
    worker = Worker(store, versions(store), adapters, DatabaseClock(store))
    ready.set()
    go.wait()
    Thread(target=lambda: (stop.wait(), worker.stop()), daemon=True).start()
    worker.run()
    store.close()


if __name__ == "__main__":
    main()
