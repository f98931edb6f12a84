"""Many who want the same: one hot order, many orders in any order, two channels that change one."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from threading import Barrier
from typing import Any

import psycopg
import pytest
import toy
from postgres import database
from shop import ITEMS, NODES, Shop, opened, stocked
from sqlalchemy import URL, make_url

from orderloom.engine import wire
from orderloom.engine.audit import audit
from orderloom.engine.desk.reference_data import put_items, put_nodes, put_positions, put_supplies
from orderloom.engine.desk.stock_inbox import adjust, count
from orderloom.engine.events import Happened
from orderloom.engine.ledger.messages import Adjustment, Count
from orderloom.engine.ledger.stock import Position, Supply
from orderloom.engine.refused import Refused
from orderloom.engine.shell import runtime
from orderloom.engine.shell.asking import cancel, resolve
from orderloom.engine.shell.batch import Due
from orderloom.engine.shell.claims import Rota, claim, claim_again
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.inbox import capture, report
from orderloom.engine.shell.ports import Delivery, Incoming, Outgoing
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, queries
from orderloom.engine.store.agenda import earliest

Record = Callable[[str, object], None]
PATIENCE = 120  #: seconds without an effect after which workers give up: the test then fails, and does not stand still


def in_threads(*work: Callable[[], object]) -> None:
    """Does all of it side by side; raises what any of it raised."""
    with ThreadPoolExecutor(len(work)) as pool:
        for each in [pool.submit(each) for each in work]:
            each.result()


def deadlocks(url: str) -> int:
    """How many the server has seen in this database."""
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(dsn, autocommit=True) as connection:
        row = connection.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
    assert row is not None
    return int(row[0])


def told_in_bundles(url: str, number: int, bundles: int, orders: int, each: int) -> None:
    """Reports facts about orders in bundles; a pair of these tell the same at the same time, each in an order of its own."""
    chance, own = random.Random(number // 2), random.Random(number)
    with closing(opened(url)) as store:
        for bundle in range(bundles):
            about = [toy.order(chance.randrange(orders), ITEMS).id for _ in range(each)]
            facts = [Incoming(f"{bundle}/{n}", f"{number // 2}", id, Happened(toy.START, "seen")) for n, id in enumerate(about)]
            own.shuffle(facts)
            report(store, facts)


def advanced(url: str, until: Callable[[Store], bool]) -> None:
    """Works on whatever is due, as one of several."""
    with closing(opened(url)) as store:
        worker = Worker(store, Programs(store, toy.program), {"partner": toy.Partner()}, DatabaseClock(store), toy.advance)
        before, since = -1, time.monotonic()
        while worker.run_once() or not until(store):
            if (seen := seen_of(store)) != before:
                before, since = seen, time.monotonic()
            assert time.monotonic() - since < PATIENCE, f"what is left: {left(store)}"
            time.sleep(0.005)


def left(store: Store) -> list[object]:
    """What is due, and what nobody could apply."""
    with store.reading() as connection:
        return [*connection.exec_driver_sql("SELECT * FROM due ORDER BY due_at LIMIT 5").all(), *queries.exceptions(store)]


def seen_of(store: Store) -> int:
    with store.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM history WHERE kind = 'happened'").scalar_one())


def at_the_desk(url: str, number: int, orders: int, over: Callable[[Store], bool]) -> int:
    """Enters stock, reference data and requests about many at a time, in any order; how many times."""
    chance, asked = random.Random(number), 0
    with closing(opened(url)) as store:
        while not over(store):
            asked += 1
            at = store.now()
            places = [(chance.choice(toy.items(ITEMS)), chance.choice(toy.nodes(NODES))) for _ in range(8)]
            items, nodes = {item.id: item for item, _ in places}, {node.id: node for _, node in places}
            match chance.randrange(7):
                case 0:
                    adjust(store, [Adjustment(f"{number}/{asked}/{n}", i.id, d.id, 1, at) for n, (i, d) in enumerate(places)])
                case 1:
                    count(store, [Count(*place, 500) for place in {(i.id, d.id): 0 for i, d in places}], at)
                case 2:
                    due = at.date() + timedelta(days=chance.randrange(9))
                    moved = {(i.id, d.id): Supply("OH", i.id, d.id, "on-hand", 500, due_on=due) for i, d in places}
                    put_positions(store, [Position(*place, chance.randrange(3), supplies=(moved[place],)) for place in moved], at)
                case 3:
                    put_items(store, list(items.values()))
                case 4:
                    put_nodes(store, list(nodes.values()))
                case 5:
                    cancel(store, toy.order(chance.randrange(orders), ITEMS).id, f"desk-{number}", at)
                case 6:
                    coming = [Supply(f"PO{chance.randrange(3)}", i.id, d.id, "purchase", 9, at.date()) for i, d in places]
                    put_supplies(store, list({(s.item, s.node, s.id): s for s in coming}.values()), at)
    return asked


def contention(
    url: str, workers: int, tellers: int, bundles: int, orders: int, each: int, desk: int = 0, of_workers: int = 0
) -> str:
    """Workers on orders that others tell of all the time, as a desk does; how fast, in words. Each fact takes effect once.

    Nobody but a worker is ever the victim of a deadlock; `of_workers` says of how many two workers may be on a very hot order: in
    spite of SKIP LOCKED the server waits where the row that it is to lock has a newer version. Such a worker begins anew.
    """
    with closing(opened(url)) as store:
        shop, facts = Shop(stocked_at(url)), tellers // 2 * bundles * each
        capture(store, [toy.order(number, ITEMS, store.now()) for number in range(orders)], toy.DIGEST)
        began = time.perf_counter()
        tellers_ = [lambda number=number: told_in_bundles(url, number, bundles, orders, each) for number in range(tellers)]
        workers_ = [lambda: advanced(url, lambda store: seen_of(store) >= facts)] * workers
        asked: list[int] = []
        desk_ = [
            lambda number=number: asked.append(at_the_desk(url, number, orders, lambda store: seen_of(store) >= facts))
            for number in range(desk)
        ]
        in_threads(*tellers_, *workers_, *desk_)
        seconds = time.perf_counter() - began
        assert seen_of(store) == facts
        assert queries.exceptions(store) == () and audit(store) == ()
        victims = deadlocks(url)
        assert victims <= of_workers
        shop.store.close()
    return f"{workers} workers: {facts / seconds:,.0f} events a second" + (
        f", {sum(asked):,} times the desk, {victims} deadlocks" if desk else ""
    )


def stocked_at(url: str) -> Store:
    return stocked(url, quantity=12).store


def test_one_hot_order(postgres: URL, record_property: Record) -> None:
    told = []
    for workers in (2, 8):
        with database(postgres) as url:
            told.append(contention(url, workers, tellers=4, bundles=15, orders=1, each=5))
    record_property("report", f"one hot order, no deadlock: {'; '.join(told)}")


def test_many_orders_told_of_in_any_order(postgres: URL, record_property: Record) -> None:
    with database(postgres) as url:
        told = contention(url, workers=3, tellers=6, bundles=12, orders=20, each=10)
    record_property("report", f"20 hot orders, no deadlock: {told}")


def test_a_desk_beside_workers_and_those_who_tell(postgres: URL, record_property: Record) -> None:
    with database(postgres) as url:
        told = contention(url, workers=3, tellers=4, bundles=30, orders=20, each=5, desk=3)
    record_property("report", f"20 hot orders and their stock, no deadlock: {told}")


@pytest.mark.soak
def test_no_deadlock_in_100_000_tries(postgres: URL, record_property: Record) -> None:
    told = []
    for workers in (2, 4, 8, 16):
        with database(postgres) as url:
            told.append(contention(url, workers, tellers=8, bundles=313, orders=20, each=10, desk=2, of_workers=3))
    record_property("report", f"20 hot orders, told of 100,000 times, each event twice: {'; '.join(told)}")


def test_an_attempt_that_another_forestalls_is_not_counted(postgres: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the count and the attempt somebody else takes the order: the event is tried next time, at the same moment."""
    with database(postgres) as url, closing(stocked(url).store) as store:
        Shop(store).capture(1)
        with store.writing() as connection:
            connection.exec_driver_sql("UPDATE due SET attempt = 1")
        with store.engine.connect() as other:

            def forestalled(*claim: Any) -> list[Due]:
                if len(calls) == 1:
                    other.exec_driver_sql("SELECT id FROM orders FOR UPDATE").all()
                calls.append(found := claim_again(*claim))
                return found

            calls: list[list[Due]] = []
            monkeypatch.setattr(runtime, "claim_again", forestalled)
            before = left(store)
            worker = Worker(store, Programs(store, toy.program), {}, DatabaseClock(store), toy.advance)
            worker.run_once()
            assert [len(found) for found in calls] == [1, 0] and left(store) == before
        worker.run_until_idle()
        assert left(store) != before and audit(store) == ()


