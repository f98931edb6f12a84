"""The same process of eight requests here, in DBOS and in SpiffWorkflow with saved state: `bench_peers.py [ORDERS]`.

From the first order's capture to the last one's end, with whatever each needs to go on after a kill at any moment: here an
order, its history, its messages under leases and their answers, all by the database's clock; there a journal of steps, or the
state at each wait. Participants answer at once. `on_dbos.py` and `on_spiff.py` are the peers' programs. All take turns, the best
of three counts; there are more orders here, since they are over sooner.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from time import perf_counter, sleep
from typing import Any

from lives import EIGHT, FIRST, Prepared, left, opened, plain, prepared
from results import keep
from sqlalchemy import make_url

from orderloom.adapters.simulator import simulated
from orderloom.adapters.versions import current_version, versions
from orderloom.engine.audit import audit
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store

HERE = Path(__file__).parent
ROUNDS = 3
MORE = 5  #: times as many orders here

Run = Callable[[int], float]  #: of so many orders; in seconds


def main() -> None:
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with prepared("SQLite", EIGHT, 0) as file, prepared("PostgreSQL", EIGHT, 0) as server:
        runs: dict[tuple[str, str], Run] = {
            ("Orderloom", "SQLite"): lambda n: _here(file, MORE * n) / MORE,
            ("DBOS", "SQLite"): lambda n: _there("on_dbos.py", file.empty(), n),
            ("DBOS with the order's rows", "SQLite"): lambda n: _there("on_dbos.py", file.empty(), n, "rows"),
            ("SpiffWorkflow", "SQLite"): lambda n: _there("on_spiff.py", _path(file), n),
            ("SpiffWorkflow, a hundred together", "SQLite"): lambda n: _there("on_spiff.py", _path(file), n, "together"),
            ("the same, never read back", "SQLite"): lambda n: _there("on_spiff.py", _path(file), n, "together", "kept"),
            ("Orderloom", "PostgreSQL"): lambda n: _here(server, MORE * n) / MORE,
            ("DBOS", "PostgreSQL"): lambda n: _there("on_dbos.py", plain(make_url(server.empty())), n),
            ("DBOS with the order's rows", "PostgreSQL"): lambda n: _there(
                "on_dbos.py", plain(make_url(server.empty())), n, "rows"
            ),
        }
        taken = [{name: run(orders) for name, run in runs.items()} for _ in range(ROUNDS)]
    best = {name: min(found[name] for found in taken) for name in runs}
    rows: list[dict[str, Any]] = []
    for (engine, store), seconds in best.items():
        times = seconds / best["Orderloom", store]
        rows.append({"engine": engine, "store": store, "orders/s": round(orders / seconds, 1), "we are faster by": times})
        print(f"{engine:>32} on {store:<10} {orders / seconds:7.1f} orders/s   we are faster by {times:5.1f}")
    keep("peers", rows)


def _here(place: Prepared, orders: int) -> float:
    store = opened(place.copy())
    program = current_version(store)
    worker = Worker(store, versions(store), simulated(program), DatabaseClock(store))
    started = perf_counter()
    EIGHT.fill(store, program.digest, FIRST + orders)
    watcher = Thread(target=_stop_when_done, args=(store, worker))
    watcher.start()
    worker.run()
    seconds = perf_counter() - started
    watcher.join()
    assert audit(store) == ()
    store.close()
    return seconds


def _stop_when_done(store: Store, worker: Worker) -> None:
    while left(store):
        sleep(0.02)
    worker.stop()


def _there(program: str, *arguments: object) -> float:
    command = [sys.executable, str(HERE / program), *map(str, arguments)]
    return float(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()[-1])


def _path(place: Prepared) -> str:
    return str(make_url(place.empty()).database)


if __name__ == "__main__":
    main()
