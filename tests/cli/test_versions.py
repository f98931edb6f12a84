"""`orderloom deploy`, `versions` and `migrate`, and what `validate` says of running orders."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from lanes import FIRST, MANIFEST, RULES, SECOND, Quiet, order
from msgspec.structs import replace

from orderloom.adapters.versions import versions as known
from orderloom.engine.audit import audit
from orderloom.engine.shell.clock import DatabaseClock
from orderloom.engine.shell.inbox import capture
from orderloom.engine.shell.programs import current
from orderloom.engine.shell.versions import versions
from orderloom.engine.shell.worker import Worker
from orderloom.engine.store import Store, open_store

Run = Callable[..., Result]
MAP = "kind: migration\nprocesses:\n  sale: { steps: { pack: label, check: settle } }\n"


@pytest.fixture
def lane(run: Run, tmp_path: Path) -> Path:
    """A workspace that was deployed in its first version, with orders at each of its steps, and changed into its second."""
    folder = tmp_path / "lane"
    for name, text in {"orderloom.yaml": MANIFEST, "rules/rules.yaml": RULES, "processes/sale.yaml": FIRST}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.replace(b"adapter: office", b"adapter: simulator"))
    result = run("deploy", folder, "--note", "the first", "--by", "ann")
    assert result.output.startswith("version 1 (") and result.exit_code == 0, result.output
    fill(folder, 50)
    (folder / "processes/sale.yaml").write_bytes(SECOND)
    (folder / "map.yaml").write_text(MAP)
    return folder


def store_of(folder: Path) -> Store:
    store = open_store(f"sqlite:///{folder / 'orderloom.sqlite'}")
    assert isinstance(store, Store)
    return store


def fill(folder: Path, count: int) -> None:
    """Orders of today, so that no clock has run out."""
    store = store_of(folder)
    digest, now = current(store), store.now()
    assert digest is not None
    capture(store, [replace(order(n), placed_at=now) for n in range(count)], digest, now)
    Worker(store, known(store), {"simulator": Quiet()}, DatabaseClock(store)).run_until_idle()
    store.close()


def test_a_version_comes_into_force_on_its_day(run: Run, lane: Path) -> None:
    result = run("deploy", lane, "--effective", "2099-01-01")
    assert "from 2099-01-01 00:00 UTC on" in result.output
    rows = json.loads(run("versions", "--dir", lane, "--format", "json").output)
    assert [(row["version"], row["in_force"], row["running_orders"], row["note"]) for row in rows] == [
        (1, True, 50, ["the first"]),
        (2, False, 0, None),
    ]
    assert run("work", "--once", "--dir", lane).exit_code == 0  # which does not bring it forward
    assert [each.in_force for each in versions(store_of(lane))] == [True, False]
    assert run("deploy", lane).exit_code == 0
    assert [each.in_force for each in versions(store_of(lane))] == [False, True]


def test_what_does_not_compile_is_not_deployed(run: Run, lane: Path) -> None:
    (lane / "processes/sale.yaml").write_text("kind: process\nname: sale\nfor: order\nsteps: []\n")
    assert run("deploy", lane).exit_code == 1
    assert len(versions(store_of(lane))) == 1
    assert run("deploy", lane, "--effective", "soon").exit_code != 0


def test_the_whole_way(run: Run, lane: Path) -> None:
    run("deploy", lane)
    shown = run("migrate", "--from", 1, "--to", 2, "--dir", lane)
    assert shown.exit_code == 1
    assert "sale     check          10  no place  there is no such step any more, and none that does the same" in shown.output
    assert "sale     approve        10  agree     does the same" in shown.output
    assert "30 of 50 orders can go, 20 stay" in shown.output
    assert "no place for whoever stands at sale / check, sale / pack" in shown.output
    refused = run("migrate", "--from", 1, "--to", 2, "--apply", "--dir", lane)
    assert refused.exit_code == 1 and "no place" in refused.output
    assert [each.running for each in versions(store_of(lane))] == [50, 0]
    with_map = run("migrate", "--from", 1, "--to", 2, "--map", lane / "map.yaml", "--dir", lane)
    assert with_map.exit_code == 0 and "50 of 50 orders can go" in with_map.output
    assert "settle, entered anew" in with_map.output
    some = ("--cohort", "channel=web", "--cohort", "first=4")
    moved = run("migrate", "--from", 1, "--to", 2, "--map", lane / "map.yaml", *some, "--apply", "--dir", lane)
    assert moved.output.startswith("migration 1: 4 orders moved") and moved.exit_code == 0
    rest = run("migrate", "--from", 1, "--to", 2, "--map", lane / "map.yaml", "--apply", "--dir", lane, "--format", "json")
    assert json.loads(rest.output) == {"migration": 2, "moved": 46, "stay": []}
    back = run("migrate", "--undo", 2, "--dir", lane)
    assert back.output.startswith("migration 2: 46 orders brought back")
    assert [each.running for each in versions(store_of(lane))] == [46, 4]
    again = run("migrate", "--undo", 2, "--dir", lane)
    assert again.exit_code == 2 and "migration 2 was taken back at " in again.output
    none = run("migrate", "--from", 1, "--to", 2, "--map", lane / "map.yaml", "--cohort", "channel=fax", "--apply", "--dir", lane)
    assert (none.exit_code, none.output) == (0, "no running order is to be moved; nothing was done\n")
    assert run("audit", "--again", "--dir", lane).exit_code == 0


@pytest.mark.parametrize(
    ("options", "because"),
    [
        (("--from", "1"), "name the versions"),
        (("--from", "1", "--to", "v9"), "there is no version v9"),
        (("--from", "1", "--to", "1"), "the same version"),
        (("--from", "1", "--to", "2", "--cohort", "colour=red"), "--cohort colour"),
        (("--from", "1", "--to", "2", "--cohort", "first=few"), "a number of orders"),
        (("--undo", "7"), "there is no migration 7"),
    ],
)
def test_wrong_use(run: Run, lane: Path, options: tuple[str, ...], because: str) -> None:
    run("deploy", lane)
    result = run("migrate", *options, "--dir", lane)
    assert result.exit_code == 2 and because in result.output


def test_a_map_at_fault_says_where(run: Run, lane: Path) -> None:
    run("deploy", lane)
    (lane / "map.yaml").write_text(MAP.replace("label", "lable"))
    result = run("migrate", "--from", 1, "--to", 2, "--map", lane / "map.yaml", "--dir", lane)
    assert result.exit_code == 1
    assert "map.yaml:3:26: error[E891]" in result.output and "did you mean label?" in result.output


def test_validate_warns_of_orders_that_would_have_no_place(run: Run, lane: Path) -> None:
    assert run("validate", lane).exit_code == 0
    result = run("validate", lane, "--store", lane / "orderloom.sqlite")
    assert result.exit_code == 1
    assert "processes/sale.yaml:2:7: warning[W890]: 10 orders stand at sale / check of version 1" in result.output


def test_a_migration_that_is_killed_goes_on(run: Run, lane: Path) -> None:
    fill(lane, 1000)
    run("deploy", lane)
    command = ["migrate", "--from", "1", "--to", "2", "--map", str(lane / "map.yaml"), "--apply", "--dir", str(lane)]
    program = "from orderloom.cli.main import main; main()"
    process = subprocess.Popen([sys.executable, "-c", program, *command], stdout=subprocess.DEVNULL)
    store, patience = store_of(lane), time.monotonic() + 60
    while versions(store)[1].running == 0 and time.monotonic() < patience:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    moved = versions(store)[1].running
    assert moved > 0
    result = run(*command)
    assert f": {1000 - moved:,} orders moved" in result.output
    assert [each.running for each in versions(store)] == [0, 1000]
    assert audit(store) == ()


def test_diff_names_a_version_and_counts_who_stands_where_it_changed(run: Run, lane: Path) -> None:
    asked = ("diff", "1", lane, "--dir", lane, "--store", lane / "orderloom.sqlite")
    result = run(*asked, "--format", "json")
    assert result.exit_code == 1, result.output
    found = json.loads(result.output)
    assert [each["process"] for each in found["processes"]] == ["sale"]
    standing = {each["step"]: each["orders"] for each in found["orders"]}
    assert standing["check"] == 10 and sum(standing.values()) == 50
    assert "step check is removed" in found["processes"][0]["changes"]
    assert "step approve is called agree now" in found["processes"][0]["changes"]
    assert "  10 orders stand at check, which changed\n" in run(*asked).output
    strange = run("diff", "77", *asked[2:])
    assert strange.exit_code == 2 and "version" in strange.output and "77" in strange.output
    for words in (("init", "-q"), ("add", "*.yaml"), ("commit", "-q", "-m", "first"), ("branch", "77")):
        who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(lane), *who, *words], check=True, capture_output=True)
    branch = run("diff", "77", *asked[2:])
    assert branch.exit_code in (0, 1) and branch.output.startswith("77 -> "), branch.output
