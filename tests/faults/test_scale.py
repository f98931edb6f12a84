"""Much of everything: timers, work that is due at once, messages that nobody takes, a large body, a reader that stays."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
import toy
from msgspec.structs import replace
from patience import until
from postgres import database
from shop import ITEMS, Shop, stocked
from sqlalchemy import URL, Table, func, select

from orderloom.dsl.program import Organization, Program
from orderloom.engine.audit import audit
from orderloom.engine.events import Replied
from orderloom.engine.shell.claims import Rota, claim
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.inbox import capture, report
from orderloom.engine.shell.ports import Delivery, Incoming, Outgoing
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, queries, tables
from orderloom.engine.store.agenda import earliest

Record = Callable[[str, object], None]
ORDERS = 200
LATER = "2099-01-01T00:00:00.000000+00:00"
EARLIER = "2026-03-02T10:00:00.000000+00:00"


@pytest.fixture(params=["file", "server"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    """Orders of which none is worked on for long."""
    if request.param == "file":
        with closing(stocked(f"sqlite:///{tmp_path}/toys.sqlite", 10**6).store) as store:
            yield _filled(store)
        return
    with database(request.getfixturevalue("postgres")) as url, closing(stocked(url, 10**6).store) as store:
        yield _filled(store)


def _filled(store: Store) -> Shop:
    capture(store, [toy.order(n, ITEMS) for n in range(ORDERS)], toy.DIGEST)
    with store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE due SET due_at = '{LATER}'")
    return Shop(store)


def put_timers(store: Store, count: int, due_at: str, prefix: str) -> None:
    """Timers of these orders; no step of theirs waits for them."""
    row = {"shard": 0, "due_at": due_at, "kind": "timer", "attempt": 0, "queue": "0/"}
    for numbers in _portions(count):
        rows = [row | {"order_id": f"O{n % ORDERS:05}", "key": f"{prefix}{n}", "body": f"{prefix}{n}"} for n in numbers]
        _insert(store, tables.due, rows)
    _count_rows(store)


def _portions(count: int) -> Iterator[range]:
    for first in range(0, count, 20_000):
        yield range(first, min(first + 20_000, count))


def _insert(store: Store, table: Table, rows: list[dict[str, object]]) -> None:
    names = list(rows[0])
    mark = "?" if store.engine.dialect.name == "sqlite" else "%s"
    with store.writing() as connection:
        text = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))})"
        connection.exec_driver_sql(text, [tuple(row.values()) for row in rows])


def _count_rows(store: Store) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql("ANALYZE")


# --- timers ----------------------------------------------------------------------------------------------------------


def claims(store: Store, times: int = 40) -> list[float]:
    """Seconds that it takes to look and to claim 20 events that are due."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        agenda = earliest(store)
        with store.writing() as connection:
            assert len(claim(connection, 0, agenda, toy.START, 20, Rota())) == 20
            found.append(time.perf_counter() - began)
    return sorted(found)


def future_timers(shop: Shop, count: int) -> str:
    put_timers(shop.store, 20, EARLIER, "now")
    before = claims(shop.store)
    put_timers(shop.store, count, LATER, "later")
    claims(shop.store)
    after = claims(shop.store)
    assert statistics.median(after) < 2 * statistics.median(before) + 0.001
    return f"{1000 * statistics.median(before):.2f} ms without, {1000 * statistics.median(after):.2f} ms with {count:,} timers"


def test_timers_of_the_future_cost_nothing(shop: Shop, record_property: Record) -> None:
    record_property("report", f"claim of 20 on {shop.store.engine.dialect.name}: {future_timers(shop, 100_000)}")


@pytest.mark.soak
def test_a_million_timers_of_the_future_cost_nothing(shop: Shop, record_property: Record) -> None:
    record_property("report", f"claim of 20 on {shop.store.engine.dialect.name}: {future_timers(shop, 1_000_000)}")


