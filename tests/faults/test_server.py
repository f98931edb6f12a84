"""A server that is killed, whose connections are cut, whose acknowledgments are lost, that has no room left."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from disks import fill_up, small_disk
from live import ITEMS, ended, open_shop, orders_at, prove, worker_on
from nursery import Nursery, Task
from patience import insist, until
from postgres import Postgres, database, running
from proxy import proxied
from racing import PROGRAM, opened_race, stock_up
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError
from storm import Storm

from orderloom.engine.advance import Step, advance
from orderloom.engine.events import Event
from orderloom.engine.shell.inbox import capture
from orderloom.engine.state import OrderState
from orderloom.engine.world import World

Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def durable() -> Iterator[Postgres]:
    """A server that writes what it promises, and may be killed."""
    with running(durable=True) as server:
        yield server


@dataclass
class Trouble:
    """Orders come in and are worked on while blow after blow falls; in the end each was delivered, once."""

    nursery: Nursery
    url: str
    log: Path
    blow: Callable[[], None]

    def take(self, blows: int, each: int = 10) -> str:
        """So many blows, and so many orders before each; how it went, in words."""
        orders, chance = blows * each, random.Random(blows)
        with closing(opened_race(self.url)) as store:
            stock_up(store, ITEMS, 2 * orders)
            storm = Storm(self.nursery, Task("live", self.url, str(self.log)), chance)
            for first in range(0, orders, each):
                storm.attend()
                made = orders_at(insist(store.now), range(first, first + each))
                insist(lambda made=made: capture(store, made, PROGRAM.digest))  # type: ignore[misc]
                time.sleep(chance.uniform(0, 0.3))
                self.blow()
            storm.calm(lambda: insist(lambda: ended(store, orders)))
        again = prove(self.url, self.log, orders)
        return f"{blows} times under load: {orders} orders, each delivered once; {again} messages came again"


# --- killed ----------------------------------------------------------------------------------------------------------


def killed_and_restarted(server: Postgres, nursery: Nursery, folder: Path, times: int) -> str:
    def kill() -> None:
        server.kill()
        server.start()

    with database(server.server) as url:
        return Trouble(nursery, url, folder / "log", kill).take(times)


def test_a_server_that_is_killed(durable: Postgres, nursery: Nursery, tmp_path: Path, record_property: Record) -> None:
    record_property("report", f"server killed {killed_and_restarted(durable, nursery, tmp_path, 3)}")


@pytest.mark.soak
def test_a_server_that_is_killed_20_times(durable: Postgres, nursery: Nursery, tmp_path: Path, record_property: Record) -> None:
    record_property("report", f"server killed {killed_and_restarted(durable, nursery, tmp_path, 20)}")


# --- cut off ---------------------------------------------------------------------------------------------------------


def test_connections_that_are_cut(durable: Postgres, nursery: Nursery, tmp_path: Path, record_property: Record) -> None:
    def cut() -> None:
        """The server hangs up on everybody."""
        with psycopg.connect(_dsn(url), autocommit=True) as connection:
            connection.execute(_HANG_UP)

    with database(durable.server) as url:
        record_property("report", f"connections cut {Trouble(nursery, url, tmp_path / 'log', cut).take(8)}")


def test_a_network_that_breaks_off(durable: Postgres, nursery: Nursery, tmp_path: Path, record_property: Record) -> None:
    """In the middle of whatever is said; and some of the answers that are lost say that a commit came through."""
    with database(durable.server) as direct, _short() as folder, proxied(direct, folder) as (proxy, url):

        def break_off() -> None:
            proxy.forgetful = 2
            until(lambda: not proxy.forgetful)
            proxy.cut()

        told = Trouble(nursery, url, tmp_path / "log", break_off).take(6)
        assert proxy.forgotten == 12
        record_property("report", f"network broken {told}; {proxy.forgotten} acknowledgments of a commit lost")


def test_whoever_is_not_told_that_a_commit_came_through_asks_again(durable: Postgres, tmp_path: Path) -> None:
    with database(durable.server) as direct, _short() as folder, proxied(direct, folder) as (proxy, url):
        store = opened_race(url)
        stock_up(store, ITEMS, 10)
        orders = orders_at(store.now(), range(3))
        proxy.forgetful = 1
        with pytest.raises(OperationalError):
            capture(store, orders, PROGRAM.digest)
        assert proxy.forgotten == 1
        assert [receipt.repeated for receipt in insist(lambda: capture(store, orders, PROGRAM.digest))] == [True] * 3
        store.close()


@pytest.mark.soak
def test_a_worker_that_hangs_in_the_middle_of_a_transaction_holds_nobody_up(durable: Postgres, tmp_path: Path) -> None:
    """Half of a connection is gone: the worker waits for an answer, the server for a question. The server gives up first."""
    with database(durable.server) as direct, _short() as folder, proxied(direct, folder) as (proxy, url):
        open_shop(opened_race(direct), range(20))

        def falls_silent(world: World, state: OrderState | None, event: Event) -> Step:
            proxy.silent.set()
            return advance(world, state, event)

        hanging = worker_on(opened_race(url), tmp_path / "log", falls_silent)
        other = worker_on(opened_race(direct), tmp_path / "log")
        threads = [Thread(target=worker.run) for worker in (hanging, other)]
        threads[0].start()
        assert proxy.silent.wait(30)
        threads[1].start()
        with closing(opened_race(direct)) as store:
            time.sleep(5)
            assert not ended(store, 1), "it has every order in its hands"
            until(lambda: ended(store, 20), 2 * 60)
        proxy.silent.clear()
        proxy.cut()
        for worker, thread in zip((hanging, other), threads, strict=True):
            worker.stop()
            thread.join(30)
            assert not thread.is_alive()
        prove(direct, tmp_path / "log", 20)


# --- full ------------------------------------------------------------------------------------------------------------


def test_a_disk_that_is_full(nursery: Nursery, tmp_path: Path, record_property: Record) -> None:
    with small_disk("256m") as folder:
        server = Postgres(folder, durable=True)
        server.start()
        ballast = folder / "ballast"

        def fill() -> None:
            """Whatever is left of the disk is taken; after a while somebody makes room, and starts the server if it went down."""
            fill_up(ballast)
            with pytest.raises(psycopg.Error), psycopg.connect(_dsn(url)) as connection:
                connection.execute("CREATE TABLE large AS SELECT repeat('x', 1000) FROM generate_series(1, 100000)")
            time.sleep(0.5)
            ballast.unlink()
            if not server.is_up():
                server.start()

        with database(server.server) as url:
            record_property("report", f"disk full {Trouble(nursery, url, tmp_path / 'log', fill).take(3, each=40)}")
        server.stop("immediate")


_HANG_UP = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"""


# --- within ----------------------------------------------------------------------------------------------------------


def _dsn(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def _short() -> Iterator[Path]:
    """A folder whose name is short enough for a socket in it."""
    short = Path(tempfile.mkdtemp(prefix="px-", dir="/tmp"))
    try:
        yield short
    finally:
        for path in short.iterdir():
            path.unlink()
        short.rmdir()
