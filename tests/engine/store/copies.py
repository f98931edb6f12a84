"""What every store must do when it is copied or moved. Imported like `conformance`."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from shop import Shop, snapshot, stocked

from orderloom.engine.audit import audit
from orderloom.engine.refused import Refused
from orderloom.engine.store import Store, open_store
from orderloom.engine.store.copies import copy, counts, move
from orderloom.engine.store.store import Moved


@contextmanager
def file_store(folder: Path, name: str = "copy") -> Iterator[Store]:
    """An empty store in a file."""
    store = open_store(f"sqlite:///{folder}/{name}.sqlite", "toys")
    assert isinstance(store, Store)
    try:
        yield store
    finally:
        store.close()


@pytest.fixture
def half_done(url: str) -> Iterator[Shop]:
    """A store in the middle of its orders' lives."""
    shop = stocked(url, quantity=50)
    shop.capture(*range(40))
    worker = shop.worker()
    for _ in range(3):
        worker.run_once()
    assert len(snapshot(shop.store)["due"]) > 0
    yield shop
    shop.store.close()


def test_a_copy_is_the_same_and_runs_on_to_the_same_end(half_done: Shop, tmp_path: Path) -> None:
    with file_store(tmp_path) as target:
        rows = copy(half_done.store, target)
        assert snapshot(target) == snapshot(half_done.store)
        with target.reading() as connection:
            assert rows == sum(counts(connection).values())
        there = Shop(target)
        there.worker().run_until_idle()
        half_done.worker().run_until_idle()
        assert snapshot(target) == snapshot(half_done.store)
        assert there.outcomes() == {"delivered": 40} and audit(target) == ()


def test_a_copy_into_a_store_in_use_is_refused(half_done: Shop, tmp_path: Path) -> None:
    with file_store(tmp_path) as target:
        copy(half_done.store, target)
        before = snapshot(target)
        refused = copy(half_done.store, target)
        assert isinstance(refused, Refused) and "there is something in the target already: definitions" in refused.because
        assert snapshot(target) == before


def test_a_copy_that_is_cut_off_leaves_nothing(half_done: Shop, tmp_path: Path) -> None:
    def cut(done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with file_store(tmp_path) as target:
        with pytest.raises(KeyboardInterrupt):
            move(half_done.store, target, cut)
        assert not any(snapshot(target).values())
        half_done.worker().run_until_idle()
        assert half_done.outcomes() == {"delivered": 40}


def test_a_store_that_moved_is_written_to_by_nobody(half_done: Shop, url: str, tmp_path: Path) -> None:
    worker = half_done.worker()
    with file_store(tmp_path) as target:
        before = snapshot(half_done.store)
        move(half_done.store, target)
        with pytest.raises(Moved, match="the store has moved to"):
            worker.run_until_idle()
        assert snapshot(half_done.store) == before == snapshot(target)
        refused = open_store(url)
        assert isinstance(refused, Refused) and refused.because == f"this store has moved to {tmp_path}/copy.sqlite"


def test_a_worker_that_is_at_work_while_the_store_moves_loses_nothing(half_done: Shop, tmp_path: Path) -> None:
    worker = half_done.worker()
    gone: list[Moved] = []

    def work() -> None:
        try:
            worker.run_until_idle()
        except Moved as moved:
            gone.append(moved)

    with file_store(tmp_path) as target:
        thread = threading.Thread(target=work)
        thread.start()
        move(half_done.store, target)
        thread.join()
        there = Shop(target)
        there.worker().run_until_idle()
        assert gone or half_done.outcomes() == {"delivered": 40}
        assert there.outcomes() == {"delivered": 40} and audit(target) == ()