def drained(shop: Shop, count: int) -> str:
    """So much is due at once: each once, without a retry."""
    put_timers(shop.store, count, EARLIER, "now")
    worker = Worker(shop.store, Programs(shop.store, toy.program), {}, DatabaseClock(shop.store), toy.advance)
    began = time.perf_counter()
    with shop.store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE due SET due_at = '{EARLIER}'")
    done = worker.run_until_idle().turns
    seconds = time.perf_counter() - began
    with shop.store.reading() as connection:
        kinds = dict(connection.exec_driver_sql("SELECT kind, count(*) FROM history GROUP BY kind").all())
    assert done == count + 2 * ORDERS and kinds == {"captured": ORDERS, "time-reached": count + ORDERS}, (
        "each waits for an answer"
    )
    assert queries.exceptions(shop.store) == ()
    return f"{count:,} due at once: {count / seconds:,.0f} a second"


def test_what_is_due_at_once_is_drained(shop: Shop, record_property: Record) -> None:
    record_property("report", f"{shop.store.engine.dialect.name}: {drained(shop, 1000)}")


@pytest.mark.soak
def test_100_000_due_at_once_are_drained(shop: Shop, record_property: Record) -> None:
    record_property("report", f"{shop.store.engine.dialect.name}: {drained(shop, 100_000)}")


# --- messages that nobody takes --------------------------------------------------------------------------------------


@dataclass
class Down:
    """A participant that cannot be reached."""

    calls: int = 0
    largest: int = 0

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> list[Delivery]:
        self.calls, self.largest = self.calls + 1, max(self.largest, len(messages))
        return [Delivery(message.key, "nobody there") for message in messages]


@dataclass
class Quick:
    """A participant that takes everything at once."""

    took: dict[str, float] = field(default_factory=dict)

    def deliver(self, messages: Sequence[Outgoing], settings: Mapping[str, object]) -> list[Delivery]:
        self.took |= {message.key: time.perf_counter() for message in messages}
        return [Delivery(message.key) for message in messages]


def put_messages(store: Store, organization: str, count: int) -> None:
    row = {"shard": 0, "organization": organization, "role": "fulfiller", "message": "note", "body": "{}", "at": EARLIER}
    row |= {"due_at": EARLIER, "attempt": 0, "sequence": 0, "queue": f"{organization}/0/"}
    for numbers in _portions(count):
        rows = [row | {"key": f"{organization}/{n}", "order_id": f"O{n % ORDERS:05}", "number": n} for n in numbers]
        _insert(store, tables.outbox, rows)
    _count_rows(store)


def with_two_participants() -> Program:
    found = toy.program()
    depot = found.organizations["depot"]
    two = {name: Organization(name, name, depot.roles, None, name, {}, depot.origin) for name in ("down", "quick")}
    return replace(found, organizations=two)


def one_is_down(shop: Shop, waiting: int) -> str:
    """What waits for the one that is down holds up nobody else, and takes no more memory, however much it is."""
    put_messages(shop.store, "down", waiting)
    down, quick = Down(), Quick()
    programs = Programs(shop.store, lambda _: with_two_participants())
    worker = Worker(shop.store, programs, {"down": down, "quick": quick}, DatabaseClock(shop.store), toy.advance, concurrency=2)
    with at_work(worker):
        until(lambda: down.calls > 1)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        put_messages(shop.store, "quick", 300)
        until(lambda: len(quick.took) == 300)
    slowest = max(quick.took.values()) - began
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert down.largest <= 100 and more < 30
    return f"{waiting:,} messages wait for one that is down ({down.calls} calls), 300 others went within {slowest:.1f} s"


def test_a_participant_that_is_down_holds_up_nobody(shop: Shop, record_property: Record) -> None:
    record_property("report", f"{shop.store.engine.dialect.name}: {one_is_down(shop, 5000)}")


@pytest.mark.soak
def test_a_participant_that_is_down_with_100_000_messages(shop: Shop, record_property: Record) -> None:
    record_property("report", f"{shop.store.engine.dialect.name}: {one_is_down(shop, 100_000)}")


# --- a backlog -------------------------------------------------------------------------------------------------------


