"""The embedded store: the suite that every store passes, and what is particular to a file."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import toy
from alarming import *  # noqa: F403
from alerting import *  # noqa: F403
from booking import *  # noqa: F403
from conformance import *  # noqa: F403
from copies import *  # noqa: F403
from finding import *  # noqa: F403
from granting import *  # noqa: F403
from growth import *  # noqa: F403
from inventory import *  # noqa: F403
from lookups import *  # noqa: F403
from migrations import *  # noqa: F403
from pages import *  # noqa: F403
from shards import *  # noqa: F403
from shop import ITEMS, Shop, opened, stocked
from sqlalchemy.exc import IntegrityError, OperationalError
from telling import *  # noqa: F403
from versioned import *  # noqa: F403
from watched import *  # noqa: F403
from working import *  # noqa: F403

from orderloom.engine.audit import audit
from orderloom.engine.ledger.stock import Supply
from orderloom.engine.refused import Refused
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.inbox import capture
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, open_store, queries


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "toys.sqlite"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


# --- opening -------------------------------------------------------------------------------------------------------------


def test_a_store_is_made_once_and_opened_again(url: str) -> None:
    stocked(url).store.close()
    again = open_store(url)
    assert isinstance(again, Store) and again.workspace == "toys"
    assert len(queries.stock(again, limit=1000)) == ITEMS * 3


@pytest.mark.parametrize(
    ("damage", "because"),
    [
        ("UPDATE workspace SET name = 'other'", "this store belongs to the workspace other, not to toys"),
        ("UPDATE alembic_version SET version_num = '9999'", "a newer release made this store (its schema is 9999,"),
        ("DROP TABLE alembic_version", "this database holds something else, not an orderloom store"),
    ],
)
def test_a_store_that_is_not_ours_to_open_is_refused(url: str, file: Path, damage: str, because: str) -> None:
    opened(url).close()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(damage)
    refused = open_store(url, "toys")
    assert isinstance(refused, Refused) and refused.because.startswith(because)


def test_what_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>not a database, and longer than the head of one would be</p>" * 20)
    refused = {str(open_store(f"sqlite:///{page}", "toys")), str(open_store(f"sqlite:///{tmp_path}/none/x", "toys"))}
    assert all("cannot open the store at" in text for text in refused)
    assert open_store(f"sqlite:///{tmp_path}/new.sqlite") == Refused(
        f"there is no store at {tmp_path}/new.sqlite; the first `orderloom import` makes one"
    )
    assert isinstance(open_store("nonsense", "toys"), Refused)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html"]


def test_two_who_make_the_same_store_get_one(url: str) -> None:
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(open_store(url, "toys"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(store, Store) for store in found), found
    with opened(url).reading() as connection:
        assert connection.exec_driver_sql("SELECT COUNT(*) FROM workspace").scalar_one() == 1


def test_a_store_in_memory_leaves_nothing_behind(tmp_path: Path) -> None:
    shop = stocked("sqlite://")
    shop.capture(*range(10))
    shop.worker().run_until_idle()
    assert shop.outcomes() == {"delivered": 10} and audit(shop.store) == ()
    assert list(tmp_path.iterdir()) == []


def test_commits_are_durable(url: str) -> None:
    with opened(url).writing() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]


# --- one writer ----------------------------------------------------------------------------------------------------------


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Somebody else writes, and takes long."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


def test_a_reader_never_waits_and_a_writer_gives_up_in_the_end(url: str, file: Path) -> None:
    shop = stocked(url)
    with shop.store.reading() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    with _locked(file):
        assert queries.orders(shop.store) == ()
        with pytest.raises(OperationalError, match="database is locked"):
            shop.capture(1)
    shop.capture(1)


def test_a_worker_waits_for_a_locked_store_and_stops_when_asked(url: str, file: Path) -> None:
    shop = stocked(url)
    clock = DatabaseClock(shop.store)
    capture(shop.store, [toy.order(1, ITEMS)], toy.DIGEST, clock.now())
    worker = Worker(shop.store, Programs(shop.store, toy.program), {"partner": shop.partner}, clock, toy.advance)
    thread = threading.Thread(target=worker.run)
    with _locked(file):
        thread.start()
        time.sleep(0.2)
        assert queries.orders(shop.store)[0].status == "captured"
    _until(lambda: shop.partner.seen == {"O00001/order:1": 1})
    _until(lambda: any(m.done_at for m in queries.order(shop.store, "O00001").messages))  # type: ignore[union-attr]
    worker.stop()
    thread.join(5)
    assert not thread.is_alive() and audit(shop.store) == ()


def _until(true: object) -> None:
    for _ in range(500):
        if true():  # type: ignore[operator]
            return
        time.sleep(0.01)
    pytest.fail("it never came true")


def test_a_quantity_below_what_is_reserved_is_not_taken_in(url: str) -> None:
    shop: Shop = stocked(url)
    shop.capture(1)
    shop.worker().run_once()
    with pytest.raises(IntegrityError):
        put_supplies(shop.store, [Supply("OH", "I010", "N0", "on-hand", 0)], toy.START)  # noqa: F405
    assert audit(shop.store) == ()


# --- laws that the schema itself keeps -------------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["reserved", "received"])
def test_an_audit_finds_what_the_schema_would_not_let_in(url: str, column: str) -> None:
    shop = stocked(url)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as by_hand:
        by_hand.execute("PRAGMA ignore_check_constraints = ON")
        by_hand.execute(f"UPDATE supplies SET {column} = 77 WHERE item = 'I001' AND node = 'N0'")
        by_hand.commit()
    assert f"0 <= {column} <= quantity" in {finding.law for finding in audit(shop.store)}
