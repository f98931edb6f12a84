"""What ends the process that works on it is found, counted and put aside; the others of its batch go on."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import toy
from shop import ITEMS, Shop, stocked
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from orderloom.engine.audit import audit
from orderloom.engine.events import Happened
from orderloom.engine.shell import runtime
from orderloom.engine.shell.asking import resolve
from orderloom.engine.shell.batch import Batch
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.inbox import capture, report
from orderloom.engine.shell.observe import Batched, Conflicted, Report
from orderloom.engine.shell.ports import Incoming
from orderloom.engine.shell.presence import Presence
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.retries import TURNS
from orderloom.engine.shell.worker import Worker
from orderloom.engine.shell.writes import Conflict
from orderloom.engine.store import queries
from orderloom.engine.store.workers import Doing, seen

SCRIPT = Path(__file__).parent / "run_poison.py"


@pytest.fixture
def shop(url: str) -> Shop:
    return stocked(url, 1000)


def captured(shop: Shop, count: int = 40) -> None:
    capture(shop.store, [toy.order(n, ITEMS, toy.START) for n in range(count)], toy.DIGEST)


def worker(shop: Shop, observer: Callable[[Report], None] = lambda _: None) -> Worker:
    clock = DatabaseClock(shop.store)
    return Worker(shop.store, Programs(shop.store, toy.program), {}, clock, toy.advance, observer=observer)


def untouched(shop: Shop) -> set[str]:
    """Orders that nobody has worked on."""
    with shop.store.reading() as connection:
        return set(connection.execute(text("SELECT id FROM orders WHERE version = 0")).scalars())


def test_an_event_that_ends_the_process_is_put_aside_and_the_others_go_on(shop: Shop, url: str) -> None:
    """One death in a batch of which nothing is known, one in a batch that is counted, the others alone: then an exception."""
    captured(shop)
    report(shop.store, [Incoming("bad", "depot", "O00007", Happened(toy.START, "die"))])
    deaths = 0
    for _ in range(TURNS + 3):
        soon(shop)
        deaths += subprocess.run([sys.executable, SCRIPT, url], check=False, timeout=60).returncode == 9
        if deaths == 2:
            soon(shop)
    assert deaths == TURNS + 1
    assert untouched(shop) == set()
    [parked] = queries.exceptions(shop.store)
    assert (parked.order, parked.options) == ("O00007", ("try-again",))
    assert parked.cause == f"the worker ended while it was at this, {TURNS} times"
    with shop.store.reading() as connection:
        assert seen(connection, 0, shop.store.now()) == ()  # the dead are buried, the last one has left
    now = shop.store.now()
    assert resolve(shop.store, "O00007", parked.id, "try-again", "ann", now) is None
    worker(shop).run_until_idle()
    assert queries.exceptions(shop.store) == ()
    assert audit(shop.store) == ()


def soon(shop: Shop) -> None:
    """Lets what waits for a pause go at once."""
    with shop.store.writing() as connection:
        moment = text("UPDATE due SET due_at = '2026-03-02T10:00:00.000000+00:00' WHERE attempt > 0")
        connection.execute(moment)


def test_a_dead_worker_is_noticed_once_and_one_that_ended_never(shop: Shop) -> None:
    elsewhere, here = Presence(shop.store, Doing), Presence(shop.store, Doing)
    elsewhere.owner = "elsewhere:1"
    assert elsewhere.tell() == () and here.tell() == ()
    with shop.store.writing() as connection:
        silent = (shop.store.now() - timedelta(minutes=1)).isoformat(timespec="microseconds")
        connection.execute(text("UPDATE workers SET seen_at = :at WHERE owner = 'elsewhere:1'"), {"at": silent})
    assert here.tell() == ("elsewhere:1",)
    assert here.tell() == ()
    assert Presence(shop.store, Doing).tell() == (here.owner,)  # the same process number again: whoever had it before is dead
    here.leave()
    assert Presence(shop.store, Doing).tell() == ()


def test_what_the_store_refuses_is_found_by_halves(shop: Shop) -> None:
    captured(shop, 64)
    report(shop.store, [Incoming(f"bad{n}", "depot", f"O000{n}", Happened(toy.START, "refuse")) for n in (11, 37)])
    reports: list[Report] = []
    worker(shop, reports.append).run_until_idle()
    assert untouched(shop) == set()
    failed = [turn.order for batch in reports if isinstance(batch, Batched) for turn in batch.turns if turn.fault]
    assert set(failed) == {"O00011", "O00037"}
    assert len([batch for batch in reports if isinstance(batch, Batched)]) < 25
    assert audit(shop.store) == ()


def test_what_is_contended_for_is_tried_again_and_burns_no_attempts(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    captured(shop, 5)
    left, write = [7], Batch.write

    def contended(self: Batch) -> None:
        if left[0]:
            left[0] -= 1
            raise Conflict
        write(self)

    monkeypatch.setattr(runtime.Batch, "write", contended)
    reports: list[Report] = []
    began = time.monotonic()
    assert worker(shop, reports.append).run_once().turns == 5
    assert time.monotonic() - began > 0.1  # not a hot loop
    assert sum(isinstance(told, Conflicted) for told in reports) == 7
    with shop.store.reading() as connection:
        assert set(connection.execute(text("SELECT attempt FROM due")).scalars()) == {0}


def test_a_store_that_is_away_for_a_moment_ends_no_worker(shop: Shop) -> None:
    captured(shop, 5)
    running = worker(shop)
    left = [3]

    def cut(connection: Any, *_: Any) -> None:
        if left[0]:
            left[0] -= 1
            raise OperationalError("", {}, Exception("the connection was cut"))

    event.listen(shop.store.engine, "begin", cut, insert=True)
    thread = Thread(target=running.run)
    thread.start()
    try:
        assert until(lambda: not left[0]) and until(lambda: not untouched(shop))
    finally:
        running.stop()
        thread.join(20)
    assert not thread.is_alive()


def until(condition: Callable[[], bool]) -> bool:
    """Whether it comes true within some seconds."""
    end = time.monotonic() + 20
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()
