"""Stores that cannot be worked with: one line says why, the exit code is 2, and nothing is changed."""

from __future__ import annotations

import os
import re
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from pwd import getpwnam

import psycopg
import pytest
from click.testing import Result
from postgres import UNPRIVILEGED, database, running
from sqlalchemy import URL, make_url

from orderloom.engine.store import connect

Run = Callable[..., Result]
PROGRAM = Path(sys.executable).with_name("orderloom")
SECRET = "s3cr3t"


@pytest.fixture
def worked_on(run: Run, shop: Path, tmp_path: Path) -> Path:
    """The file of a store with a workspace in it."""
    assert run("work", "--once", "--dir", shop, "--store", tmp_path / "shop.sqlite").exit_code == 0
    return tmp_path / "shop.sqlite"


@pytest.fixture
def served(run: Run, shop: Path, postgres: URL) -> Iterator[str]:
    """The address of a store on a server with a workspace in it."""
    with database(postgres) as url:
        result = run("work", "--once", "--dir", shop, "--store", url)
        assert result.exit_code == 0, result.output
        yield url


def refused(result: Result | subprocess.CompletedProcess[str]) -> str:
    """What a command says that ends with one line and exit code 2, without a password in it."""
    code, said = (result.exit_code, result.output) if isinstance(result, Result) else (result.returncode, result.stderr)
    assert code == 2 and said.startswith("Error: ") and said.count("\n") == 1 and SECRET not in said, (code, said)
    return str(said)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


# --- addresses -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "because"),
    [
        (f"postgresql://ann:{SECRET}@localhost:1/shop", "Connection refused"),
        (f"postgresql://ann:{SECRET}@nowhere.invalid/shop", "failed to resolve host"),
        (f"postgresql://localhost:1/shop?user=ann&password={SECRET}", "Connection refused"),
        (f"postgresql://ann:{SECRET}@localhost:port/shop", "the address of the store (postgresql) cannot be read"),
        (f"postgresql://ann:12@{SECRET}@localhost/shop", "has more than one @"),
        (f"mysql://ann:{SECRET}@localhost/shop", "a store is in SQLite or PostgreSQL, not in mysql"),
        ("postgresql://localhost/shop?prepare_threshold=5", "prepare_threshold of a store's address is none ("),
        ("sqlite:///nowhere/shop.sqlite", "there is no store at nowhere/shop.sqlite"),
    ],
)
def test_an_address_without_a_store(run: Run, tmp_path: Path, address: str, because: str) -> None:
    assert because in refused(run("orders", "list", "--store", address))
    assert list(tmp_path.iterdir()) == []


def test_a_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert refused(run("orders", "list", "--store", "folder")) == "Error: folder is a folder, not a store\n"


def test_no_such_database_and_no_such_user(run: Run, postgres: URL) -> None:
    no_database = postgres.set(database="nothing").render_as_string(hide_password=False)
    assert 'database "nothing" does not exist' in refused(run("orders", "list", "--store", no_database))
    nobody = postgres.set(username="ghost", password=SECRET).render_as_string(hide_password=False)
    assert 'role "ghost" does not exist' in refused(run("orders", "list", "--store", nobody))


def test_a_server_that_is_down(run: Run, shop: Path) -> None:
    with running() as server, database(server.server) as url:
        assert run("work", "--once", "--dir", shop, "--store", url).exit_code == 0
        server.stop()
        for command in (("orders", "list"), ("work", "--once", "--dir", shop), ("db", "upgrade")):
            assert "Is the server running" in refused(run(*command, "--store", url))
        server.start()
        assert run("orders", "list", "--store", url).exit_code == 0


# --- rights --------------------------------------------------------------------------------------------------------------


