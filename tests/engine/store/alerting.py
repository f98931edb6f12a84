"""What every store must do with monitors and published availability. Imported like `conformance`.

The workspace is that of the scenarios `alerts`: raised below 20 units or 3 days of supply over all dcs, cleared above 40 units
and 6 days, looking back over 10 days; and at each store raised below 3 units, cleared at 6.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import count as counting
from itertools import pairwise
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderloom.adapters.stage import Silent
from orderloom.dsl.compile import compile_workspace
from orderloom.dsl.program import Program
from orderloom.engine.audit import audit
from orderloom.engine.catalog import Item, Node
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.desk.publish import Publication, publish
from orderloom.engine.desk.reference_data import put_items, put_nodes, put_positions
from orderloom.engine.desk.stock_inbox import count
from orderloom.engine.ledger.messages import Count
from orderloom.engine.ledger.stock import Position, Supply
from orderloom.engine.order import Address, Customer, Line, Order
from orderloom.engine.promising.monitors import Figures
from orderloom.engine.refused import Refused
from orderloom.engine.shell.clock import SimulatedClock
from orderloom.engine.shell.inbox import capture
from orderloom.engine.shell.programs import Programs, deploy
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.shell.watch import Watch
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, open_store, queries
from orderloom.engine.store.alerts import Alert, alerts, raise_alerts

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
ALERTS = Path(__file__).parents[2] / "scenarios" / "alerts"
NODES = (Node("DC1", "dc"), Node("DC2", "dc"), Node("S1", "store"), Node("V1", "vendor"))


def program() -> Program:
    compiled = compile_workspace(ALERTS)
    assert compiled.program is not None
    return compiled.program


class Depot:
    """A store with the workspace deployed, and a clock that stands until it is told to go on."""

    def __init__(self, store: Store, program: Program) -> None:
        self.store, self.program, self.now = store, program, START
        self.numbers = counting()

    def item(self, **on_hand: int) -> str:
        """A new item, with so many at each node."""
        id = f"I{next(self.numbers):05}"
        put_items(self.store, [Item(id)])
        at = [
            Position(id, node, supplies=(Supply(f"{id}@{node}", id, node, "on-hand", units),)) for node, units in on_hand.items()
        ]
        put_positions(self.store, at, self.now)
        return id

    def count(self, item: str, node: str, units: int) -> None:
        self.now += timedelta(minutes=10)
        self.told(item, node, units)

    def told(self, item: str, node: str, units: int) -> None:
        """Somebody counts, now."""
        [verdict] = count(self.store, [Count(item, node, units)], self.now)
        assert not isinstance(verdict, Refused), verdict

    def order(self, item: str, quantity: int) -> str:
        self.now += timedelta(minutes=10)
        id = f"O{next(self.numbers):05}"
        line = Line("1", item, quantity, Decimal(9), "ship")
        order = Order(id, "web", self.now, Customer("C"), (line,), "USD", ship_to=Address(region="EAST"))
        capture(self.store, [order], self.program.digest)
        self.work()
        return id

    def work(self) -> None:
        clock, programs = SimulatedClock(self.store, until=self.now), Programs(self.store, lambda _: self.program)
        Worker(self.store, programs, {"simulator": Silent()}, clock).run_until_idle()

    def watch(self) -> Watch:
        return Watch(self.store, Shelf(self.store.shard))

    def lookup(self) -> Lookup:
        return Lookup(self.store, self.program)

    def alerts(self, item: str) -> list[Alert]:
        """In the order in which they were raised."""
        return alerts(self.store, item)[::-1]

    def publish(self, since: int = 0, total: bool = False) -> tuple[int, dict[tuple[str, str], int]]:
        found = publish(self.store, self.program, "ship", self.now, since, total)
        assert isinstance(found, Publication)
        return found.token, {(figure.item, figure.node): figure.available for figure in found.figures}


def deployed(url: str) -> Depot:
    """The store at this address, with the nodes and the workspace in it."""
    store = open_store(url, "alerts")
    assert isinstance(store, Store)
    put_nodes(store, NODES)
    found = Depot(store, program())
    deploy(store, found.program.digest, {"alerts.yaml": b"alerts"}, "first", START)
    return found


@pytest.fixture
def depot(url: str) -> Depot:
    return deployed(url)


def test_a_level_that_an_import_crosses_is_told_once(depot: Depot) -> None:
    item = depot.item(DC1=15, DC2=10)
    depot.work()
    assert depot.alerts(item) == []  # 25 in all
    depot.count(item, "DC1", 9)
    for _ in range(3):
        depot.work()
    [alert] = depot.alerts(item)
    assert (alert.event, alert.node, alert.raised_at, alert.cleared_at) == ("running-out", "", depot.now, None)
    assert alert.raised == Figures(19, 19, Decimal(0), Decimal(36500))
    assert alert.origin == "rules/rules.yaml:2"


def test_each_store_has_an_alert_of_its_own(depot: Depot) -> None:
    item = depot.item(S1=2, DC1=100)
    depot.work()
    assert [(a.monitor, a.node) for a in depot.alerts(item)] == [("last-pieces-of-a-store", "S1")]


def test_an_order_is_sourced_by_what_is_raised_and_says_so(depot: Depot) -> None:
    item = depot.item(DC1=24, V1=100)
    first, second = depot.order(item, 5), depot.order(item, 3)
    for id, policy, running_out in ((first, "from-stock", False), (second, "from-vendors", True)):
        whole = queries.order(depot.store, id)
        assert whole is not None
        [record] = [line.record for line in whole.records if line.record.kind == "sourcing"]
        assert record.plan is not None and record.plan.policy == policy
        assert record.inputs["running_out"] is running_out
    [alert] = depot.alerts(item)
    assert alert.raised == Figures(19, 19, Decimal("0.5"), Decimal(38))


def test_alerts_end_with_their_monitors(depot: Depot) -> None:
    item = depot.item(DC1=1)
    depot.work()
    assert len(depot.alerts(item)) == 1
    without = compile_workspace(ALERTS.parent / "promises").program
    assert without is not None and not without.monitors
    depot.now += timedelta(hours=1)
    deploy(depot.store, without.digest, {"none.yaml": b""}, "second", depot.now)
    depot.program = without
    depot.work()
    assert [(a.cleared_at, a.cleared) for a in depot.alerts(item)] == [(depot.now, None)]


def test_two_workers_that_look_at_once_tell_once(depot: Depot) -> None:
    items = [depot.item(DC1=19) for _ in range(20)]
    at_once = Barrier(2)

    def look() -> None:
        watch = depot.watch()
        at_once.wait(10)
        watch.look(depot.program, depot.now)

    if depot.store.engine.url.database in (None, ":memory:"):
        pytest.skip("one connection")
    with ThreadPoolExecutor(2) as workers:
        for done in [workers.submit(look) for _ in range(2)]:
            done.result(30)
    assert [len(depot.alerts(item)) for item in items] == [1] * 20
    assert audit(depot.store) == ()


STEP = st.one_of(st.tuples(st.just("count"), st.integers(0, 60)), st.tuples(st.just("order"), st.integers(1, 30)))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=1, max_size=12))
def test_every_crossing_is_one_event(depot: Depot, steps: list[tuple[str, int]]) -> None:
    item, available, sold, raised, ups = depot.item(DC1=30, V1=1000), 30, 0, False, 0
    for what, units in steps:
        if what == "count":
            depot.count(item, "DC1", units)
            available = units
            depot.work()
        else:
            whole = units <= available  # what the dc has too little of, it gives all of, and the vendor the rest
            given_here = 0 if raised else units if whole else available
            depot.order(item, units)
            available, sold = available - given_here, sold + given_here
        low, high = levels(available, sold)
        ups += low and not raised
        raised = low if not raised else not high
    found = depot.alerts(item)
    assert len(found) == ups
    assert [alert.cleared_at is None for alert in found] == [False] * (ups - 1) + [raised] * (ups > 0)
    assert all(one.cleared_at and one.cleared_at <= other.raised_at for one, other in pairwise(found))
    assert audit(depot.store) == ()


def levels(available: int, sold: int) -> tuple[bool, bool]:
    """Whether the lower level is crossed, and the upper one, by figures worked out apart."""
    cover = min(Fraction(available * 10, sold), Fraction(36500)) if sold else Fraction(36500)
    return available < 20 or cover < 3, available > 40 and cover > 6


def test_what_has_not_changed_is_not_published_again(depot: Depot) -> None:
    one, other = depot.item(DC1=30, V1=5), depot.item(DC1=7)
    first, everything = depot.publish()
    assert everything == {(one, "DC1"): 30, (one, "V1"): 5, (other, "DC1"): 7}
    assert depot.publish(total=True)[1] == {(one, ""): 35, (other, ""): 7}
    assert depot.publish(first) == (first, {})
    depot.count(one, "DC1", 31)
    depot.count(other, "DC1", 7)  # a row of the ledger, and nothing else
    second, changed = depot.publish(first)
    assert second > first and changed == {(one, "DC1"): 31}
    assert depot.publish(first) == (second, changed)  # an answer that was lost
    depot.count(one, "DC1", 29)
    depot.count(one, "V1", 7)
    assert depot.publish(second, total=True)[1] == {}  # 29 + 7 = 31 + 5
    assert depot.publish(second)[1] == {(one, "DC1"): 29, (one, "V1"): 7}
    assert isinstance(publish(depot.store, depot.program, "ship", depot.now, since=99), Refused)


def test_an_alert_that_changes_the_floor_is_published(depot: Depot) -> None:
    item = depot.item(S1=4)
    token, _ = depot.publish()
    depot.count(item, "S1", 2)
    depot.work()
    assert depot.publish(token)[1] == {(item, "S1"): 0}


def test_publications_side_by_side_miss_nothing(depot: Depot) -> None:
    if depot.store.engine.url.database in (None, ":memory:"):
        pytest.skip("one connection")
    items = [depot.item(DC1=10) for _ in range(5)]
    known: dict[tuple[str, str], int] = {}

    def change(rounds: int) -> None:
        for number in range(rounds):
            depot.count(items[number % 5], "DC1", 11 + number)

    def listen(rounds: int) -> dict[tuple[str, str], int]:
        token, mine = 0, dict(known)
        for _ in range(rounds):
            token, more = depot.publish(token)
            mine |= more
        return mine | depot.publish(token)[1]

    jobs: list[tuple[Callable[[int], object], int]] = [(change, 30), (listen, 8), (listen, 8)]
    with ThreadPoolExecutor(3) as workers:
        for done in [workers.submit(job, rounds) for job, rounds in jobs]:
            done.result(60)
    assert listen(1) == {(item, "DC1"): 36 + number for number, item in enumerate(items)}  # the last counts of 11 + 25 .. 11 + 29


def test_an_alert_that_is_open_twice_is_found(depot: Depot) -> None:
    item = depot.item(DC1=1)
    depot.work()
    with depot.store.writing() as connection:
        raise_alerts(connection, depot.store.shard, depot.alerts(item))
    assert [(found.law, found.subject) for found in audit(depot.store)] == [
        ("an alert is raised once", f"alert of fast-mover-runs-out for {item}"),
        ("an alert is cleared before it is raised again", f"alert 2 of fast-mover-runs-out for {item}"),
    ]
