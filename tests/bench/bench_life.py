"""An order's whole life beside bare SQL that writes the same rows in the same batches: `bench_life.py [EIGHT [RETAIL]]`.

Both ways of `lives` on both stores, simulated partners, ticks of a day. Runs are recorded: every statement with its rows, and
every decision. Then, on copies of the same store, the best of three:

- bare: the driver runs each recorded statement on all of its rows (`executemany`), and nothing else;
- at once: the same, with the statements that the engine gives to a server, which have all rows in one value;
- decisions known: the engine runs, each decision taken from the recording, so that what is left is the shell's own work;
- whole: the engine runs.

Wall time counts the waits for the disk, CPU time is that of the worker and of the server. At the end a run is looked at every
millisecond, to say where its time goes. Fails where the engine is further from the bare statements than `FLOOR` allows for the
process in which nothing is decided.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Sequence
from typing import Any
from unittest.mock import patch

import psycopg
from lives import EIGHT, RETAIL, STORES, Life, Prepared, left, opened, plain, prepared, worker
from results import keep
from sampling import ORDER, sampled
from spent import Spent, spent
from sqlalchemy import event, make_url

from orderloom.engine.advance import Step, advance
from orderloom.engine.audit import audit
from orderloom.engine.shell.batch import Advance
from orderloom.engine.store.connect import PRAGMAS
from orderloom.engine.store.statements import AT_ONCE

ROUNDS = 3
FLOOR = {"SQLite": 0.15, "PostgreSQL": 0.30}  #: of bare, by CPU time

Transaction = list[tuple[str, Sequence[Any]]]
Steps = dict[tuple[str, int], Step]


def main() -> None:
    given = [int(argument) for argument in sys.argv[1:]]
    orders = dict(zip(("eight", "retail"), [*given, *(500, 200)[len(given) :]], strict=False))
    rows = [_measured(life, kind, orders[life.name]) for life in (EIGHT, RETAIL) for kind in STORES]
    keep("life", rows)
    slow = [row["store"] for row in rows if row["life"] == "eight" and row["whole of bare, CPU"] < FLOOR[row["store"]]]
    if slow:
        sys.exit(f"too far from the bare statements on {', '.join(slow)}")


def _measured(life: Life, kind: str, orders: int) -> dict[str, Any]:
    with prepared(kind, life, orders) as store:
        with patch.dict(AT_ONCE, clear=True):
            written, steps = _recorded(store.copy())
        at_once, _ = _recorded(store.copy())
        runs: dict[str, Callable[[], Spent]] = {
            "bare": lambda: _bare(store.copy(), written),
            "at once": lambda: _bare(store.copy(), at_once),
            "decisions known": lambda: _run(store.copy(), lambda w, s, e: steps[_key(s, e)]),
            "whole": lambda: _run(store.copy(), advance),
        }
        taken = {name: [run() for _ in range(ROUNDS)] for name, run in runs.items()}
        parts = _parts(store)
    best = {name: Spent(min(s.wall for s in found), min(s.cpu for s in found)) for name, found in taken.items()}
    print(f"\n{life.name} on {kind}: {orders} orders, {len(written)} transactions, {_rows(written) / orders:.1f} rows an order")
    bare = best["bare"]
    for name, run in best.items():
        wall = f"{orders / run.wall:7.0f} orders/s, {bare.wall / run.wall:4.0%} of bare"
        print(f"{name:>16}  wall {wall}    CPU {1000 * run.cpu / orders:6.2f} ms an order, {bare.cpu / run.cpu:4.0%} of bare")
    print("where its time goes: " + ", ".join(f"{part} {share:.0%}" for part, share in parts.items()))
    speeds = {f"{name} orders/s": round(orders / run.wall) for name, run in best.items()}
    ratios = {f"{name} of bare": bare.wall / best[name].wall for name in ("decisions known", "whole")}
    ratios["whole of bare, CPU"] = bare.cpu / best["whole"].cpu
    ratios["whole of at once, CPU"] = best["at once"].cpu / best["whole"].cpu
    about = {"life": life.name, "store": kind, "orders": orders, "rows an order": _rows(written) / orders}
    return about | speeds | ratios | {"parts": parts}


def _rows(written: list[Transaction]) -> int:
    return sum(len(rows) for transaction in written for _, rows in transaction)


# --- the engine ----------------------------------------------------------------------------------------------------------


def _run(url: str, advance: Advance) -> Spent:
    """Seconds from the first turn to the last."""
    store = opened(url)
    busy = worker(store, advance)
    before = spent(url)
    busy.run_until_idle()
    taken = spent(url) - before
    assert not left(store) and audit(store) == ()
    store.close()
    return taken


def _parts(prepared: Prepared) -> dict[str, float]:
    """The share of wall time that each part takes."""
    store = opened(prepared.copy())
    busy = worker(store, advance)
    with sampled() as found:
        busy.run_until_idle()
    store.close()
    return {part: found[part] / found.total() for part in ORDER if found[part]}


def _recorded(url: str) -> tuple[list[Transaction], Steps]:
    """What a run writes, by transaction, and the step of every event."""
    store, transactions, steps = opened(url), list[Transaction](), Steps()
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

    worker(store, remembered).run_until_idle()
    store.close()
    return transactions, steps


def _key(state: Any, event: Any) -> tuple[str, int]:
    return (state.order.id, state.sequence) if state else (event.order.id, 0)


# --- bare SQL ------------------------------------------------------------------------------------------------------------


def _bare(url: str, transactions: list[Transaction]) -> Spent:
    """Seconds that the driver takes for the same rows."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        connection: Any = sqlite3.connect(str(address.database), isolation_level=None)
        for pragma in PRAGMAS:
            connection.execute(pragma)
        begin = "BEGIN IMMEDIATE"
    else:
        connection, begin = psycopg.connect(plain(address), autocommit=True), "BEGIN"
    cursor = connection.cursor()
    before = spent(url)
    for transaction in transactions:
        cursor.execute(begin)
        for statement, rows in transaction:
            cursor.executemany(statement, rows)
        cursor.execute("COMMIT")
    taken = spent(url) - before
    connection.close()
    return taken


if __name__ == "__main__":
    main()