def test_no_rights_on_a_server(run: Run, shop: Path, served: str) -> None:
    with psycopg.connect(_plain(served), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE guest LOGIN PASSWORD '{SECRET}'")
        before = _rows(served)
        guest = make_url(served).set(username="guest", password=SECRET).render_as_string(hide_password=False)
        assert "permission denied for table" in refused(run("orders", "list", "--store", guest))
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest")
        assert run("orders", "list", "--store", guest).exit_code == 0
        assert "permission denied for table" in refused(run("work", "--once", "--dir", shop, "--store", guest))
        assert _rows(served) == before
        connection.execute("DROP OWNED BY guest; DROP ROLE guest")


def test_no_rights_on_a_file(run: Run, worked_on: Path) -> None:
    assert run("orders", "list", "--help").exit_code == 0  # the program itself is read with our rights
    before = bytes_of(worked_on.parent)
    worked_on.chmod(0)
    with _as_nobody(worked_on.parent):
        said = refused(run("orders", "list", "--store", worked_on))
    worked_on.chmod(0o600)
    assert re.search("unable to open database file|Permission denied", said) and bytes_of(worked_on.parent) == before


@contextmanager
def _as_nobody(folder: Path) -> Iterator[None]:
    """Without the rights that root has, where the tests run as root."""
    if os.geteuid() == 0:
        for each in (folder, *folder.parents[:2]):
            each.chmod(0o755)
        os.seteuid(getpwnam(UNPRIVILEGED).pw_uid)
    try:
        yield
    finally:
        os.seteuid(os.getuid())


# --- what is in it ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damage", "because"),
    [
        ("UPDATE workspace SET name = 'other'", "this store belongs to the workspace other, not to shop"),
        ("UPDATE alembic_version SET version_num = '9999'", "a newer release made this store (its schema is 9999"),
        ("UPDATE alembic_version SET version_num = '0002'", "bring it here with `orderloom db upgrade`"),
        ("DROP TABLE alembic_version", "this database holds something else, not an orderloom store"),
        ("UPDATE workspace SET moved_to = 'elsewhere'", "this store has moved to elsewhere"),
    ],
)
def test_a_store_that_is_not_ours_to_work_with(
    run: Run, shop: Path, worked_on: Path, served: str, damage: str, because: str
) -> None:
    with closing(sqlite3.connect(worked_on, isolation_level=None)) as file:
        file.execute(damage)
    with psycopg.connect(_plain(served), autocommit=True) as server:
        server.execute(damage)
    before = _rows(served)
    for store in (worked_on, served):
        assert because in refused(run("work", "--once", "--dir", shop, "--store", store))
    assert _rows(served) == before


def test_what_is_no_database(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>not a database, and longer than the head of one would be</p>" * 20)
    before = bytes_of(tmp_path)
    assert "file is not a database" in refused(run("orders", "list", "--store", page))
    assert bytes_of(tmp_path) == before


@pytest.mark.parametrize("name", ["workspace", "sqlite_autoindex_orders_1"])
def test_a_file_with_a_damaged_page(run: Run, worked_on: Path, name: str) -> None:
    """What a table, or an index, begins with is none of its pages."""
    with closing(sqlite3.connect(worked_on)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [page] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()
        [size] = connection.execute("PRAGMA page_size").fetchone()
    damaged = bytearray(worked_on.read_bytes())
    damaged[(page - 1) * size : page * size] = b"\xff" * size
    worked_on.write_bytes(damaged)
    assert "database disk image is malformed" in refused(run("orders", "list", "--store", worked_on))
    assert worked_on.read_bytes() == damaged


# --- a store that cannot be written to just now --------------------------------------------------------------------------------


def test_a_locked_file(run: Run, shop: Path, worked_on: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "PRAGMAS", ("PRAGMA busy_timeout = 50", *connect.PRAGMAS[1:]))
    with closing(sqlite3.connect(worked_on, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert run("orders", "list", "--store", worked_on).exit_code == 0
        assert "database is locked" in refused(run("work", "--once", "--dir", shop, "--store", worked_on))
        other.execute("ROLLBACK")


def test_a_full_disk(shop: Path, worked_on: Path, tmp_path: Path) -> None:
    """Files may not grow beyond what the store has; what was in it stays, and it goes on when there is room."""
    items = tmp_path / "items.csv"
    items.write_text("id\n" + "\n".join(f"item-{number:06}" for number in range(20_000)))
    call = [str(PROGRAM), "import", "items", str(items), "--dir", str(shop), "--store", str(worked_on)]
    size = worked_on.stat().st_size

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    said = refused(subprocess.run(call, preexec_fn=full, capture_output=True, text=True, check=False))
    assert "the store cannot be used: " in said
    with closing(sqlite3.connect(worked_on)) as connection:
        taken = connection.execute("SELECT COUNT(*) FROM items").fetchone()[0]
        assert (taken < 20_000, taken % 500) == (True, 0), "portions are taken in whole or not at all"
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert subprocess.run(call, capture_output=True, text=True, check=False).returncode == 0
    with closing(sqlite3.connect(worked_on)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM items").fetchone() == (20_000,)


def test_a_server_that_only_reads(run: Run, shop: Path, served: str) -> None:
    only_reads = make_url(served).update_query_dict({"options": "-c default_transaction_read_only=on"})
    url = only_reads.render_as_string(hide_password=False)
    assert run("orders", "list", "--store", url).exit_code == 0
    assert "read-only transaction" in refused(run("work", "--once", "--dir", shop, "--store", url))


# --- helpers -------------------------------------------------------------------------------------------------------------------


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _rows(url: str) -> list[tuple[object, ...]]:
    """Every row of the tables that a worker writes first."""
    with psycopg.connect(_plain(url)) as connection:
        return [
            row for name in ("workspace", "definitions", "orders", "due") for row in connection.execute(f"SELECT * FROM {name}")
        ]
