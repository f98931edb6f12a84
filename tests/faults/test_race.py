"""Many threads of several processes after the same few units, softly and for good: nothing is sold twice, nothing is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from postgres import database
from racing import PROGRAM, opened_race, stock_up
from sqlalchemy import URL, func, select

from orderloom.engine.audit import audit
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, tables

HOT, COLD, EACH = 20, 2000, 50  #: items, and units of each: 1,000 of the hot ones
WANTED = 2000  #: units that the orders want in all: more than there are of the hot items
PROCESSES = 4
Record = Callable[[str, object], None]


def race(url: str, threads: int, orders: int, items: int) -> tuple[float, int]:
    """Lets four processes race; how many orders a second they placed and worked on, and how often they had to try again."""
    with closing(opened_race(url)) as store:
        stock_up(store, items, EACH)
    most = 2 * WANTED // (PROCESSES * threads * orders)
    numbers = (PROCESSES, threads, orders, items, most)
    program = [sys.executable, str(Path(__file__).parent / "run_race.py"), url, *map(str, numbers)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as racers:
        assert racers.stdout and racers.stdout.readline() == "ready\n"
        began = time.perf_counter()
        told = racers.communicate("go\n")[0].split()
        seconds = time.perf_counter() - began
    assert (racers.returncode, len(told)) == (0, PROCESSES)
    return PROCESSES * threads * orders / seconds, sum(map(int, told))


def settle(store: Store) -> None:
    """Works until nobody holds anything softly any more."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        Worker(store, Programs(store, lambda _: PROGRAM), {}, DatabaseClock(store)).run_until_idle()
        if not _one(store, select(func.count()).select_from(tables.orders).where(tables.orders.c.state.is_(None))) and not _soft(
            store
        ):
            return
        time.sleep(0.05)
    raise AssertionError("somebody still holds something softly")


def _soft(store: Store) -> int:
    return _one(store, select(func.count()).select_from(tables.reservations).where(tables.reservations.c.expires_at.is_not(None)))


def _one(store: Store, query: object) -> int:
    with store.reading() as connection:
        return int(connection.execute(query).scalar_one() or 0)  # type: ignore[call-overload]


def proved(url: str, there: int) -> str:
    """Proves that every unit is where it belongs; what became of them, in words."""
    s, r, e = tables.supplies.c, tables.reservations.c, tables.exceptions.c
    with closing(opened_race(url)) as store:
        settle(store)
        assert audit(store) == ()
        units, claimed = _one(store, select(func.sum(s.received))), _one(store, select(func.sum(s.reserved)))
        assert units == there
        assert claimed == _one(store, select(func.sum(r.quantity)))
        with store.reading() as connection:
            assert connection.execute(select(e.order_id, e.cause).where(e.event.is_not(None))).all() == []  # all could be applied
        kinds = dict(_rows(store))
        assert kinds["harden"] > 0 and kinds["release"] > 0
    return f"{units:,} units = {claimed:,} reserved for good + {units - claimed:,} free"


def _rows(store: Store) -> list[tuple[str, int]]:
    with store.reading() as connection:
        rows = connection.execute(select(tables.ledger.c.kind, func.count()).group_by(tables.ledger.c.kind))
        return [(kind, count) for kind, count in rows]


def compare(url_of: Callable[[str], str], kind: str, threads: int, orders: int, record: Record) -> None:
    told = []
    for name, items in (("hot", HOT), ("cold", COLD)):
        url = url_of(name)
        speed, again = race(url, threads, orders, items)
        told.append(f"{items:,} {name} items: {speed:,.0f} orders a second, {again} tried again, {proved(url, items * EACH)}")
    record(
        "report", f"{kind}, {PROCESSES} processes of {threads} threads, {PROCESSES * threads * orders} orders; " + "; ".join(told)
    )


def test_a_race_for_hot_items(tmp_path: Path, record_property: Record) -> None:
    compare(lambda name: f"sqlite:///{tmp_path / name}.sqlite", "SQLite", 4, 12, record_property)


@pytest.mark.soak
def test_a_long_race_for_hot_items(tmp_path: Path, record_property: Record) -> None:
    compare(lambda name: f"sqlite:///{tmp_path / name}.sqlite", "SQLite", 16, 15, record_property)


def test_a_race_on_a_server(postgres: URL, record_property: Record) -> None:
    with database(postgres) as hot, database(postgres) as cold:
        compare({"hot": hot, "cold": cold}.__getitem__, "PostgreSQL", 4, 8, record_property)


@pytest.mark.soak
def test_a_long_race_on_a_server(postgres: URL, record_property: Record) -> None:
    with database(postgres) as hot, database(postgres) as cold:
        compare({"hot": hot, "cold": cold}.__getitem__, "PostgreSQL", 16, 15, record_property)
