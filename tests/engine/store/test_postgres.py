"""The store on a server: the suite that every store passes, and what is particular to a server."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
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
from migrations import made_at
from pages import *  # noqa: F403
from postgres import database
from shards import *  # noqa: F403
from shop import opened, snapshot, stocked
from sqlalchemy import URL, text
from sqlalchemy.exc import InternalError, OperationalError
from telling import *  # noqa: F403
from versioned import *  # noqa: F403
from watched import *  # noqa: F403
from working import *  # noqa: F403

from orderloom.engine.audit import audit
from orderloom.engine.store import Store
from orderloom.engine.store.connect import connect
from orderloom.engine.store.copies import copy
from orderloom.engine.store.migrate import upgrade_store
from orderloom.engine.store.partitions import LOCK, keep_up, months
from orderloom.engine.store.store import HEAD
from orderloom.engine.store.trouble import trouble
from orderloom.engine.store.upkeep import tidy


@pytest.fixture
def url(postgres: URL) -> Iterator[str]:
    with database(postgres) as address:
        yield address


# --- what a server has besides the tables ----------------------------------------------------------------------------------


def _told(store: Store, query: str) -> list[tuple[object, ...]]:
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_a_new_store_and_one_that_was_upgraded_are_the_same_on_the_server(postgres: URL, url: str) -> None:
    of_all = """SELECT split_part(indexdef, ' ON ', 2) FROM pg_indexes WHERE tablename <> 'alembic_version'"""
    settings = "SELECT relname, reloptions FROM pg_class WHERE reloptions IS NOT NULL AND relkind = 'r' ORDER BY 1"
    with database(postgres) as other:
        made_at(other, "0001")
        assert upgrade_store(other) == "0001"
        new, upgraded = opened(url), opened(other)
        assert set(_told(new, of_all)) ^ set(_told(upgraded, of_all)) == set()
        assert _told(new, settings) == _told(upgraded, settings) != []
        upgraded.close()


def test_indexes_of_what_is_open_have_nothing_else_in_them(url: str) -> None:
    whole = "SELECT indexname FROM pg_indexes WHERE indexdef LIKE '% WHERE %' ORDER BY 1"
    names = {name for (name,) in _told(opened(url), whole)}
    assert {"outbox_next", "exceptions_open", "ledger_moves", "alerts_open", "supplies_to_come", "orders_running"} <= names


# --- months ----------------------------------------------------------------------------------------------------------------


def _months(store: Store) -> dict[str, list[str]]:
    with store.reading() as connection:
        return {name: months(connection, name) for name in ("history", "records")}


def _in(store: Store, table: str) -> int:
    return int(str(_told(store, f"SELECT count(*) FROM {table}")[0][0]))


def test_a_month_without_a_table_stops_no_order_and_is_caught_up_with(url: str) -> None:
    shop = stocked(url)
    shop.capture(*range(5))
    shop.worker().run_until_idle()
    assert shop.outcomes() == {"delivered": 5} and _months(shop.store) == {"history": [], "records": []}
    rows, before = _in(shop.store, "history_default"), snapshot(shop.store)
    assert rows > 0
    with shop.store.writing() as connection:
        made = keep_up(connection, toy.START)
    assert made == [f"{name}_2026_{month}" for name in ("history", "records") for month in ("03", "04", "05", "06")]
    assert (_in(shop.store, "history_default"), _in(shop.store, "history_2026_03")) == (0, rows)
    assert snapshot(shop.store) == before and audit(shop.store) == ()
    with shop.store.writing() as connection:
        assert keep_up(connection, toy.START) == []


def test_a_past_month_goes_when_it_is_empty(url: str) -> None:
    shop = stocked(url)
    shop.capture(1)
    shop.worker().run_until_idle()
    with shop.store.writing() as connection:
        keep_up(connection, toy.START)
        connection.execute(text("DELETE FROM history"))
    later = datetime(2026, 5, 31, tzinfo=UTC)
    with shop.store.writing() as connection:
        assert keep_up(connection, later) == [
            "history_2026_07", "history_2026_08", "records_2026_07", "records_2026_08",
            "history_2026_03", "history_2026_04", "records_2026_04",
        ]  # fmt: skip
    assert _months(shop.store)["records"] == ["2026-03", "2026-05", "2026-06", "2026-07", "2026-08"]


def test_months_end_with_the_year(url: str) -> None:
    store = opened(url)
    with store.writing() as connection:
        keep_up(connection, datetime(2026, 11, 30, tzinfo=UTC))
    assert _months(store)["history"] == ["2026-11", "2026-12", "2027-01", "2027-02"]


def test_whoever_makes_months_gives_way_to_those_who_write(url: str) -> None:
    shop = stocked(url)
    with shop.store.writing() as busy:
        busy.execute(text("UPDATE orders SET version = version"))
        with pytest.raises(OperationalError, match="lock timeout"):
            tidy(shop.store)
    with shop.store.writing() as busy:
        busy.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})  # somebody else makes them
        assert tidy(shop.store) == []
    assert len(tidy(shop.store)) == 8


def test_months_are_made_while_orders_go_on(url: str) -> None:
    shop = stocked(url, quantity=200)
    shop.capture(*range(60))
    worker = threading.Thread(target=lambda: shop.worker().run_until_idle())
    worker.start()
    for month in range(4, 12):
        with shop.store.writing() as connection:
            keep_up(connection, datetime(2026, month, 1, tzinfo=UTC))
    worker.join()
    assert shop.outcomes() == {"delivered": 60} and audit(shop.store) == ()


def test_a_copy_to_a_server_stands_in_months(url: str, tmp_path: Path) -> None:
    shop = stocked(f"sqlite:///{tmp_path}/file.sqlite")
    shop.capture(1, 2)
    shop.worker().run_until_idle()
    there = opened(url)
    copy(shop.store, there)
    assert snapshot(there) == snapshot(shop.store)
    assert _months(there)["history"] == ["2026-03"] and _in(there, "history_default") == 0
    shop.store.close()


def test_an_upgraded_store_stands_in_months(url: str) -> None:
    made_at(url, "0003")
    engine = connect(url)
    order = "0, 'O1', 'web', NULL, 'C1', NULL, 'delivered', 'delivered', 1, 'toy', '2026-03-02T10:00:00.000000+00:00', NULL"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO orders VALUES ({order})")
        for at in ("2025-12-31T23:59:59.999999+00:00", "2026-01-01T00:00:00.000000+00:00"):
            row = f"0, 'O1', {at[3]}, '{at}', 'happened', '', '[]'"
            connection.exec_driver_sql(f"INSERT INTO history VALUES ({row})")
    engine.dispose()
    assert upgrade_store(url) == "0003"
    store = opened(url)
    assert _months(store) == {"history": ["2025-12", "2026-01"], "records": []}
    assert (_in(store, "history_2025_12"), _in(store, "history_2026_01"), HEAD) == (1, 1, HEAD)


# --- what the server knows of its tables -----------------------------------------------------------------------------------


def test_a_store_that_was_just_filled_is_counted(url: str) -> None:
    shop = stocked(url)
    shop.capture(*range(50))
    uncounted = "SELECT relname FROM pg_class WHERE reltuples < 0 AND relname IN ('orders', 'due') ORDER BY 1"
    assert _told(shop.store, uncounted) == [("due",), ("orders",)]
    tidy(shop.store)
    assert _told(shop.store, uncounted) == []
    plan = "\n".join(
        str(row[0]) for row in _told(shop.store, "EXPLAIN SELECT state FROM orders WHERE shard = 0 AND id = 'O00001'")
    )
    assert "orders_external_id" not in plan


# --- connections -----------------------------------------------------------------------------------------------------------


def test_a_server_waits_for_a_writer_for_a_minute_and_no_longer(url: str) -> None:
    store = opened(url)
    with store.writing() as connection:
        assert connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one() == "1min"
    with store.engine.connect() as connection:  # it is of the transaction, so that a pool may stand between
        assert connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one() == "0"


def test_a_writer_that_is_cut_off_has_written_nothing_and_locks_nothing(url: str) -> None:
    shop = stocked(url)
    shop.capture(1)
    with pytest.raises(InternalError, match="idle-in-transaction timeout") as cut, shop.store.writing() as connection:
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = '50ms'"))
        connection.execute(text("UPDATE orders SET status = 'lost'"))
        time.sleep(0.3)
        connection.execute(text("SELECT 1"))
    assert trouble(cut.value) == "terminating connection due to idle-in-transaction timeout"
    shop.worker().run_until_idle()
    assert shop.outcomes() == {"delivered": 1}


def test_an_address_says_how_its_connections_are(url: str) -> None:
    shop = stocked(f"{url}&prepare_threshold=none&application_name=night&keepalives_idle=7")
    shop.capture(*range(10))
    shop.worker().run_until_idle()
    assert shop.outcomes() == {"delivered": 10}
    with shop.store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None and driver.prepare_threshold is None
        assert connection.execute(text("SHOW application_name")).scalar_one() == "night"
        told = driver.info.get_parameters()
        assert (told["keepalives_idle"], told["keepalives_interval"], told["tcp_user_timeout"]) == ("7", "10", "60000")
    assert _told(shop.store, "SELECT count(*) FROM pg_prepared_statements") == [(0,)]
