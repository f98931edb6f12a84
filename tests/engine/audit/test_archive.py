"""Archives: what ended long ago goes to files, nothing is lost and nothing is there twice, whenever it is killed."""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import toy
from msgspec import json
from msgspec.structs import replace
from shop import ITEMS, Shop, opened, stocked
from sqlalchemy import text

from orderloom.engine.audit import archive as archiving
from orderloom.engine.audit import audit
from orderloom.engine.audit.archive import Gone, archive
from orderloom.engine.audit.archives import broken_by_archive
from orderloom.engine.events import Happened
from orderloom.engine.refused import Refused
from orderloom.engine.shell.inbox import Receipt, capture, report
from orderloom.engine.shell.ports import Incoming
from orderloom.engine.store import Store, queries
from orderloom.engine.store.past import archived, stock_at

LATER = toy.START + timedelta(days=30)
PACKED = ("history", "records", "ledger", "outbox", "inbox")


def in_files(folder: Path) -> Counter[str]:
    """How often each order is in the files that the manifest has."""
    listed = [json.decode(line) for line in (folder / "manifest.jsonl").read_bytes().splitlines()[1:]]
    found = Counter[str]()
    for each in listed:
        with gzip.open(folder / each["file"]) as lines:
            found.update(json.decode(line)["order"]["id"] for line in lines)
    return found


def count(store: Store, table: str) -> int:
    with store.reading() as connection:
        return int(connection.execute(text(f"SELECT COUNT(*) FROM {table}")).scalar_one())


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_what_ended_goes_to_files_and_the_rest_stays(shop: Shop, tmp_path: Path) -> None:
    """Orders 1 and 2 were delivered on 3 March at 10:47 and 10:54; 3 and 4 are on their way then."""
    entries, then = count(shop.store, "ledger"), stock_at(shop.store, "I010", toy.START + timedelta(minutes=10))
    with shop.store.reading() as connection:
        told = connection.execute(text("SELECT event FROM history WHERE order_id = 'O00001' ORDER BY sequence")).scalars().all()
    assert archive(shop.store, tmp_path / "old", toy.START + timedelta(days=1, minutes=50)) == Gone(1, 1, {})
    assert in_files(tmp_path / "old") == {"O00001": 1}
    assert [order.id for order in queries.orders(shop.store)] == ["O00002", "O00003", "O00004"]
    assert {table: count(shop.store, table) for table in ("history", "records", "outbox", "inbox")} == {
        "history": 7, "records": 3, "outbox": 3, "inbox": 3,
    }  # fmt: skip
    with gzip.open(tmp_path / "old" / "orders-00000001.jsonl.gz") as lines:
        packed = json.decode(next(lines))
    assert {table: len(packed[table]) for table in PACKED} == {"history": 3, "records": 1, "ledger": 4, "outbox": 1, "inbox": 1}
    assert [row["event"] for row in packed["history"]] == told
    assert count(shop.store, "ledger") == entries
    assert stock_at(shop.store, "I010", toy.START + timedelta(minutes=10)) == then
    gone = archived(shop.store, "O00001")
    assert gone is not None and (gone.folder, gone.file) == (str(tmp_path / "old"), "orders-00000001.jsonl.gz")
    assert audit(shop.store) == () and list(broken_by_archive(shop.store, tmp_path / "old")) == []
    shop.worker().run_until_idle()
    assert archive(shop.store, tmp_path / "old", LATER) == Gone(3, 1, {})
    assert in_files(tmp_path / "old") == dict.fromkeys(["O00001", "O00002", "O00003", "O00004"], 1)
    assert audit(shop.store) == () and list(broken_by_archive(shop.store, tmp_path / "old")) == []


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_an_archived_order_is_known_and_takes_no_more_facts(shop: Shop, tmp_path: Path) -> None:
    archive(shop.store, tmp_path / "old", toy.START + timedelta(days=1, minutes=50))
    order = toy.order(1, ITEMS)
    again = capture(shop.store, [order, replace(order, id="other")], toy.DIGEST)
    assert again == (Receipt("O00001", repeated=True), Receipt("O00001", repeated=True))
    fact = Incoming("k", "depot", "O00001", Happened(LATER, "lost"))
    told = report(shop.store, [fact])
    assert (told.accepted, told.unknown) == (0, (fact,))
    assert queries.order(shop.store, "O00001") is None and audit(shop.store) == ()


