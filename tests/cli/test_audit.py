"""`orderloom audit`, its repairs, and `orderloom db archive`."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orderloom.cli.main import main

Run = Callable[..., Result]
SOUND = "Everything that must hold does.\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a short demo."""
    file = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    result = CliRunner().invoke(main, ["demo", "--orders", "12", "--store", str(file)])
    assert result.exit_code == 0, result.output
    return file


@pytest.fixture
def store(run: Run, made: Path, tmp_path: Path) -> Path:
    """A copy of it, in the folder where commands run."""
    assert run("db", "backup", "shop.sqlite", "--store", made).exit_code == 0
    return tmp_path / "shop.sqlite"


def by_hand(store: Path, statement: str) -> None:
    with closing(sqlite3.connect(store)) as connection:
        connection.execute(statement)
        connection.commit()


def test_a_sound_store_is_said_to_be_sound(run: Run, store: Path) -> None:
    told = run("audit", "--store", store)
    assert (told.exit_code, told.output) == (0, SOUND)
    assert json.loads(run("audit", "--store", store, "--format", "json").output) == []
    assert run("audit", "--store", store, "--after", "W1", "--throttle", "1000").output == SOUND


def test_a_finding_has_its_place_and_what_to_do(run: Run, store: Path) -> None:
    by_hand(store, "UPDATE orders SET state = '{' WHERE id = (SELECT MIN(id) FROM orders)")
    told = run("audit", "--store", store)
    assert told.exit_code == 1
    first, because, todo = told.output.splitlines()
    assert first.endswith(": it does not hold that a state can be read")
    assert "Input data was truncated (orders " in because and todo.startswith("  what to do: the repair writes the state")
    [found] = json.loads(run("audit", "--store", store, "--format", "json").output)
    assert (found["law"], found["table"]) == ("a state can be read", "orders") and found["order"] == found["key"]


def test_repairs_are_proposed_read_and_applied(run: Run, store: Path) -> None:
    by_hand(store, "UPDATE loads SET units = units + 3 WHERE node = (SELECT MIN(node) FROM loads)")
    proposed = run("audit", "--store", store, "--repair", "plan.json")
    assert proposed.exit_code == 1 and "plan.json: " in proposed.output and " 0 findings for a person" in proposed.output
    plan = json.loads(Path("plan.json").read_text())
    assert all("becomes" in change["statement"] for change in plan["changes"])
    assert run("audit", "--store", store).exit_code == 1, "a proposal changes nothing"
    assert run("audit", "--store", store, "--apply", "plan.json").exit_code == 0
    assert run("audit", "--store", store).output == SOUND
    again = run("audit", "--store", store, "--apply", "plan.json")
    assert again.exit_code == 1 and "the law holds by now" in again.output


def test_a_plan_is_not_overwritten_and_must_be_one(run: Run, store: Path) -> None:
    Path("there").write_text("mine")
    refused = run("audit", "--store", store, "--repair", "there")
    assert (refused.exit_code, refused.output) == (2, "Error: there is there already\n")
    refused = run("audit", "--store", store, "--apply", "there")
    assert refused.exit_code == 2 and refused.output.startswith("Error: there is no plan of repairs: ")


def test_orders_go_to_an_archive_that_can_be_read_back(run: Run, store: Path) -> None:
    before = json.loads(run("orders", "list", "--store", store, "--format", "json").output)
    told = run("db", "archive", "--before", "2099-01-01", "old", "--store", store)
    assert (told.exit_code, told.output) == (0, "old: 12 orders, in 1 new files.\n")
    assert run("audit", "--store", store, "--archive", "old").output == SOUND
    shown = run("orders", "show", before[0]["id"], "--store", store)
    assert shown.exit_code == 2
    assert f"order {before[0]['id']} went to an archive on " in shown.output and "orders-00000001.jsonl.gz" in shown.output
    assert run("db", "archive", "--before", "2099-01-01", "old", "--store", store).output == "old: 0 orders, in 0 new files.\n"
    Path("old/orders-00000001.jsonl.gz").unlink()
    missing = run("audit", "--store", store, "--archive", "old")
    assert missing.exit_code == 1 and "it is not there; it has 12 orders" in missing.output


def test_what_is_no_day_and_no_archive_is_refused(run: Run, store: Path) -> None:
    refused = run("db", "archive", "--before", "soon", "old", "--store", store)
    assert refused.exit_code == 2 and "soon is no day such as 2026-03-31" in refused.output
    Path("full").mkdir()
    Path("full/manifest.jsonl").write_text("{}\n")
    refused = run("db", "archive", "--before", "2099-01-01", "full", "--store", store)
    assert refused.exit_code == 2 and "is no manifest of an archive" in refused.output
    assert run("audit", "--store", store, "--archive", "nowhere").exit_code == 2


def test_every_event_gives_the_same_again(run: Run, store: Path) -> None:
    told = run("audit", "--store", store, "--again")
    assert told.exit_code == 0 and SOUND in told.output and " events were worked on again; 0 order supply" in told.output
    by_hand(store, "DELETE FROM items")
    changed = run("audit", "--store", store, "--again")
    assert changed.exit_code == 1 and "would come to something else today: " in changed.output


# --- the past ------------------------------------------------------------------------------------------------------------


def test_an_order_and_its_stock_are_told_as_they_were(run: Run, store: Path) -> None:
    """W11367 was placed at 01:12:22 for one I02991, which DC-ONT shipped on the same day; 13 were there."""
    asked = ("orders", "show", "W11367", "--store", store)
    assert run(*asked).output.startswith("W11367: delivered (delivered)")
    then = run(*asked, "--at", "2026-10-19T01:12:22Z").output
    assert then.startswith("W11367: in fulfillment (waiting: ship-to-customer at pick)")
    assert json.loads(run(*asked, "--at", "2026-10-19T01:12:22Z", "--format", "json").output)["sequence"] == 1
    explained = run("orders", "explain", "W11367", "--store", store, "--at", "2026-10-19T01:12:22Z").output
    assert "W11367-1 enters step pick" in explained and "W11367-1 enters step deliver" not in explained
    stock = [
        json.loads(run("stock", "as-of", at, "I02991", "--node", "DC-ONT", "--store", store, "--format", "json").output)["stock"]
        for at in ("2026-10-19T01:12:21Z", "2026-10-19T01:12:22Z")
    ]
    told = [(each["on_hand"], each["inbound"], each["reserved"]) for [each] in stock]
    assert told == [(13, 0, 0), (13, 0, 1)]
    assert "DC-ONT       13" in run("stock", "as-of", "2026-10-19T01:12:22Z", "I02991", "--store", store).output


def test_before_an_order_there_is_nothing_to_tell(run: Run, store: Path) -> None:
    asked = ("orders", "show", "W11367", "--store", store, "--at")
    assert run(*asked, "2026-10-19T01:12:21Z").output == "Error: there was no order W11367 at 2026-10-19T01:12:21Z\n"
    assert run(*asked, "soon").output == "Error: soon is no moment such as 2026-03-31T09:30 or 2026-03-31T09:30Z\n"
    assert run("orders", "show", "W0", "--store", store, "--at", "2026-10-19").output == "Error: there is no order W0\n"
