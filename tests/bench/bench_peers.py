"""The same process of eight requests here, in DBOS and in SpiffWorkflow with saved state: `bench_peers.py [ORDERS]`.

From the first order's capture to the last one's end, with whatever each needs to go on after a kill at any moment: here an
order, its history, its messages under leases and their answers, all by the database's clock; there a journal of steps, or the
state at each wait. Participants answer at once. `on_dbos.py` and `on_spiff.py` are the peers' programs. All take turns, the best
of two counts; there are more orders here, since they are over sooner.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

from lives import EIGHT, FIRST, Prepared, left, opened, plain, prepared
from results import keep
from spent import Spent, spent
from sqlalchemy import make_url

from orderloom.adapters.simulator import simulated
from orderloom.adapters.versions import current_version, versions
from orderloom.engine.audit import audit
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store

HERE = Path(__file__).parent
ROUNDS = 2
MORE = 10  #: times as many orders here

Run = Callable[[int], Spent]  #: of so many orders


def main() -> None:
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    with prepared("SQLite", EIGHT, 0) as file, prepared("PostgreSQL", EIGHT, 0) as server:
        runs: dict[tuple[str, str], Run] = {
            ("Orderloom", "SQLite"): lambda n: _here(file, MORE * n),
            ("DBOS", "SQLite"): lambda n: _there("on_dbos.py", file.empty(), n),
            ("DBOS with the order's rows", "SQLite"): lambda n: _there("on_dbos.py", file.empty(), n, "rows"),
            ("SpiffWorkflow", "SQLite"): lambda n: _there("on_spiff.py", _path(file), n),
            ("SpiffWorkflow, a hundred together", "SQLite"): lambda n: _there("on_spiff.py", _path(file), n, "together"),
            ("the same, never read back", "SQLite"): lambda n: _there("on_spiff.py", _path(file), n, "together", "kept"),
            ("Orderloom", "PostgreSQL"): lambda n: _here(server, MORE * n),
            ("DBOS", "PostgreSQL"): lambda n: _there("on_dbos.py", plain(make_url(server.empty())), n),
            ("DBOS with the order's rows", "PostgreSQL"): lambda n: _there(
                "on_dbos.py", plain(make_url(server.empty())), n, "rows"
            ),
        }
        taken = [{name: run(orders) for name, run in runs.items()} for _ in range(ROUNDS)]
    best = {name: _an_order(name[0], orders, [found[name] for found in taken]) for name in runs}
    rows = [_row(*name, found, best["Orderloom", name[1]]) for name, found in best.items()]
    for row in rows:
        print(
            "   ".join(f"{name} {figure:.1f}" if isinstance(figure, float) else f"{figure:>33}" for name, figure in row.items())
        )
    keep("peers", rows)


def _an_order(engine: str, orders: int, taken: list[Spent]) -> Spent:
    """The best of all runs, by order."""
    many = orders * MORE if engine == "Orderloom" else orders
    return Spent(min(each.wall for each in taken) / many, min(each.cpu for each in taken) / many)


def _row(engine: str, store: str, found: Spent, ours: Spent) -> dict[str, Any]:
    figures = {"orders/s": 1 / found.wall, "times our time": found.wall / ours.wall}
    return {
        "engine": engine,
        "store": store,
        **figures,
        "CPU ms an order": 1000 * found.cpu,
        "times our CPU": found.cpu / ours.cpu,
    }


def _here(place: Prepared, orders: int) -> Spent:
    address = place.copy()
    store = opened(address)
    program = current_version(store)
    worker = Worker(store, versions(store), simulated(program), DatabaseClock(store))
    EIGHT.fill(store, program.digest, FIRST + 1)
    worker.run_until_idle()  # whatever the first one sets up
    before = spent(address)
    EIGHT.fill(store, program.digest, FIRST + 1 + orders)
    Thread(target=_stop_when_done, args=(store, worker), daemon=True).start()
    worker.run()
    taken = spent(address) - before
    assert not left(store)
    assert audit(store) == ()
    store.close()
    return taken


def _stop_when_done(store: Store, worker: Worker) -> None:
    while left(store):
        sleep(0.1)
    worker.stop()


def _there(program: str, *arguments: object) -> Spent:
    command = [sys.executable, str(HERE / program), *map(str, arguments)]
    printed = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return Spent(*map(float, printed.split()[-2:]))


def _path(place: Prepared) -> str:
    return str(make_url(place.empty()).database)


if __name__ == "__main__":
    main()
