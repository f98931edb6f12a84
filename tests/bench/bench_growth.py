"""The same work and the same questions in stores that grow: `bench_growth.py [SIZES] [STORES]`, as in `1000000 SQLite`.

A store is filled with ended orders of the retail pack (see `filler.py`), up to each size in turn. There the same orders, captured
anew, go through their whole life by one worker, the stock being each time as it was at first; and questions are asked as the
commands ask them. Each of both is a process of its own, so that its memory is its own. Of the rounds the best one counts; CPU
time is that of the worker and of the server's processes together. What the commands take to start is not in the figures. The
last of `SIZES` takes hours and some sixty gigabytes, so it is measured on request alone.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import psycopg
from lives import RETAIL, opened, plain, worker
from msgspec.structs import replace
from results import keep, kept
from sqlalchemy import make_url, select

from orderloom.adapters.demo import BEGINNING
from orderloom.adapters.versions import current_version, deploy_version
from orderloom.dsl.compile import compile
from orderloom.engine.advance import Step, advance
from orderloom.engine.desk.inquiry import Inquiry, answer
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.shell.inbox import capture
from orderloom.engine.store import Store, queries, tables

sys.path.append(str(Path(__file__).parent.parent))

from filler import fill, settle
from postgres import database, running

SIZES = (10_000, 100_000, 1_000_000)
STORES = ("SQLite", "PostgreSQL")
BATCH = 300  #: orders that are run, first to be copied, then at every size
ROUNDS = 3
ASKED = 200  #: times each question

#: What a life leaves behind besides orders; it is put back before the next one.
STAND = (tables.supplies, tables.positions, tables.loads, tables.ahead, tables.opportunity_costs, tables.ways)

Row = dict[str, Any]


def main() -> None:
    sizes = [int(size) for size in sys.argv[1].split(",")] if len(sys.argv) > 1 else list(SIZES[:-1])
    kinds = sys.argv[2].split(",") if len(sys.argv) > 2 else STORES
    rows = [row for kind in kinds for row in _grown(kind, sizes)]
    known = {(str(row["store"]), int(row["orders"])): row for row in [*kept("growth"), *rows] if row["orders"] in SIZES}
    keep("growth", [known[each] for each in sorted(known, key=lambda each: (STORES.index(each[0]), each[1]))])
    _print(rows)


def _grown(kind: str, sizes: list[int]) -> Iterator[Row]:
    with _PLACES[kind]() as (url, server):
        stand = _begun(url)
        for size in sizes:
            started = perf_counter()
            store = opened(url)
            fill(store, size)
            settle(store)
            store.close()
            print(f"{kind}: {size:,} orders after {perf_counter() - started:.0f} s", file=sys.stderr)
            lives = []
            for number in range(ROUNDS):
                _put_back(url, stand)
                lives.append(_alone("life", url, server, f"{size}x{number}"))
            best = {name: min(life[name] for life in lives) for name in lives[0]}
            row = {"store": kind, "orders": size} | best | _alone("questions", url, server, str(size))
            print(json.dumps(row), file=sys.stderr)
            yield row


def _begun(url: str) -> list[list[Row]]:
    """A store in which the first orders have ended; how its stock stands."""
    program = compile(RETAIL.sources).program
    assert program is not None
    store = opened(url, program.workspace)
    deploy_version(store, program, RETAIL.sources, BEGINNING)
    RETAIL.fill(store, program.digest, BATCH)
    with store.reading() as connection:
        stand = [[dict(row) for row in connection.execute(select(table)).mappings()] for table in STAND]
    worker(store).run_until_idle()
    store.close()
    return stand


def _put_back(url: str, stand: list[list[Row]]) -> None:
    store = opened(url)
    with store.writing() as connection:
        for table in (*reversed(STAND[2:]), *STAND[:2]):
            connection.execute(table.delete())
        for table, rows in sorted(zip(STAND, stand, strict=True), key=lambda both: both[0] is tables.supplies):
            if rows:
                connection.execute(table.insert(), rows)
        connection.execute(tables.stock.update().values(version=tables.stock.c.version + 1))
    store.close()


# --- each in a process of its own ------------------------------------------------------------------------------------------


def _alone(what: str, *arguments: str) -> Row:
    done = subprocess.run([sys.executable, __file__, f"--{what}", *arguments], capture_output=True, text=True, check=True)
    found: Row = json.loads(done.stdout.splitlines()[-1])
    return found


def _life(url: str, server: str, mark: str) -> Row:
    """The first orders once more, from capture to end."""
    store, deciding = opened(url), [0.0]
    program = current_version(store)
    found = [queries.order(store, line.id) for line in queries.orders(store, after="A", limit=BATCH)]
    orders = [
        replace(each.state.order, id=f"{mark}-{each.state.order.id}", external_id=None) for each in found if each and each.state
    ]

    def timed(*given: Any) -> Step:
        started = process_time()
        step = advance(*given)
        deciding[0] += process_time() - started
        return step

    wall, cpu = perf_counter(), process_time() + _server_seconds(server)
    capture(store, orders, program.digest)
    worker(store, timed).run_until_idle()
    wall, cpu = perf_counter() - wall, process_time() + _server_seconds(server) - cpu
    return {
        "ms an order": round(1000 * cpu / len(orders), 2),
        "ms an order without deciding": round(1000 * (cpu - deciding[0]) / len(orders), 2),
        "wall ms an order": round(1000 * wall / len(orders), 2),
        "worker MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _questions(url: str, _server: str, size: str) -> Row:
    store, chance = opened(url), random.Random(size)
    lookup, now = Lookup(store, current_version(store)), store.now()
    marks = list(_marks(store))
    ids = [queries.orders(store, after=f"{chance.choice(marks)}-{chance.choice('CSWX')}", limit=1)[0] for _ in range(ASKED)]
    items = [line.item for line in queries.stock(store, limit=5000)]
    nodes = sorted({line.node for line in queries.stock(store, limit=5000)})
    questions: dict[str, Callable[[int], object]] = {
        "orders list": lambda _: queries.orders(store),
        "orders list --after": lambda n: queries.orders(store, after=ids[n].id),
        "orders list --status": lambda n: queries.orders(store, status=ids[n].status),
        "orders list --customer": lambda n: queries.orders(store, customer=ids[n].customer),
        "orders list --channel --status": lambda n: queries.orders(store, channel=ids[n].channel, status="cancelled"),
        "orders show": lambda n: queries.order(store, ids[n].id),
        "stock ITEM": lambda _: answer(lookup, Inquiry(chance.choice(items)), now),
        "stock --node": lambda _: queries.stock(store, node=chance.choice(nodes)),
        "exceptions list": lambda _: queries.exceptions(store),
    }
    return {f"{name} ms (p99)": _asked(question) for name, question in questions.items()}


def _marks(store: Store) -> Iterator[str]:
    """What the ids of copies begin with."""
    mark = "0000000"
    while (found := queries.orders(store, after=f"{mark}.", limit=1)) and (mark := found[0].id.partition("-")[0]).isdigit():
        yield mark


def _asked(question: Callable[[int], object]) -> str:
    taken = []
    for number in range(ASKED):
        started = perf_counter()
        question(number)
        taken.append(1000 * (perf_counter() - started))
    taken.sort()
    return f"{taken[ASKED // 2]:.1f} ({taken[ASKED * 99 // 100]:.1f})"


# --- places ----------------------------------------------------------------------------------------------------------------


@contextmanager
def _sqlite() -> Iterator[tuple[str, str]]:
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/growth.sqlite", ""


@contextmanager
def _postgres() -> Iterator[tuple[str, str]]:
    with running(durable=True) as server, database(server.server) as url:
        with psycopg.connect(plain(make_url(url)), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET max_wal_size = '8GB'")  # else filling is mostly checkpoints
            connection.execute("SELECT pg_reload_conf()")
        yield url, (server.folder / "data" / "postmaster.pid").read_text().split()[0]


_PLACES = {"SQLite": _sqlite, "PostgreSQL": _postgres}


def _server_seconds(server: str) -> float:
    """CPU seconds that the server with this number has taken, with all its processes, those that have ended, too."""
    if not server:
        return 0.0
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return (sum(_ticks(server)) + sum(sum(_ticks(child)[:2]) for child in children)) / 100


def _ticks(process: str) -> list[int]:
    """Hundredths of a second: its own in user and system mode, and those of children that have ended."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return [0]
    return [int(field) for field in fields[11:15]]


def _print(rows: list[Row]) -> None:
    for name in rows[0]:
        print(f"{name:>38}", *(f"{row[name]!s:>14}" for row in rows))
    for kind in dict.fromkeys(row["store"] for row in rows):
        first, last = itemgetter(0, -1)([row for row in rows if row["store"] == kind])
        for name in ("ms an order", "ms an order without deciding", "worker MB"):
            print(f"{kind}: {name} at {last['orders']:,} is {last[name] / first[name]:.2f} times that at {first['orders']:,}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--life"]:
        print(json.dumps(_life(*sys.argv[2:])))
    elif sys.argv[1:2] == ["--questions"]:
        print(json.dumps(_questions(*sys.argv[2:])))
    else:
        main()
