"""Past orders on rules that an analyst has changed."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from orderloom.cli.main import main

Run = Callable[..., Result]
Program = Callable[..., subprocess.CompletedProcess[str]]
STORE = "orderloom.sqlite"


def call(*args: object) -> Result:
    return CliRunner().invoke(main, [str(arg) for arg in args])


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A workspace with 40 orders that ran, two shipments allowed, and what the run said of them; now one shipment is allowed."""
    shop = tmp_path_factory.mktemp("past") / "shop"
    assert call("init", shop).exit_code == 0
    ran = call("demo", "--orders", 40, "--dir", shop, "--store", shop / STORE, "--format", "json")
    assert ran.exit_code == 0, ran.output
    rules = shop / "rules" / "sourcing.yaml"
    (shop / "before.yaml").write_text(rules.read_text())
    rules.write_text(rules.read_text().replace("shipments: 2", "shipments: 1"))
    return shop, json.loads(ran.stdout)


@pytest.fixture
def shop(past: tuple[Path, dict[str, Any]]) -> Path:
    return past[0]


def told(result: Result | subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def replayed(shop: Path, *args: object) -> dict[str, Any]:
    result = call("replay", "--dir", shop, "--format", "json", *args)
    assert result.exit_code == 0, result.output
    return told(result)


def test_the_version_in_force_comes_out_as_it_ran(past: tuple[Path, dict[str, Any]]) -> None:
    shop, ran = past
    here, before = replayed(shop)["versions"]
    assert (here["name"], before["name"]) == ("here", "in force")
    assert before["cost"] == ran["cost"]
    assert before["lines"] == ran["lines"]
    assert before["units"] == ran["units"]
    assert sum(before["outcomes"].values()) == 40


def test_what_the_change_does_is_told(shop: Path) -> None:
    found = replayed(shop)
    (against,) = found["against"]
    here, before = found["versions"]
    assert found["orders"] == 40
    assert 0 < against["decisions_changed"] == len(against["top"]) <= against["orders_differing"]
    assert against["cost"] == pytest.approx(here["cost"]["total"] - before["cost"]["total"])
    assert sum(each["cost"] for each in against["top"]) == pytest.approx(against["cost"])
    for each in against["top"]:  # who had two nodes has one
        nodes = [{source.rpartition(" ")[2] for source in each[side]} for side in ("before", "after")]
        assert len(nodes[1]) == 1 or each["before"] == each["after"]


def test_text_says_what_was_played_and_what_differs(shop: Path) -> None:
    output = call("replay", "--dir", shop, "--top", 1).output
    assert output.startswith("40 orders played here (")
    for words in ("Orders by outcome", "Cost of the plans", "promised lines kept", "Greatest differences from in force"):
        assert words in output
    rows = output.split("Greatest differences from in force\n")[1].splitlines()
    assert len(rows) == 2


def test_nothing_changed_nothing_differs(shop: Path) -> None:
    (against,) = replayed(shop, "--against", shop, "--limit", 10)["against"]
    assert (against["cost"], against["orders_differing"], against["top"]) == (0, 0, [])


def test_several_versions_are_set_against_at_once(shop: Path) -> None:
    digest = replayed(shop, "--limit", 1)["versions"][1]["digest"]
    found = replayed(shop, "--limit", 10, "--against", shop, "--against", digest[:8])
    assert [each["name"] for each in found["versions"]] == ["here", str(shop), digest[:8]]
    assert found["against"][0]["orders_differing"] == 0


def test_orders_of_others_take_of_the_same_stock(shop: Path) -> None:
    every = replayed(shop)
    web = replayed(shop, "--channel", "web")
    assert web["orders"] + web["beside"] <= 40
    assert 0 < web["orders"] < 40
    (all_of_them,), (some,) = every["against"], web["against"]
    assert {each["order"] for each in some["top"]} == {each["order"] for each in all_of_them["top"] if each["order"][0] == "W"}


def test_nothing_is_written(shop: Path) -> None:
    def content() -> dict[str, str]:
        kept = (path for path in shop.rglob("*") if path.is_file() and not path.name.endswith("-shm"))
        return {path.name: sha256(path.read_bytes()).hexdigest() for path in kept}

    before = content()
    replayed(shop, "--limit", 5)
    assert content() == before


def test_processes_have_no_part_in_the_outcome(shop: Path, program: Program) -> None:
    asked = ("replay", "--dir", shop, "--days", 1, "--limit", 15, "--format", "json")
    one, two = program(*asked), program(*asked, "--workers", 2)
    assert one.returncode == 0, one.stderr
    assert (two.stdout, two.stderr) == (one.stdout, "")


def processes_of(session: int) -> int:
    """How many processes of a session there are."""
    found = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            found += stat.read_text().rpartition(")")[2].split()[3] == str(session)
    return found


def heeds_interrupts() -> None:
    """Who runs the tests in the background of a shell ignores them, and so would the process."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupt_ends_all_processes_quietly(shop: Path) -> None:
    command = [Path(sys.executable).with_name("orderloom"), "replay", "--dir", shop, "--days", "1", "--workers", "2"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, text=True, start_new_session=True, preexec_fn=heeds_interrupts) as process:
        while process.poll() is None and processes_of(process.pid) < 3:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors.split()) == (1, "", ["Aborted!"])


# --- orders of a file ----------------------------------------------------------------------------------------------------


ROW = {
    "id": "F1",
    "channel": "web",
    "division": "RETAIL",
    "placed_at": "2026-10-20T09:00:00",
    "customer": {"id": "C1", "tier": "gold"},
    "ship_to": {"zip": "87122", "lat": 35.18853, "lon": -106.49354},
    "lines": [{"id": 1, "item": "I02991", "quantity": 2, "unit_price": 11.37}],
}


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """Two orders, one of them for an item that nobody has, one line that is no order, and one order that is there already."""
    lines = [json.dumps(ROW), json.dumps(ROW | {"id": "F2", "lines": [ROW["lines"][0] | {"item": "I0"}]}), "{", json.dumps(ROW)]  # type: ignore[index]
    path = tmp_path / "orders.jsonl"
    path.write_text("\n".join(lines))
    return path


@pytest.mark.parametrize("stock", ["store", "shipped data"])
def test_what_is_no_order_is_a_row_of_the_report(shop: Path, rows: Path, stock: str, tmp_path: Path) -> None:
    where = shop if stock == "store" else tmp_path
    result = call("replay", "--dir", where, "--orders", rows, "--against", shop, "--format", "json")
    assert result.exit_code == 1
    found = told(result)
    assert (found["orders"], found["stock"]) == (1, "as it is now")
    assert [(each["order"], each["because"]) for each in found["unplayed"]] == [
        ("F2", "line 2 of the file: line 1: unknown item I0"),
        ("", "line 3 of the file: not valid JSON: Input data was truncated"),
        ("F1", "line 4 of the file: it is there already"),
    ]


def test_an_order_that_cannot_be_read_is_told(shop: Path, tmp_path: Path) -> None:
    store = tmp_path / STORE
    shutil.copy(shop / STORE, store)
    with closing(sqlite3.connect(store)) as connection, connection:
        (victim,) = connection.execute("SELECT id FROM orders ORDER BY id LIMIT 1").fetchone()
        connection.execute("UPDATE orders SET state = '{' WHERE id = ?", (victim,))
    result = call("replay", "--dir", shop, "--store", store)
    assert result.exit_code == 1
    assert "1 order could not be played" in result.output
    assert f"{victim}  the store's text of it cannot be read: " in result.output


# --- wrong use -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--against", "nowhere"], "nowhere is neither a workspace's folder nor a version in the store"),
        (["--since", "soon"], "--since soon is no moment such as 2026-03-31T09:30"),
        (["--until", "late"], "--until late is no moment"),
        (["--workers", "0"], "0 is not in the range x>=1"),
    ],
)
def test_what_cannot_be_is_refused(shop: Path, args: list[str], words: str) -> None:
    result = call("replay", "--dir", shop, *args)
    assert result.exit_code == 2
    assert words in result.output


def test_without_the_extra_there_is_one_process(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)  # as where it is not installed
    refused = call("replay", "--dir", shop, "--workers", 2)
    assert (refused.exit_code, "pip install 'orderloom[scale]'" in refused.output) == (2, True)
    assert call("replay", "--dir", shop, "--limit", 1).exit_code == 0


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "no version is in force here: name what to set it against, --against DIR"),
        (
            ["--against", "shop"],
            "there is no orderloom.sqlite here whose orders could be played; name a file of orders, --orders FILE",
        ),
        (["--against", "elsewhere"], "there is no orderloom.yaml in it, and no store here that could have such a version"),
    ],
)
def test_without_a_store_there_is_no_past(run: Run, args: list[str], words: str) -> None:
    run("init", "shop")
    result = run("replay", *args)
    assert result.exit_code == 2
    assert words in result.output


def test_dask_is_only_imported_where_it_works() -> None:
    code = "import sys, orderloom.cli.replay; sys.exit('dask' in sys.modules or 'distributed' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
