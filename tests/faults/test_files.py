"""A store in a file: power that fails at any byte of its log, disks that are full, quotas."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
from disks import fill_up, small_disk
from live import ended, open_shop, prove, worker_on
from patience import until
from racing import opened_race
from shop import Shop, opened, snapshot, stocked
from sqlalchemy import event

from orderloom.engine.audit import audit
from orderloom.engine.store import Store

ORDERS = 60


def undisturbed(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    shop = _shop(folder)
    shop.worker().run_until_idle()
    return snapshot(shop.store)


def _shop(folder: Path) -> Shop:
    folder.mkdir()
    shop = stocked(f"sqlite:///{folder}/toys.sqlite", quantity=12)
    shop.capture(*range(ORDERS))
    return shop


def power_failures(folder: Path, times: int) -> int:
    """Cuts the log off at any byte, also with rubbish behind it; how many events were lost that nobody had been told of."""
    calm, shop, chance, lost = undisturbed(folder / "calm"), _shop(folder / "shop"), random.Random(times), 0
    with closing(shop.store.engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with shop.store.reading() as keeps_the_log:
        keeps_the_log.exec_driver_sql("SELECT count(*) FROM orders").all()
        shop.worker().run_until_idle()
        log = (folder / "shop" / "toys.sqlite-wal").read_bytes()
    for number in range(times):
        there = folder / str(number)
        there.mkdir()
        shutil.copy(folder / "shop" / "toys.sqlite", there)
        cut = chance.randrange(len(log))
        (there / "toys.sqlite-wal").write_bytes(log[:cut] + chance.randbytes(chance.choice((0, 100, 5000))))
        copy = Shop(opened(f"sqlite:///{there}/toys.sqlite"))
        assert audit(copy.store) == ()
        lost += len(calm["history"]) - len(snapshot(copy.store)["history"])
        copy.worker().run_until_idle()
        assert snapshot(copy.store) == calm
        copy.store.close()
    return lost


def test_power_that_fails_at_any_byte(tmp_path: Path) -> None:
    assert power_failures(tmp_path, 10) > 0


@pytest.mark.soak
def test_power_that_fails_at_many_bytes(tmp_path: Path) -> None:
    assert power_failures(tmp_path, 500) > 0


def full_and_emptied(store: Store, log: Path, fill: Callable[[], None], make_room: Callable[[], None]) -> None:
    """Orders that stand still while there is no room for them, and go on when there is."""
    open_shop(store, range(ORDERS))
    fill()
    worker = worker_on(store, log)
    thread = Thread(target=worker.run)
    thread.start()
    time.sleep(1)
    assert thread.is_alive() and not ended(store, ORDERS) and audit(store) == ()
    make_room()
    until(lambda: ended(store, ORDERS))
    worker.stop()
    thread.join(10)
    prove(str(store.engine.url), log, ORDERS)


def test_a_quota(tmp_path: Path) -> None:
    """The most pages that the file may have, which SQLite itself sees to: it says then what it says of a full disk."""
    with closing(opened_race(f"sqlite:///{tmp_path}/shop.sqlite")) as store:
        most = [2**30]
        event.listen(store.engine, "begin", lambda c: c.exec_driver_sql(f"PRAGMA max_page_count = {most[0]}"), insert=True)
        full_and_emptied(store, tmp_path / "log", lambda: most.__setitem__(0, 1), lambda: most.__setitem__(0, 2**30))


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    with small_disk("8m") as disk, closing(opened_race(f"sqlite:///{disk}/shop.sqlite")) as store:
        ballast = disk / "ballast"
        full_and_emptied(store, tmp_path / "log", lambda: fill_up(ballast), ballast.unlink)
