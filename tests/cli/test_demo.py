"""The demo: the same outcome on every run, also when it is killed and taken up again."""

import csv
import gzip
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from orderloom.adapters.imports.datasets import DATA_SET, shipped_data

Run = Callable[..., Result]
Program = Callable[..., subprocess.CompletedProcess[str]]
ORDERLOOM = Path(sys.executable).with_name("orderloom")


def figures(result: Result) -> dict[str, Any]:
    """What a demo printed as JSON, without its speed."""
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    assert found.pop("orders_per_second") >= 0
    return found


def test_the_same_seed_has_the_same_outcome(run: Run, tmp_path: Path) -> None:
    one = figures(run("demo", "--orders", 80, "--format", "json", "--store", "one.sqlite", "--assignment", "one.csv"))
    two = figures(run("demo", "--orders", 80, "--format", "json", "--store", "two.sqlite", "--assignment", "two.csv"))
    assert one == two
    assert (tmp_path / "one.csv").read_text() == (tmp_path / "two.csv").read_text()
    assert sum(count for channel in one["orders"].values() for count in channel.values()) == 80
    assert run("audit", "--store", "one.sqlite").exit_code == 0


def test_nothing_is_left_to_do(run: Run) -> None:
    found = figures(run("demo", "--orders", 60, "--format", "json"))
    standings = {standing for channel in found["orders"].values() for standing in channel}
    assert not [standing for standing in standings if standing.startswith("waiting") or standing == "captured"]


