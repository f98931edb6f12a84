"""Messages of an order go in order; participants are called side by side, and one that is down or slow holds up nobody else."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
import toy
from msgspec.structs import replace as changed
from shop import ITEMS, Shop, stocked
from sqlalchemy import text

from orderloom.dsl.program import Organization, Program
from orderloom.engine import wire
from orderloom.engine.shell.clock import DatabaseClock, SimulatedClock
from orderloom.engine.shell.deliver import Courier
from orderloom.engine.shell.inbox import capture
from orderloom.engine.shell.outgoing import Candidate, in_order
from orderloom.engine.shell.ports import Delivery, Outgoing
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.retries import DELIVERIES
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store.agenda import earliest
from orderloom.engine.store.statements import SEND, run


@pytest.fixture
def shop(url: str) -> Shop:
    """Orders O00000 to O00019, none of which is to be worked on for long."""
    shop = stocked(url)
    capture(shop.store, [toy.order(n, ITEMS) for n in range(20)], toy.DIGEST)
    with shop.store.writing() as connection:
        connection.exec_driver_sql("UPDATE due SET due_at = '2099-01-01T00:00:00.000000+00:00'")
    return shop


def send(shop: Shop, *messages: tuple[str, int], to: str = "depot", at: str = "2026-03-02T10:00:00.000000+00:00") -> None:
    """Messages of an order, known by their place."""
    rows = [
        (
            0,
            f"{order}/{to}/{place}",
            order,
            to,
            "fulfiller",
            "note",
            "{}",
            at,
            at,
            0,
            None,
            None,
            None,
            place,
            None,
            0,
            f"{to}/0/",
        )
        for order, place in messages
    ]
    with shop.store.writing() as connection:
        run(connection, SEND, rows)


def program(*names: str, concurrency: int = 1) -> Program:
    """The toy process with these organizations."""
    found = toy.program()
    depot = found.organizations["depot"]
    organizations = {
        name: Organization(name, name, depot.roles, None, name, {}, depot.origin, concurrency=concurrency) for name in names
    }
    return changed(found, organizations=organizations)


@dataclass
class Log:
    """Takes messages as `answer` says, and notes their keys and attempts."""

    answer: Callable[[Outgoing], Delivery] = lambda message: Delivery(message.key)
    seen: list[tuple[str, int]] = field(default_factory=list)
    calls: list[int] = field(default_factory=list)

    def deliver(self, messages: Sequence[Outgoing], settings: Any) -> list[Delivery]:
        self.calls.append(len(messages))
        self.seen += [(message.key, message.attempt) for message in messages]
        return [self.answer(message) for message in messages]


def failing(*keys: str) -> Callable[[Outgoing], Delivery]:
    """Refuses the first attempt of these messages."""
    return lambda m: Delivery(m.key, "busy" if m.key in keys and m.attempt == 1 else None)


def outbox(shop: Shop) -> dict[str, tuple[int, bool]]:
    """The attempts of each message, and whether it is done."""
    with shop.store.reading() as connection:
        return {key: (attempt, done) for key, attempt, done in connection.execute(_OUTBOX)}


_OUTBOX = text("SELECT key, attempt, done_at IS NOT NULL FROM outbox")


def deliver_all(shop: Shop, partner: Log, clock: Any = None) -> None:
    programs = Programs(shop.store, lambda _: program("depot"))
    courier = Courier(shop.store, programs, {"depot": partner}, clock or SimulatedClock(shop.store), "me")
    while (agenda := earliest(shop.store)).message is not None and agenda.message.year < 2090:
        if not courier.round(agenda, 100):
            return


# --- one after the other -------------------------------------------------------------------------------------------------


def test_a_message_does_not_overtake_an_earlier_one_that_is_tried_again(shop: Shop) -> None:
    send(shop, ("O00001", 10), ("O00001", 9), ("O00001", 11), ("O00002", 1))
    partner = Log(failing("O00001/depot/9"))
    deliver_all(shop, partner)
    assert partner.seen == [
        *(("O00001/depot/9", 1), ("O00002/depot/1", 1)),
        *(("O00001/depot/9", 2), ("O00001/depot/10", 1), ("O00001/depot/11", 1)),
    ]
    assert all(done for _, done in outbox(shop).values())


def test_messages_to_different_participants_do_not_wait_for_each_other(shop: Shop) -> None:
    send(shop, ("O00001", 1))
    send(shop, ("O00001", 2), to="shop")
    programs = Programs(shop.store, lambda _: program("depot", "shop"))
    depot, other = Log(failing("O00001/depot/1")), Log()
    courier = Courier(shop.store, programs, {"depot": depot, "shop": other}, SimulatedClock(shop.store), "me")
    courier.round(earliest(shop.store), 100)
    assert other.seen == [("O00001/shop/2", 1)]


def test_one_that_is_given_up_lets_the_next_one_go(shop: Shop) -> None:
    send(shop, ("O00001", 1), ("O00001", 2))
    partner = Log(lambda m: Delivery(m.key, "busy" if m.key.endswith("/1") else None))
    deliver_all(shop, partner, SimulatedClock(shop.store, timedelta(minutes=1)))
    assert partner.seen == [*(("O00001/depot/1", n) for n in range(1, DELIVERIES + 1)), ("O00001/depot/2", 1)]


def test_behind_a_message_that_another_worker_has_nothing_goes(shop: Shop) -> None:
    send(shop, ("O00001", 1), ("O00001", 2))
    programs, clock = Programs(shop.store, lambda _: program("depot")), DatabaseClock(shop.store)
    seconds = Log()
    second = Courier(shop.store, programs, {"depot": seconds}, clock, "second")

    def meanwhile(message: Outgoing) -> Delivery:
        second.round(earliest(shop.store), 100)
        return Delivery(message.key)

    send(shop, ("O00002", 1))
    first = Courier(shop.store, programs, {"depot": Log(meanwhile)}, clock, "first")
    first.round(earliest(shop.store), 1)
    assert seconds.seen == [("O00002/depot/1", 1)]
    assert outbox(shop)["O00001/depot/2"] == (0, False)


def test_the_time_that_a_participant_asks_for_is_kept(shop: Shop) -> None:
    send(shop, ("O00001", 1))
    partner = Log(lambda m: Delivery(m.key, "busy", retry_after=timedelta(hours=3)) if m.attempt == 1 else Delivery(m.key))
    courier = Courier(
        shop.store, Programs(shop.store, lambda _: program("depot")), {"depot": partner}, SimulatedClock(shop.store), "me"
    )
    courier.round(earliest(shop.store), 100)
    assert earliest(shop.store).message == toy.START + timedelta(hours=3)


def test_a_message_that_was_deserted_goes_alone_and_is_given_up_in_the_end(shop: Shop) -> None:
    send(shop, *((f"O{n:05}", 1) for n in range(5)))
    with shop.store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE outbox SET attempt = {DELIVERIES}, owner = 'dead' WHERE order_id = 'O00000'")
        connection.exec_driver_sql("UPDATE outbox SET attempt = 1, owner = 'dead' WHERE order_id = 'O00001'")
    partner = Log()
    deliver_all(shop, partner, DatabaseClock(shop.store))
    assert partner.calls == [1, 3]
    assert outbox(shop)["O00000/depot/1"] == (DELIVERIES + 1, True)
    with shop.store.reading() as connection:
        told = connection.execute(text("SELECT body FROM due WHERE key LIKE 'undelivered/%'")).scalar_one()
    assert "no worker lived to see an answer" in wire.load_event(told).because  # type: ignore[union-attr]


def test_of_what_waits_only_what_nothing_is_before_may_go() -> None:
    def waiting(place: int, behind: int) -> Candidate:
        message = Outgoing(f"{place}", "O1", "depot", "r", "m", {}, toy.START)
        return Candidate(message, toy.START, (place, 0), behind, toy.START + timedelta(minutes=5), False)

    claimed = in_order([waiting(3, 1), waiting(5, 3), waiting(4, 2)], toy.START)
    assert claimed.ready == ()
    assert {held.until for held in claimed.held} == {toy.START + timedelta(minutes=5, microseconds=1)}
    claimed = in_order([waiting(4, 1), waiting(3, 0), waiting(6, 3)], toy.START)
    assert [(ready.message.key, ready.behind) for ready in claimed.ready] == [("3", 0), ("4", 1)]
    assert [held.message.key for held in claimed.held] == ["6"]


# --- side by side --------------------------------------------------------------------------------------------------------


@dataclass
class Running:
    """A worker at work beside the test."""

    worker: Worker
    thread: Thread

    def until(self, condition: Callable[[], bool], seconds: float = 20.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end and self.thread.is_alive()
            time.sleep(0.01)

    def stop(self) -> None:
        self.worker.stop()
        self.thread.join(20)
        assert not self.thread.is_alive()


def running(shop: Shop, partners: dict[str, Any], concurrency: int = 4, calls: int = 1, clock: Any = None) -> Running:
    programs = Programs(shop.store, lambda _: program(*partners, concurrency=calls))
    clock = clock or DatabaseClock(shop.store)
    worker = Worker(shop.store, programs, partners, clock, toy.advance, concurrency=concurrency)
    thread = Thread(target=worker.run)
    thread.start()
    return Running(worker, thread)


def test_a_participant_that_hangs_and_one_that_is_down_hold_up_nobody_else(shop: Shop) -> None:
    let_go = Event()
    slow = Log(lambda m: Delivery(m.key) if let_go.wait(20) else Delivery(m.key, "late"))
    down, quick = Log(lambda m: Delivery(m.key, "down")), Log()
    for name in ("slow", "down", "quick"):
        send(shop, *((f"O{n % 20:05}", n) for n in range(200)), to=name)
    run = running(shop, {"slow": slow, "down": down, "quick": quick})
    try:
        run.until(lambda: len(quick.seen) == 200)
        assert slow.calls == [1] and len(down.seen) < 40
    finally:
        let_go.set()
        run.stop()
    in_order_of_orders = [[int(k.rsplit("/")[-1]) for k, _ in quick.seen if k.startswith(f"O{n:05}")] for n in range(20)]
    assert all(places == sorted(places) for places in in_order_of_orders)
    assert Counter(done for key, (_, done) in outbox(shop).items() if "/quick/" in key) == {True: 200}


def test_a_participant_has_as_many_calls_at_a_time_as_it_takes(shop: Shop) -> None:
    at_once, most = Counter[str](), list[int]()

    def answer(message: Outgoing) -> Delivery:
        at_once["now"] += 1
        most.append(at_once["now"])
        time.sleep(0.02)
        at_once["now"] -= 1
        return Delivery(message.key)

    send(shop, *((f"O{n:05}", 1) for n in range(20)))
    run = running(shop, {"depot": Log(answer)}, concurrency=8, calls=3)
    run.until(lambda: all(done for _, done in outbox(shop).values()))
    run.stop()
    assert 1 < max(most) <= 3


class ShortLease(DatabaseClock):
    lease = timedelta(seconds=0.6)


def test_the_lease_of_a_long_call_is_renewed_so_that_nobody_else_makes_it(shop: Shop) -> None:
    def answer(message: Outgoing) -> Delivery:
        time.sleep(2)
        return Delivery(message.key)

    send(shop, ("O00001", 1))
    partner = Log(answer)
    both = [running(shop, {"depot": partner}, clock=ShortLease(shop.store)) for _ in range(2)]
    both[0].until(lambda: outbox(shop)["O00001/depot/1"][1])
    for each in both:
        each.stop()
    assert partner.seen == [("O00001/depot/1", 1)]


def test_a_worker_that_is_stopped_waits_for_the_calls_under_way(shop: Shop) -> None:
    began = Event()

    def answer(message: Outgoing) -> Delivery:
        began.set()
        time.sleep(0.5)
        return Delivery(message.key)

    send(shop, ("O00001", 1))
    run = running(shop, {"depot": Log(answer)})
    assert began.wait(10)
    run.stop()
    assert outbox(shop) == {"O00001/depot/1": (1, True)}


def test_what_one_loop_does_wakes_the_other(shop: Shop) -> None:
    """A whole life by the database's clock: captured, asked for, answered, without a pause of a second in between."""
    run = running(shop, {"partner": Log()})
    time.sleep(2)  # by now it looks once a second
    capture(shop.store, [changed(toy.order(77, ITEMS), placed_at=toy.START)], toy.DIGEST)
    run.until(lambda: any(key.startswith("O00077") for key in outbox(shop)), 5)
    run.stop()
