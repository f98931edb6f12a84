"""An order's whole life beside bare SQL that writes the same rows in the same batches: `bench_life.py [ORDERS]`.

The retail pack on its data, simulated partners, ticks of a day, SQLite with synchronous FULL. One run is recorded: every
statement with its rows, and every decision. Then, on copies of the same file, the best of three:

- bare: the sqlite3 driver runs the recorded statements, and nothing else;
- decisions known: the engine runs, each decision taken from the recording, so that what is left is the shell's own work;
- whole: the engine runs.

Wall time counts the waits for the disk; CPU time is steadier where the machine is shared.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import event

from orderloom.adapters.demo import BEGINNING, load
from orderloom.adapters.imports.datasets import DATA_SET, shipped_data
from orderloom.adapters.simulator import simulated
from orderloom.adapters.versions import current_version, deploy_version, versions
from orderloom.dsl.compile import compile_pack
from orderloom.dsl.library import pack_sources
from orderloom.engine.advance import Step, advance
from orderloom.engine.audit import audit
from orderloom.engine.shell.batch import Advance
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, open_store
from orderloom.engine.store.connect import PRAGMAS

TICK = timedelta(days=1)
ROUNDS = 3

Transaction = list[tuple[str, Sequence[Any]]]


@dataclass(frozen=True)
class Seconds:
    """What a run took."""

    wall: float
    cpu: float


def main() -> None:
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepared = _prepared(folder, orders)
        written, steps = _recorded(_copy(prepared))
        core = [0.0]
        runs: dict[str, Callable[[], Seconds]] = {
            "bare": lambda: _bare(_copy(prepared), written),
            "decisions known": lambda: _run(_copy(prepared), lambda w, s, e: steps[_key(s, e)]),
            "whole": lambda: _run(_copy(prepared), _timed(core)),
        }
        taken = {name: [run() for _ in range(ROUNDS)] for name, run in runs.items()}
    best = {name: Seconds(min(s.wall for s in found), min(s.cpu for s in found)) for name, found in taken.items()}
    _print(orders, written, best)
    print(f"of the whole, deciding takes {core[0] / sum(s.cpu for s in taken['whole']):.0%} of the CPU time")


def _prepared(folder: Path, orders: int) -> Path:
    """A store with the reference data and the orders captured, none of them worked on."""
    program = compile_pack("retail").program
    assert program is not None
    path = folder / "prepared.sqlite"
    store = _opened(path, program.workspace)
    deploy_version(store, program, pack_sources("retail"), BEGINNING)
    for file in DATA_SET:
        load(store, program, shipped_data(), file, orders if file.kind == "orders" else None, lambda *_: None)
    store.close()
    return path


def _opened(path: Path, workspace: str | None = None) -> Store:
    store = open_store(f"sqlite:///{path}", workspace)
    assert isinstance(store, Store), store
    return store


def _copy(path: Path) -> Path:
    copy = Path(tempfile.mkdtemp(dir=path.parent)) / path.name
    return Path(shutil.copy(path, copy))


# --- the engine ----------------------------------------------------------------------------------------------------------


def _worker(store: Store, advance: Advance) -> Worker:
    return Worker(store, versions(store), simulated(current_version(store)), SimulatedClock(store, TICK), advance)


def _run(path: Path, advance: Advance) -> Seconds:
    """Seconds from the first turn to the last."""
    store = _opened(path)
    worker = _worker(store, advance)
    wall, cpu = perf_counter(), process_time()
    worker.run_until_idle()
    seconds = Seconds(perf_counter() - wall, process_time() - cpu)
    assert audit(store) == ()
    store.close()
    return seconds


def _timed(core: list[float]) -> Advance:
    """Decides, and adds up the seconds that it takes."""

    def timed(*given: Any) -> Step:
        started = process_time()
        step = advance(*given)
        core[0] += process_time() - started
        return step

    return timed


def _recorded(path: Path) -> tuple[list[Transaction], dict[tuple[str, int], Step]]:
    """What a run writes, by transaction, and the step of every event."""
    store, transactions, steps = _opened(path), list[Transaction](), dict[tuple[str, int], Step]()
    current: Transaction = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, rows: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            current.append((statement, rows if many else [rows]))

    @event.listens_for(store.engine, "commit")
    def close(_connection: Any) -> None:
        if current:
            transactions.append(current.copy())
            current.clear()

    def remembered(world: Any, state: Any, event: Any) -> Step:
        key = _key(state, event)
        steps[key] = advance(world, state, event)
        return steps[key]

    _worker(store, remembered).run_until_idle()
    store.close()
    return transactions, steps


def _key(state: Any, event: Any) -> tuple[str, int]:
    return (state.order.id, state.sequence) if state else (event.order.id, 0)


# --- bare SQL ------------------------------------------------------------------------------------------------------------


def _bare(path: Path, transactions: list[Transaction]) -> Seconds:
    """Seconds that the driver takes for the same rows."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    wall, cpu = perf_counter(), process_time()
    for transaction in transactions:
        connection.execute("BEGIN IMMEDIATE")
        for statement, rows in transaction:
            connection.executemany(statement, rows)
        connection.execute("COMMIT")
    seconds = Seconds(perf_counter() - wall, process_time() - cpu)
    connection.close()
    return seconds


def _print(orders: int, written: list[Transaction], best: dict[str, Seconds]) -> None:
    rows = sum(len(rows) for transaction in written for _, rows in transaction)
    print(f"{orders} orders, {len(written)} transactions, {rows / orders:.1f} rows an order")
    bare = best["bare"]
    for name, taken in best.items():
        wall = f"{orders / taken.wall:7.0f} orders/s, {bare.wall / taken.wall:4.0%} of bare"
        print(f"{name:>16}  wall {wall}    CPU {1000 * taken.cpu / orders:6.2f} ms an order, {bare.cpu / taken.cpu:4.0%} of bare")


if __name__ == "__main__":
    main()
