"""init, validate, test, graph, explain."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from orderloom.dsl.packs import packs

Run = Callable[..., Result]
Program = Callable[..., subprocess.CompletedProcess[str]]


def test_a_new_workspace_is_clean_and_its_scenarios_pass(run: Run, shop: Path) -> None:
    checked, tested = run("validate", shop), run("test", shop)
    assert (checked.exit_code, checked.output) == (0, "0 errors, 0 warnings\n")
    assert tested.exit_code == 0
    assert "4 of 4 scenarios passed" in tested.output


def test_a_new_workspace_takes_its_folders_name(shop: Path) -> None:
    assert "workspace: shop" in (shop / "orderloom.yaml").read_text()


def test_init_overwrites_nothing(run: Run, shop: Path) -> None:
    before = (shop / "rules" / "sourcing.yaml").read_text()
    assert run("init", shop).exit_code == 2
    assert (shop / "rules" / "sourcing.yaml").read_text() == before


@pytest.mark.parametrize("pack", packs())
def test_every_pack_has_a_workspace_to_start_from(run: Run, pack: str) -> None:
    for command in (("init", "own", "--pack", pack), ("validate", "own"), ("test", "own"), ("validate", "--pack", pack)):
        result = run(*command)
        assert result.exit_code == 0, result.output


def test_the_retail_pack_is_clean(run: Run) -> None:
    result = run("validate", "--pack", "retail")
    assert (result.exit_code, result.output) == (0, "0 errors, 0 warnings\n")


@pytest.fixture
def broken(shop: Path) -> Path:
    """The workspace with two mistakes in one file."""
    path = shop / "processes" / "pick-up-in-store.yaml"
    path.write_text(path.read_text().replace("unit.quantity = 0", "unit.quantty = 0").replace("ask: fulfiller", "ask: fulfler"))
    return shop


def test_every_mistake_is_told_with_its_place(run: Run, broken: Path) -> None:
    result = run("validate", broken)
    assert result.exit_code == 1
    assert "processes/pick-up-in-store.yaml:15:10" in result.output
    assert "did you mean fulfiller?" in result.output
    assert "did you mean quantity?" in result.output
    assert "^^^" in result.output


def test_findings_for_programs(run: Run, broken: Path) -> None:
    found = json.loads(run("validate", broken, "--format", "json").output)
    assert {finding["path"] for finding in found} == {"processes/pick-up-in-store.yaml"}
    sarif = json.loads(run("validate", broken, "--format", "sarif").output)
    assert sarif["version"] == "2.1.0"
    assert [result["ruleId"] for result in sarif["runs"][0]["results"]] == [finding["code"] for finding in found]
    lines = run("validate", broken, "--format", "github").output.splitlines()
    assert len(lines) == len(found)
    assert all(line.startswith("::error file=processes/pick-up-in-store.yaml,line=") for line in lines)


def test_findings_of_the_files_that_are_named(run: Run, broken: Path) -> None:
    assert run("validate", broken / "rules" / "sourcing.yaml").exit_code == 0
    assert run("validate", broken / "processes" / "pick-up-in-store.yaml").exit_code == 1


def test_a_file_in_no_workspace_is_checked_on_top_of_the_pack(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "lone.yaml"
    path.write_text("kind: process\nname: wave\ntitle: Wave\nfor: order\nsteps:\n  - step: wave\n    tell: custmer\n")
    result = run("validate", "lone.yaml")
    assert result.exit_code == 1
    assert "lone.yaml:7:11" in result.output
    assert "did you mean customer?" in result.output


@pytest.mark.parametrize("content", [b"", b"\x00\x01\xff", "größe: ü".encode("latin-1"), b"\tkind: process", b"x" * 11_000_000])
def test_no_file_is_too_odd_to_be_told(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.yaml").write_bytes(content)
    result = run("validate", "odd.yaml")
    assert result.exit_code == 1, result.output
    assert "odd.yaml:1:" in result.output


def test_other_commands_show_the_findings_too(run: Run, broken: Path) -> None:
    result = run("test", broken)
    assert result.exit_code == 1
    assert "did you mean quantity?" in result.output


def test_a_scenario_that_fails_says_what_is_and_what_should_be(run: Run, shop: Path) -> None:
    path = shop / "scenarios" / "pickup.yaml"
    path.write_text(path.read_text().replace("order.status: delivered", "order.status: lost"))
    result = run("test", shop)
    assert result.exit_code == 1
    assert "order.status: expected lost, found delivered" in result.output
    [failed] = [row for row in json.loads(run("test", shop, "--format", "json").output)["scenarios"] if not row["passed"]]
    assert failed["name"] == "collected in time"


def test_what_no_scenario_exercised_is_named(run: Run, shop: Path) -> None:
    lines = run("test", shop, "--missed").output.splitlines()
    assert any(line.endswith(" steps exercised") for line in lines)
    assert any("processes/pick-up-in-store.yaml" in line and "shortage" in line for line in lines)


def test_only_some_scenarios(run: Run, shop: Path) -> None:
    assert "1 of 1 scenarios passed" in run("test", shop, "--only", "nobody comes").output


def test_a_rule_that_is_changed_changes_what_it_says(run: Run, shop: Path) -> None:
    path = shop / "rules" / "sourcing.yaml"
    path.write_text(path.read_text().replace("shipments: 2", "shipments: 1"))
    assert "3 of 4 scenarios passed" in run("test", shop).output


def test_pictures(run: Run, shop: Path) -> None:
    assert run("graph", "pick-up-in-store", "--dir", shop).output.startswith('---\ntitle: "Buy online, pick up in store within')
    assert run("graph", "ship-to-customer", "--format", "svg", "-o", shop / "ship.svg").exit_code == 0
    assert (shop / "ship.svg").read_text().startswith("<svg")


def test_an_unknown_process_is_told_with_the_closest_name(run: Run) -> None:
    assert "did you mean ship-to-customer?" in run("graph", "ship-to-custmer").output


def test_pages_of_codes(run: Run) -> None:
    assert run("explain", "e101").output.startswith("E101: ")
    assert json.loads(run("explain", "E101", "--format", "json").output)["code"] == "E101"


def test_output_that_is_piped_is_plain(program: Program, shop: Path) -> None:
    for args in (("validate", shop), ("test", shop), ("graph", "pick-up-in-store"), ("explain", "E101")):
        done = program(*args)
        assert (done.returncode, done.stderr) == (0, "")
        assert "\x1b" not in done.stdout


def test_a_text_that_selects_no_scenario_is_wrong_use(run: Run, shop: Path) -> None:
    result = run("test", shop, "--only", "zzz")
    names = [scenario["name"] for scenario in json.loads(run("test", shop, "--format", "json").output)["scenarios"]]
    assert result.exit_code == 2
    assert all(name in result.output for name in names)
    assert f"did you mean {names[0]}?" in run("test", shop, "--only", f"{names[0]}x").output


@pytest.mark.parametrize("half", ["rules/retail", "processes/retail"])
def test_the_folder_of_a_shipped_pack_is_checked_as_the_pack(run: Run, half: str) -> None:
    result = run("validate", Path(__file__).parents[2] / half)
    assert (result.exit_code, result.output) == (0, "0 errors, 0 warnings\n")


def test_an_adapter_that_is_not_installed_is_told_with_its_place(run: Run, shop: Path) -> None:
    (shop / "rules" / "partners.yaml").write_text(
        "kind: participants\nname: partners\norganizations:\n"
        '  - name: own-dcs\n    roles: [fulfiller]\n    operates: node.type = "dc"\n    connect: { adapter: filez }\n'
    )
    result = run("validate", shop)
    assert (result.exit_code, result.stdout) == (1, "0 errors, 0 warnings\n")
    assert result.stderr.startswith("rules/partners.yaml:4: no adapter 'filez' is installed; did you mean files?")
    assert run("validate", shop / "rules" / "sourcing.yaml").exit_code == 0