@pytest.mark.soak
def test_ten_orders_beside_a_backlog_of_100_000(postgres: URL, record_property: Record) -> None:
    """95 % of them have their first turn within a second of their capture."""
    with database(postgres) as url, closing(stocked(url, 10**7).store) as store:
        for numbers in _portions(100_000):
            capture(store, [replace(toy.order(n, ITEMS, toy.START), division="BIG") for n in numbers], toy.DIGEST)
        _count_rows(store)
        worker = Worker(store, Programs(store, toy.program), {"partner": toy.Partner()}, DatabaseClock(store), toy.advance)
        with at_work(worker):
            time.sleep(2)
            waits = sorted(_first_turn(store, 200_000 + number) for number in range(10))
        o = tables.orders.c
        with store.reading() as connection:
            left = connection.execute(select(func.count()).where(o.division == "BIG", o.version == 0)).scalar_one()
    assert left and waits[-1] < 1
    record_property(
        "report", f"beside {left:,} orders that wait: first turn after {waits[5]:.2f} s (median), {waits[-1]:.2f} s at most"
    )


def _first_turn(store: Store, number: int) -> float:
    order, began = replace(toy.order(number, ITEMS, toy.START), division="SMALL"), time.perf_counter()
    capture(store, [order], toy.DIGEST)
    o = tables.orders.c

    def turned() -> bool:
        with store.reading() as connection:
            return bool(connection.execute(select(o.version).where(o.id == order.id)).scalar_one())

    until(turned)
    return time.perf_counter() - began


# --- a large body ----------------------------------------------------------------------------------------------------


def test_a_body_of_50_megabytes_holds_up_nobody(tmp_path: Path) -> None:
    with closing(stocked(f"sqlite:///{tmp_path}/toys.sqlite", 100).store) as store:
        shop = Shop(store)
        shop.capture(*range(100))
        large = Replied(toy.START + timedelta(hours=1), "O00007/order:1", "picked", {"photo": "x" * 50_000_000})
        report(store, [Incoming("large", "depot", "O00007", large)])
        shop.worker().run_until_idle()
        assert shop.outcomes() == {"delivered": 100} and audit(store) == ()


# --- a reader that stays ---------------------------------------------------------------------------------------------


@contextmanager
def at_work(worker: Worker) -> Iterator[None]:
    """The worker runs beside."""
    thread = Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(60)


@contextmanager
def snapshot_held(store: Store) -> Iterator[None]:
    """A transaction that has seen the store, and stays open."""
    with store.reading() as connection:
        connection.execute(select(func.count()).select_from(tables.orders)).scalar_one()
        yield


def rate(shop: Shop, seconds: float) -> float:
    """Events a second."""
    worker = Worker(shop.store, Programs(shop.store, toy.program), {}, DatabaseClock(shop.store), toy.advance)
    end, done, number = time.perf_counter() + seconds, 0, 0
    while time.perf_counter() < end:
        number += 1
        put_timers_quietly(shop.store, 1000, number)
        done += worker.run_until_idle().turns
    return done / seconds


def put_timers_quietly(store: Store, count: int, number: int) -> None:
    row = {"shard": 0, "due_at": EARLIER, "kind": "timer", "attempt": 0, "queue": "0/"}
    keys = [f"{number}/{n}/{time.monotonic()}" for n in range(count)]
    _insert(store, tables.due, [row | {"order_id": f"O{n % ORDERS:05}", "key": key, "body": key} for n, key in enumerate(keys)])


@pytest.mark.soak
def test_a_reader_that_stays_for_minutes(postgres: URL, record_property: Record) -> None:
    """What is done cannot be cleaned up meanwhile, and work goes on at more than half its rate."""
    with database(postgres) as url, closing(stocked(url, 10**6).store) as store:
        shop = _filled(store)
        with store.writing() as connection:
            connection.exec_driver_sql(f"UPDATE due SET due_at = '{EARLIER}'")
        before = rate(shop, 30)
        with snapshot_held(store):
            rates = [rate(shop, 30) for _ in range(4)]
    assert min(rates) > before / 2
    told = ", ".join(f"{each:,.0f}" for each in rates)
    record_property("report", f"{before:,.0f} events a second; while a reader stays for two minutes {told}")