def test_a_supply_moves_again_while_a_worker_tells_of_it(postgres: URL) -> None:
    """Who enters the day holds the stock, for which that worker may wait: so he does not wait for the worker."""
    with database(postgres) as url, closing(stocked(url).store) as store:
        Shop(store).capture(1)
        Shop(store).worker(timedelta(0)).run_once()
        first = toy.START.date()

        def move(days: int) -> None:
            there = Supply("OH", "I010", "N0", "on-hand", 5, first + timedelta(days=days))
            put_supplies(store, [there], toy.START)

        move(1)
        with store.engine.connect() as other, ThreadPoolExecutor(1) as pool:
            assert other.exec_driver_sql("SELECT key FROM due WHERE key LIKE 'slip%%' FOR UPDATE").scalars().all()
            try:
                for days in (2, 3):
                    pool.submit(move, days).result(20)
            finally:
                other.rollback()
        with store.reading() as connection:
            found = connection.exec_driver_sql("SELECT key, body FROM due WHERE key LIKE 'slip%%' ORDER BY due_at, key").all()
    days = [wire.load_event(body).due_on for _, body in found]  # type: ignore[union-attr]
    assert days == [first + timedelta(days=1), first + timedelta(days=3)], "of the day between nobody has been told"


# --- two channels ----------------------------------------------------------------------------------------------------


