"""A loop looks again after a growing pause, or when it is told; what it is told is never needed."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Thread

import pytest
import toy
from shop import ITEMS, Shop, stocked
from sqlalchemy import URL, text

from orderloom.engine.shell.asking import cancel
from orderloom.engine.shell.inbox import capture
from orderloom.engine.shell.waking import LONGEST, SHORTEST, Pauses, server_hints


def seconds(work: Callable[[], object]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def test_pauses_grow_and_end_with_work() -> None:
    pauses = Pauses(longest=0.08)
    waited = [seconds(lambda: pauses.after(0)) for _ in range(5)]
    assert waited[0] < 0.05 and all(0.04 <= each < 1 for each in waited[3:])
    assert seconds(lambda: pauses.after(3)) < SHORTEST
    assert seconds(lambda: pauses.after(0)) < 0.05


def test_a_hint_ends_a_pause_and_one_that_came_before_it_counts() -> None:
    pauses = Pauses()
    for _ in range(8):
        pauses.wake()
        assert seconds(lambda: pauses.after(0)) < SHORTEST
    Thread(target=lambda: (time.sleep(0.1), pauses.wake())).start()
    for _ in range(6):
        pauses.after(0)  # up to 0.63 seconds without a hint
    assert LONGEST == 1.0


@pytest.fixture
def shop(url: str) -> Shop:
    return stocked(url)


def test_what_comes_in_is_told_once_a_transaction_to_those_who_listen(shop: Shop, request: pytest.FixtureRequest) -> None:
    hints = server_hints(shop.store)
    if "sqlite" in request.node.name:
        assert hints is None
        return
    assert hints is not None
    told, stopped = list[float](), Event()
    listening = Thread(target=hints.listen, args=(lambda: told.append(time.monotonic()), stopped))
    listening.start()
    try:
        assert _until(lambda: len(told) == 1)  # once when it begins, for what it has not heard
        capture(shop.store, [toy.order(n, ITEMS) for n in range(20)], toy.DIGEST)
        assert _until(lambda: len(told) == 2)
        cancel(shop.store, "O00001", "ann", toy.START)
        assert _until(lambda: len(told) == 3)
        time.sleep(0.2)
        assert len(told) == 3
    finally:
        stopped.set()
        listening.join(10)
    assert not listening.is_alive()


def test_a_listener_that_is_cut_off_listens_again(postgres: URL, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    hints = server_hints(shop.store)
    if hints is None:
        return
    monkeypatch.setattr("orderloom.engine.shell.waking.AGAIN", 0.05)
    told, stopped = list[int](), Event()
    listening = Thread(target=hints.listen, args=(lambda: told.append(1), stopped))
    listening.start()
    try:
        assert _until(lambda: len(told) == 1)
        with shop.store.writing() as connection:
            ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            connection.execute(text(f"{ours} AND datname = current_database()"))
        assert _until(lambda: len(told) == 2)
        capture(shop.store, [toy.order(1, ITEMS)], toy.DIGEST)
        assert _until(lambda: len(told) == 3)
    finally:
        stopped.set()
        listening.join(10)


def _until(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + 10
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()
