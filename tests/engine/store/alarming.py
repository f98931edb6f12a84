"""What every store must do with monitors of orders. Imported like `conformance`.

The workspace is that of the scenarios `monitors`: three cancellations of one customer within seven days are one alarm.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select

from orderloom.adapters.stage import Silent
from orderloom.dsl.compile import compile_workspace
from orderloom.dsl.program import Program
from orderloom.engine.alarm import Alarm
from orderloom.engine.audit import audit
from orderloom.engine.catalog import Item, Node
from orderloom.engine.desk.reference_data import put_items, put_nodes
from orderloom.engine.desk.trying import tried
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.refused import Refused
from orderloom.engine.shell.asking import cancel
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.inbox import capture
from orderloom.engine.shell.programs import Programs, deploy
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, open_store, tables
from orderloom.engine.store.alarms import alarms, raised_by

MONITORS = Path(__file__).parents[2] / "scenarios" / "monitors"
BEGIN = datetime(2026, 3, 2, 10, tzinfo=UTC)


class Tower:
    """A store with the workspace deployed, and a clock that stands until it is told to go on."""

    def __init__(self, store: Store, program: Program) -> None:
        self.store, self.program, self.now = store, program, BEGIN
        self.numbers = count()

    def orders(self, customers: Sequence[str]) -> list[str]:
        """An order of each of these customers, captured, and then cancelled, of which no worker has heard yet."""
        found = [f"O{next(self.numbers):05}" for _ in customers]
        self._capture(found, customers)
        self.work()
        for id in found:
            assert cancel(self.store, id, "ann", self.now) is None
        return found

    def capture(self, customers: Sequence[str]) -> None:
        """An order of each of these customers, of which no worker has heard yet."""
        self._capture([f"O{next(self.numbers):05}" for _ in customers], customers)

    def _capture(self, ids: Sequence[str], customers: Sequence[str]) -> None:
        line = Line("1", "MUG", 1, Decimal(9), "ship")
        capture(self.store, [self._order(id, who, line) for id, who in zip(ids, customers, strict=True)], self.program.digest)

    def _order(self, id: str, customer: str, line: Line) -> Order:
        return Order(id, "web", self.now, Customer(customer), (line,), "USD", ship_to=Address(zip=id), division="RETAIL")

    def worker(self) -> Worker:
        clock, programs = SimulatedClock(self.store, until=self.now), Programs(self.store, lambda _: self.program)
        return Worker(self.store, programs, {"simulator": Silent()}, clock)

    def work(self) -> None:
        self.worker().run_until_idle()

    def alarms(self, monitor: str = "many-cancellations") -> list[Alarm]:
        """In the order in which they were raised."""
        return alarms(self.store, monitor, limit=10_000)[::-1]

    def kept(self) -> int:
        """Rows of what may yet become a pattern."""
        with self.store.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(tables.patterns)).scalar_one())


def towered(url: str) -> Tower:
    """The store at this address, with a node, an item and the workspace in it."""
    store = open_store(url, "monitors")
    assert isinstance(store, Store)
    put_nodes(store, [Node("DC1", "dc")])
    put_items(store, [Item("MUG")])
    program = compile_workspace(MONITORS).program
    assert program is not None
    deploy(store, program.digest, {"monitors.yaml": b"monitors"}, "first", BEGIN)
    return Tower(store, program)


@pytest.fixture
def tower(url: str) -> Tower:
    return towered(url)


def test_a_pattern_over_orders_is_raised_once(tower: Tower) -> None:
    tower.orders(["A", "B", "A"])
    tower.work()
    assert (tower.alarms(), tower.kept()) == ([], 2)
    tower.now += timedelta(hours=2)
    [third, *_] = tower.orders(["A", "B"])
    for _ in range(3):
        tower.work()
    [alarm] = tower.alarms()
    assert (alarm.order, alarm.key, alarm.at) == (third, "A", tower.now)
    assert alarm.because == "3 x cancelled within 7 days: A"
    assert tower.kept() == 1, "of A all begins anew"
    assert raised_by(tower.store)["many-cancellations"] == (1, tower.now)
    assert audit(tower.store) == ()


def test_what_is_kept_is_forgotten_in_time(tower: Tower) -> None:
    tower.orders([f"C{number}" for number in range(20)])
    tower.work()
    assert tower.kept() == 20
    tower.now += timedelta(days=8)
    tower.orders(["D"])
    tower.work()
    assert tower.kept() == 1


def test_what_another_definition_has_kept_counts_no_more(tower: Tower) -> None:
    tower.orders(["A", "A"])
    tower.work()
    with tower.store.writing() as connection:
        connection.execute(tables.patterns.update().values(rules="of before"))
    tower.orders(["A", "A"])
    tower.work()
    assert tower.alarms() == []
    tower.orders(["A"])
    tower.work()
    assert len(tower.alarms()) == 1


def test_workers_that_see_one_key_at_once_raise_together_what_one_would(tower: Tower) -> None:
    if tower.store.engine.url.database in (None, ":memory:"):
        pytest.skip("one connection")
    tower.orders([f"C{number % 7}" for number in range(7 * 9)])
    at_once = Barrier(2)

    def work() -> None:
        at_once.wait(10)
        tower.worker().run_until_idle()

    with ThreadPoolExecutor(2) as workers:
        for done in [workers.submit(work) for _ in range(2)]:
            done.result(60)
    tower.work()
    assert sorted(alarm.key for alarm in tower.alarms()) == sorted(f"C{number}" for number in range(7) for _ in range(3))
    assert audit(tower.store) == ()


def test_the_past_says_what_was_raised(tower: Tower) -> None:
    tower.orders(["A", "B", "A", "B", "A", "A"])
    tower.work()
    for hours in (3, 30, 60):
        tower.now = BEGIN + timedelta(hours=hours)
        tower.capture(["A", "A", "B"])
        tower.work()
    names = [name for name, each in tower.program.monitors.items() if each.active]
    for name in names:
        said = tried(tower.store, tower.program, name, BEGIN, tower.now)
        assert not isinstance(said, Refused)
        assert [_what(each) for each in said] == [_what(each) for each in tower.alarms(name)], name
    assert {name for name in names if tower.alarms(name)} >= {"many-cancellations", "stuck-in-the-door"}
    off = tried(tower.store, tower.program, "switched-off", BEGIN, tower.now)
    assert not isinstance(off, Refused) and tower.alarms("switched-off") == []
    later = tried(tower.store, tower.program, "many-cancellations", BEGIN + timedelta(hours=1), tower.now)
    assert later == (), "it was raised before"
    assert isinstance(tried(tower.store, tower.program, "none", BEGIN, tower.now), Refused)


def _what(alarm: Alarm) -> tuple[object, ...]:
    return (alarm.at, alarm.order, alarm.unit, alarm.line, alarm.key, alarm.because)
