"""`orderloom db`."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from postgres import database
from sqlalchemy import URL

from orderloom.cli.main import main
from orderloom.engine.store.connect import connect
from orderloom.engine.store.migrate import upgrade
from orderloom.engine.store.store import HEAD

Run = Callable[..., Result]
DEMO = ("demo", "--orders", "60", "--store", "demo.sqlite")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    """A folder with a short demo's demo.sqlite, and its figures."""
    folder = tmp_path_factory.mktemp("demo")
    with contextlib.chdir(folder):
        return folder, figures(CliRunner().invoke(main, [*DEMO, "--format", "json"]))


@pytest.fixture
def demo(run: Run, made: tuple[Path, dict[str, object]], tmp_path: Path) -> dict[str, object]:
    """The figures of a short demo in demo.sqlite."""
    folder, found = made
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return found


def figures(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    del found["orders_per_second"]
    return found


def test_status(run: Run, demo: dict[str, object]) -> None:
    text = run("db", "status", "--store", "demo.sqlite").output
    assert "demo.sqlite" in text and "retail" in text
    found = json.loads(run("db", "status", "--store", "demo.sqlite", "--format", "json").output)
    assert found["rows"]["orders"] == 60


def test_a_backup_is_a_store_and_can_be_restored(run: Run, demo: dict[str, object]) -> None:
    assert run("db", "backup", "copy.sqlite", "--store", "demo.sqlite").exit_code == 0
    assert run("audit", "--store", "copy.sqlite").exit_code == 0
    assert run("db", "restore", "copy.sqlite", "--store", "again.sqlite").exit_code == 0
    lists = [run("orders", "list", "--limit", "100", "--store", name).output for name in ("demo.sqlite", "again.sqlite")]
    assert lists[0] == lists[1]


def test_nothing_is_overwritten(run: Run, demo: dict[str, object]) -> None:
    Path("there.sqlite").write_text("mine")
    refused = run("db", "backup", "there.sqlite", "--store", "demo.sqlite")
    assert (refused.exit_code, refused.output) == (2, "Error: there.sqlite is there already\n")
    run("db", "backup", "copy.sqlite", "--store", "demo.sqlite")
    refused = run("db", "restore", "copy.sqlite", "--store", "demo.sqlite")
    assert refused.exit_code == 2 and "there is something in the target already" in refused.output


def test_an_older_store_says_what_to_do(run: Run, older: Path) -> None:
    refused = run("orders", "list", "--store", older)
    assert refused.exit_code == 2
    assert "an older release made this store (its schema is 0001" in refused.output and "orderloom db upgrade" in refused.output
    upgraded = run("db", "upgrade", "--store", older)
    assert (upgraded.exit_code, upgraded.output[:20]) == (0, f"The schema is {HEAD} n")
    assert run("db", "upgrade", "--store", older).output == f"The schema is {HEAD} already.\n"
    assert run("orders", "list", "--store", older).exit_code == 0


def test_a_store_is_tidied(run: Run, demo: dict[str, object], postgres: URL) -> None:
    assert run("db", "tidy", "--store", "demo.sqlite").output == "The store is tidy.\n"
    with database(postgres) as url:
        assert run("db", "move", "--to", url, "--store", "demo.sqlite").exit_code == 0
        made = run("db", "tidy", "--store", url)
        assert made.exit_code == 0 and made.output.endswith(" tables made or dropped.\n"), made.output
        assert run("db", "tidy", "--store", url).output == "The store is tidy.\n"


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A store of the first release."""
    engine = connect(f"sqlite:///{tmp_path}/older.sqlite")
    with engine.begin() as connection:
        upgrade(connection, "0001")
        moment = datetime(2026, 3, 2, tzinfo=UTC).isoformat(timespec="microseconds")
        connection.exec_driver_sql(f"INSERT INTO workspace VALUES (0, 'shop', 0, 0, '{moment}')")
    engine.dispose()
    return tmp_path / "older.sqlite"