@pytest.fixture(params=["file", "server"])
def shop(request: pytest.FixtureRequest, tmp_path: object) -> object:
    if request.param == "file":
        shop = stocked(f"sqlite:///{tmp_path}/toys.sqlite")
        yield shop
        shop.store.close()
        return
    with database(request.getfixturevalue("postgres")) as url, closing(stocked(url).store) as store:
        yield Shop(store)


def at_once(*attempts: Callable[[], Refused | None]) -> list[Refused | None]:
    """What became of attempts that begin at the same moment."""
    barrier, found = Barrier(len(attempts)), list[Refused | None]()

    def tried(attempt: Callable[[], Refused | None]) -> None:
        barrier.wait()
        found.append(attempt())

    in_threads(*(lambda attempt=attempt: tried(attempt) for attempt in attempts))
    return found


def test_of_two_channels_that_change_one_order_one_wins(shop: Shop) -> None:
    """Both have seen the same version. The other one is told what has happened to the order meanwhile."""
    shop.capture(1)
    shop.worker(timedelta(0)).run_once()
    version, at = _version(shop.store), toy.START + timedelta(minutes=20)
    found = at_once(*(lambda by=by: cancel(shop.store, "O00001", by, at, version=version) for by in ("web", "counter")))
    assert found.count(None) == 1
    [refused] = [each for each in found if each]
    assert "O00001" in refused.because and "cancel" in refused.because
    shop.worker().run_until_idle()
    assert shop.outcomes() == {"cancelled": 1} and audit(shop.store) == ()


def _version(store: Store) -> int:
    with store.reading() as connection:
        return int(connection.exec_driver_sql("SELECT version FROM orders").scalar_one())


def test_who_asks_again_for_the_same_is_not_refused(shop: Shop) -> None:
    shop.capture(1)
    shop.worker(timedelta(0)).run_once()
    at = toy.START + timedelta(minutes=20)
    assert [cancel(shop.store, "O00001", "web", at) for _ in range(2)] == [None, None]
    assert cancel(shop.store, "O00001", "counter", at) == Refused("order O00001 is about to be cancelled, as web asked")


def test_of_two_who_settle_one_exception_one_wins(shop: Shop) -> None:
    """A message that nobody takes: one of them gives the order up, and so the other one cannot."""
    shop.capture(1)
    shop.partner = Deaf()  # type: ignore[assignment]
    shop.worker(until=toy.START + timedelta(hours=1, minutes=59)).run_until_idle()
    [stuck] = queries.exceptions(shop.store)
    at = toy.START + timedelta(hours=2)
    found = at_once(*(lambda by=by: resolve(shop.store, "O00001", stuck.id, "give-up", by, at) for by in ("ann", "bob")))
    assert found.count(None) == 1
    assert {each.because for each in found if each} < {
        f"{by} has just chosen give-up for exception {stuck.id}" for by in ("ann", "bob")
    }


class Deaf:
    """Takes no message."""

    def deliver(self, messages: list[Outgoing], settings: object) -> list[Delivery]:
        return [Delivery(message.key, "nobody there") for message in messages]


def test_of_two_who_have_a_failed_event_applied_again_one_wins(shop: Shop) -> None:
    report_of = Incoming("bad", "depot", "O00001", Happened(toy.START + timedelta(minutes=50), "raise"))
    shop.capture(1)
    report(shop.store, [report_of])
    shop.worker().run_until_idle()
    [parked] = queries.exceptions(shop.store)
    at = toy.START + timedelta(days=3)
    found = at_once(*(lambda by=by: resolve(shop.store, "O00001", parked.id, "try-again", by, at) for by in ("ann", "bob")))
    assert found.count(None) == 1
    assert [each.because for each in found if each] == [f"exception {parked.id} of order O00001 is settled"]


def test_nobody_takes_a_later_event_of_an_order_first(postgres: URL) -> None:
    """One has the order, another one that finds it taken is slow; what a third one finds begins with the order's first event."""
    with database(postgres) as url, closing(stocked(url).store) as store:
        Shop(store).capture(1)
        at = store.now()
        with store.engine.connect() as first, store.writing() as slow:
            first.exec_driver_sql("SELECT id FROM orders FOR UPDATE").all()
            assert claim(slow, 0, earliest(store), at, 10, Rota()) == []
            first.rollback()
            assert cancel(store, "O00001", "web", toy.START + timedelta(minutes=20)) is None
            with store.writing() as third:
                assert [due.key for due in claim(third, 0, earliest(store), at, 10, Rota())] == ["captured", "cancel"]
