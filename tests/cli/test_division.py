"""`orderloom division` and `orderloom show DIVISION`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from orderloom.cli.main import main

WORKSPACE = Path(__file__).parents[1] / "scenarios" / "divisions"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WORKSPACE, tmp_path / "company"))


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--dir", str(folder)])


def shown(folder: Path, *words: str) -> list[dict[str, str]]:
    result = run(folder, *words, "--format", "json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, str]] = json.loads(result.output)
    return found


def test_northgate_as_it_is_resolved(folder: Path) -> None:
    (floor,) = shown(folder, "show", "northgate", "promising.floor")
    assert (floor["value"], floor["set_by"], floor["at"]) == ("3", "northgate", "rules/northgate.yaml:9")
    (cancel,) = shown(folder, "show", "northgate", "changes.order.until.cancel")
    assert (cancel["value"], cancel["set_by"], cancel["at"]) == ("picked", "harbour, inherited", "rules/harbour.yaml:8")
    nodes = {row["key"]: (row["value"], row["set_by"], row["at"]) for row in shown(folder, "show", "northgate", "nodes")}
    assert nodes["nodes.without"] == ("stores", "northgate", "rules/northgate.yaml:7")


def test_northgate_follows_harbour_but_for_what_is_its_own(folder: Path) -> None:
    rules = folder / "rules" / "harbour.yaml"
    rules.write_text(rules.read_text().replace("cancel: picked", "cancel: shipped").replace("floor: 1", "floor: 2"))
    (cancel,) = shown(folder, "show", "northgate", "changes.order.until.cancel")
    (floor,) = shown(folder, "show", "northgate", "promising.floor")
    assert (cancel["value"], floor["value"]) == ("shipped", "3")


def test_everything_is_shown_with_its_place(folder: Path) -> None:
    rows = shown(folder, "show", "harbour")
    assert {row["set_by"] for row in rows} == {"harbour", "workspace"}
    for row in rows:
        path, _, line = row["at"].partition(":")
        assert (folder / path).read_text().splitlines()[int(line) - 1]


def test_what_differs(folder: Path) -> None:
    rows = shown(folder, "division", "diff", "harbour", "northgate")
    assert [(row["key"], row["harbour"], row["northgate"]) for row in rows] == [
        ("nodes.own", "DC1, S1, S2, S3", "DC3; DC1, S1, S2, S3"),
        ("promising.company.floor", "1", "3"),
        ("nodes.without", "-", "stores"),
    ]


def test_a_division_is_added_in_one_file(folder: Path) -> None:
    words = ["division", "add", "westgate", "--extends", "northgate", "--own", "DC4", "--set", "promising.floor=2"]
    result = run(folder, *words, "--set", 'sourcing.candidates.warehouses.nodes=node.type = "dc" and node.id != "DC1"')
    assert result.exit_code == 0, result.output
    text = (folder / "rules" / "westgate.yaml").read_text()
    assert len(text.splitlines()) <= 20
    assert text in result.output
    (floor,) = shown(folder, "show", "westgate", "promising.floor")
    assert (floor["value"], floor["at"]) == ("2", "rules/westgate.yaml:6")
    assert "is there already" in run(folder, *words).output
    assert [(row["division"], row["extends"]) for row in shown(folder, "division", "list")] == [
        ("harbour", None),
        ("northgate", "harbour"),
        ("westgate", "northgate"),
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "promising.flor=2"), "did you mean promising.floor?"),
        (("--extends", "nothgate"), "did you mean northgate?"),
        (("--own", "DC3"), "node DC3 has two owners"),
        (("--set", "promising.floor"), "--set takes KEY=VALUE"),
    ],
)
def test_nothing_is_written_of_what_would_be_wrong(folder: Path, words: tuple[str, ...], said: str) -> None:
    result = run(folder, "division", "add", "westgate", *words)
    assert result.exit_code in (1, 2)
    assert said in result.output
    assert not (folder / "rules" / "westgate.yaml").exists()


def test_constants_that_disagree(folder: Path) -> None:
    result = run(folder, "division", "constants", "--format", "json")
    found = json.loads(result.output)
    assert [(row["key"], row["value"], row["of"]) for row in found["divisions"]] == [
        ("changes.order.until.cancel", "packed", "workspace"),
        ("changes.order.until.cancel", "picked", "harbour"),
        ("promising.company.floor", "0", "workspace"),
        ("promising.company.floor", "1", "harbour"),
        ("promising.company.floor", "3", "northgate"),
    ]
    for name in ("harbour", "northgate"):
        rules = folder / "rules" / f"{name}.yaml"
        rules.write_text(rules.read_text().replace("promising.floor", "promising.company.floor"))
    (folder / "rules" / "more.yaml").write_text(
        "kind: promising\nname: express\nsupply: { on-hand: { trust: 0.9 } }\n"
        "services: [{ service: van, method: ship, transit days: 1 }]\n"
    )
    found = json.loads(run(folder, "division", "constants", "--format", "json").output)
    assert ("promising.supply.on-hand.trust", "0.9", "express") in [(r["key"], r["value"], r["of"]) for r in found["documents"]]


def test_who_is_not_there(folder: Path) -> None:
    assert "did you mean northgate?" in run(folder, "show", "nothgate").output
    assert "did you mean promising?" in run(folder, "show", "northgate", "promisin").output
    assert "there is no division" in run(folder, "division", "diff", "harbour", "nobody").output