def test_what_has_something_open_stays_and_says_why(shop: Shop, tmp_path: Path) -> None:
    shop.worker().run_until_idle()
    with shop.store.writing() as connection:
        connection.exec_driver_sql("UPDATE outbox SET done_at = NULL WHERE order_id = 'O00001'")
        connection.exec_driver_sql("UPDATE exceptions SET closed_at = NULL")
        connection.exec_driver_sql("UPDATE records SET kind = 'x' WHERE order_id = 'O00003'")
    done = archive(shop.store, tmp_path / "old", LATER)
    assert done == Gone(2, 1, {"something is still due": 1, "its history does not fit: see `orderloom audit`": 1})


def test_a_fact_that_comes_in_meanwhile_keeps_its_order(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, told = archiving.files.write_orders, list[object]()

    def slow(file: Path, orders: object) -> None:
        write(file, orders)  # type: ignore[arg-type]
        if not told:
            told.append(report(shop.store, [Incoming("k", "depot", "O00002", Happened(LATER, "lost"))]))

    monkeypatch.setattr(archiving.files, "write_orders", slow)
    done = archive(shop.store, tmp_path / "old", toy.START + timedelta(days=2))
    assert done == Gone(1, 1, {"something is still due": 1}) and in_files(tmp_path / "old") == {"O00001": 1}


def test_the_archive_of_another_store_is_left_alone(shop: Shop, tmp_path: Path) -> None:
    archive(shop.store, tmp_path / "old", LATER)
    other = stocked(f"sqlite:///{tmp_path}/other.sqlite")
    with other.store.writing() as connection:
        connection.exec_driver_sql("UPDATE workspace SET created_at = '2001-01-01T00:00:00.000000+00:00'")
    refused = archive(other.store, tmp_path / "old", LATER)
    assert refused == Refused(f"{tmp_path / 'old'} has the archive of another store")
    (tmp_path / "no").mkdir()
    (tmp_path / "no" / "manifest.jsonl").write_text("hello\n")
    assert isinstance(archive(other.store, tmp_path / "no", LATER), Refused)


@pytest.mark.parametrize(
    ("damage", "because"),
    [
        (lambda file: file.unlink(), "it is not there; it has 2 orders, O00001 to O00002"),
        (lambda file: file.write_bytes(file.read_bytes()[:-20]), "it is not as it was written"),
        (lambda file: file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()).replace(b"robot", b"nobody"))),
         "order O00001: event 2 does not fit its link"),
        (lambda file: file.write_bytes(gzip.compress(gzip.decompress(file.read_bytes()).splitlines(True)[0])),
         "order O00002 went into it, and is not in it"),
        (lambda file: (file.parent / "manifest.jsonl").write_text("7\n"), "the store says that it has orders"),
    ],
)  # fmt: skip
def test_damage_of_an_archive_is_found(tmp_path: Path, damage: object, because: str) -> None:
    shop = stocked(f"sqlite:///{tmp_path}/toys.sqlite", quantity=50)
    shop.capture(1, 2)
    shop.worker().run_until_idle()
    archive(shop.store, tmp_path / "old", LATER)
    damage(tmp_path / "old" / "orders-00000001.jsonl.gz")  # type: ignore[operator]
    found = list(broken_by_archive(shop.store, tmp_path / "old"))
    assert any(because in each.because for each in found), found
    assert all(each.todo and each.table for each in found)


# --- killed at any moment ------------------------------------------------------------------------------------------------

RUN = """
import sys
from datetime import datetime
from pathlib import Path
from orderloom.engine.audit import archive as archiving
from orderloom.engine.store import open_store
archiving.AT_ONCE, archiving.PAGE = 7, 3
store = open_store(sys.argv[1])
print("ready", flush=True)
archiving.archive(store, Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3]))
"""


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_nothing_is_lost_and_nothing_is_twice_whenever_it_is_killed(url: str, tmp_path: Path) -> None:
    shop = stocked(url, quantity=50)
    numbers = range(30)
    shop.capture(*numbers)
    shop.worker().run_until_idle()
    shop.store.close()
    chance, kills = random.Random(5), 0
    for _ in range(6):
        arguments = [sys.executable, "-c", RUN, url, str(tmp_path / "old"), LATER.isoformat()]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, env=dict(os.environ)) as process:
            assert process.stdout is not None and process.stdout.readline() == b"ready\n"
            time.sleep(chance.random() * 0.03)
            killed = process.poll() is None
            process.send_signal(signal.SIGKILL)
        kills += killed
        if not killed:
            break
    store = opened(url)
    left = [order.id for order in queries.orders(store, limit=1_000)]
    assert kills > 1
    assert archive(store, tmp_path / "old", LATER) == Gone(len(left), len(left) > 0, {})
    assert in_files(tmp_path / "old") == {f"O{number:05}": 1 for number in numbers}
    assert queries.orders(store) == () and audit(store) == ()
    assert list(broken_by_archive(store, tmp_path / "old")) == []
    store.close()