def test_the_assignment_accounts_for_what_was_shipped(run: Run, tmp_path: Path) -> None:
    found = figures(run("demo", "--orders", 60, "--format", "json", "--assignment", "out.csv"))
    with (tmp_path / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["order_id", "line_id", "node", "qty", "pool", "ship_date"]
    assert sum(int(row["qty"]) for row in rows) == found["units"]["shipped"]
    assert {row["pool"] for row in rows} >= {"OH"}


def test_with_an_assignment_partners_make_no_mistakes(run: Run) -> None:
    """Chance has no part in which node ships what: whatever the seed, the plans are those of the orders one by one."""
    one, two = (run("demo", "--orders", 80, "--seed", seed, "--assignment", f"{seed}.csv", "--format", "json") for seed in (1, 2))
    assert Path("1.csv").read_text() == Path("2.csv").read_text()
    assert figures(one)["exceptions"] == figures(two)["exceptions"] == []


def test_an_erring_run_is_not_resumed_for_its_assignment(run: Run) -> None:
    run("demo", "--orders", 5)
    result = run("demo", "--resume", "--assignment", "out.csv")
    assert result.exit_code == 2
    assert "without --assignment" in result.output
    run("demo", "--orders", 5, "--assignment", "out.csv")
    assert run("demo", "--resume", "--assignment", "again.csv").exit_code == 0
    assert Path("out.csv").read_text() == Path("again.csv").read_text()


def test_a_second_run_starts_anew_and_says_so(run: Run) -> None:
    first = run("demo", "--orders", 5)
    second = run("demo", "--orders", 7)
    assert "starting anew" not in first.stderr
    assert "starting anew" in second.stderr
    assert "all" in second.stdout
    assert len(run("orders", "list", "--store", "orderloom-demo.sqlite", "--format", "json").output.split('"id"')) - 1 == 7


def test_a_store_that_is_no_demos_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shop.sqlite").write_text("precious")
    assert run("demo", "--orders", 5, "--store", "shop.sqlite").exit_code == 2
    assert (tmp_path / "shop.sqlite").read_text() == "precious"


def test_a_rule_that_is_changed_changes_the_figures(run: Run, shop: Path) -> None:
    before = figures(run("demo", "--orders", 20, "--format", "json"))
    after = figures(run("demo", "--orders", 20, "--format", "json", "--dir", shop))
    assert before["cost"] != after["cost"]


def test_another_data_set_of_the_same_shape(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for file in DATA_SET:
        source = next(shipped_data().glob(f"{file.name}*"))
        (data / source.name).write_bytes(source.read_bytes())
    (data / "items.csv").write_text("\n".join((shipped_data() / "items.csv").read_text().splitlines()[:-1]) + "\n")
    result = run("demo", "--orders", 5, "--data", data)
    assert result.exit_code == 0
    assert "rows of stock were rejected" in result.stderr
    assert "forecast" not in result.stderr


def test_a_forecast_of_other_weeks_with_items_that_nobody_knows(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(shipped_data(), data, ignore=shutil.ignore_patterns("forecast.csv", "*.py", "__pycache__"))
    with gzip.open(data / "forecast.csv.gz", "wt") as file:
        file.write("sku,region_dc,w1,w2\nI00324,DC-ONT,700,800\nGHOST,DC-ONT,1,1\nI00324,MOON,1,1\n")
    result = run("demo", "--orders", 5, "--data", data, "--store", "other.sqlite")
    assert result.exit_code == 0, result.output
    assert "2 rows of forecast were rejected" in result.stderr
    with closing(sqlite3.connect(tmp_path / "other.sqlite")) as store:
        assert store.execute("SELECT DISTINCT days, count(*) FROM forecast").fetchall() == [(7, 2)]
        assert store.execute("SELECT DISTINCT item FROM opportunity_costs").fetchall() == [("I00324",)]


def test_a_piped_run_prints_plain_text(program: Program) -> None:
    done = program("demo", "--orders", 5)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    for title in ("Orders by channel and outcome", "Lines", "Cost of the plans", "Promises", "Exceptions", "orders per second"):
        assert title in done.stdout


def test_resume_takes_the_options_of_the_first_run(run: Run) -> None:
    run("demo", "--orders", 5, "--seed", 3)
    assert run("demo", "--resume", "--seed", 3).exit_code == 0
    result = run("demo", "--resume", "--seed", 4)
    assert result.exit_code == 2
    assert "--seed 3" in result.output


def killed_and_resumed(run: Run, orders: int, kills: int, longest: float) -> dict[str, Any]:
    """The figures of a run that was killed so many times at random moments, the first time before its end."""
    chance = random.Random(orders)
    for kill in range(kills):
        how = ["--orders", str(orders)] if kill == 0 else ["--resume"]
        child = subprocess.Popen([str(ORDERLOOM), "demo", *how, "--format", "json"], stdout=subprocess.PIPE)
        while not Path("orderloom-demo.sqlite").exists():
            time.sleep(0.01)
        time.sleep(chance.uniform(0.2, longest))
        child.kill()
        child.communicate()
        assert child.returncode == -signal.SIGKILL or kill > 0
    return figures(run("demo", "--resume", "--format", "json"))


def test_killed_and_resumed_equals_undisturbed(run: Run) -> None:
    undisturbed = figures(run("demo", "--orders", 60, "--format", "json", "--store", "whole.sqlite"))
    assert killed_and_resumed(run, 60, 3, 1.2) == undisturbed
    assert run("audit", "--store", "orderloom-demo.sqlite").exit_code == 0


def test_a_run_that_is_stopped_says_how_to_go_on(run: Run) -> None:
    child = subprocess.Popen(
        [str(ORDERLOOM), "demo", "--orders", "150"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not Path("orderloom-demo.sqlite").exists():
        time.sleep(0.01)
    time.sleep(1)
    child.send_signal(signal.SIGTERM)
    _, errors = child.communicate()
    if child.returncode != -signal.SIGTERM:  # it was loading still
        assert child.returncode == 1
        assert "go on with: orderloom demo --resume" in errors
    assert run("demo", "--resume").exit_code == 0


@pytest.mark.soak
def test_ten_kills_of_the_whole_demo(run: Run) -> None:
    undisturbed = figures(run("demo", "--format", "json", "--store", "whole.sqlite"))
    assert killed_and_resumed(run, 3967, 10, 20.0) == undisturbed
    assert run("audit", "--store", "orderloom-demo.sqlite").exit_code == 0


@pytest.mark.parametrize("note", [b"", b"{", b'{"seed": "one"}', b"\xff\xfe"])
def test_a_note_that_cannot_be_read_is_told(run: Run, tmp_path: Path, note: bytes) -> None:
    (tmp_path / "a.sqlite").touch()
    (tmp_path / "a.sqlite.demo.json").write_bytes(note)
    result = run("demo", "--resume", "--store", "a.sqlite")
    assert (result.exit_code, "start anew without --resume" in result.output) == (2, True)
