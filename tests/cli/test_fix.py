from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from orderloom.cli.main import main

ROOT = Path(__file__).parents[2]
MANIFEST = "orderloom: 1\nworkspace: shop\npacks: [retail]\ncurrency: USD\ntimezone: UTC\n"
SERVICE = """\
# who gets what
kind: decision
name: sourcing-for-order   # asked by the engine
hit: first
inputs:  { tier: order.custmer.tier }
outputs: { sourcing: name of sourcing }
table: |
  tier   || sourcing
  "gold" || "fewest-shipmnts"
  -      || "cheapst"
"""
RIGHT = SERVICE.replace("custmer", "customer").replace("shipmnts", "shipments").replace("cheapst", "cheapest")


def run(*args: object) -> Result:
    return CliRunner().invoke(main, ["validate", *map(str, args)])


@pytest.fixture(name="shop")
def _shop(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "orderloom.yaml").write_text(MANIFEST)
    (tmp_path / "rules" / "service.yaml").write_text(SERVICE)
    return tmp_path


def test_what_is_misspelt_is_put_right_and_the_rest_of_the_file_stays(shop: Path) -> None:
    done = run("--fix", shop)
    assert (done.exit_code, done.stdout) == (0, "0 errors, 0 warnings\n")
    assert (shop / "rules" / "service.yaml").read_text() == RIGHT
    assert done.stderr.splitlines()[-1] == "3 put right"
    assert "rules/service.yaml:5:24: E402: there is no field custmer: write customer in place of custmer" in done.stderr


def test_without_it_nothing_is_written_and_how_many_there_are_is_told(shop: Path) -> None:
    done = run(shop)
    assert done.exit_code == 1
    assert done.output.splitlines()[-1] == "3 of them can perhaps be put right: orderloom validate --fix"
    assert (shop / "rules" / "service.yaml").read_text() == SERVICE


def test_only_the_files_that_are_named_are_written(shop: Path) -> None:
    (shop / "rules" / "other.yaml").write_text("kind: decision\nname: other\nvalue: order.totl\n")
    done = run("--fix", shop / "rules" / "other.yaml")
    assert (shop / "rules" / "other.yaml").read_text() == "kind: decision\nname: other\nvalue: order.total\n"
    assert (shop / "rules" / "service.yaml").read_text() == SERVICE
    assert "W410" in done.stdout  # nothing uses it, and to delete it is not ours


def test_a_fix_that_would_bring_another_error_is_not_made(shop: Path) -> None:
    text = "kind: decision\nname: other\nvalue: order.totl + order.channel\n"  # a number and a text
    (shop / "rules" / "other.yaml").write_text(text)
    run("--fix", shop)
    assert (shop / "rules" / "other.yaml").read_text() == text


def test_rights_of_a_file_are_kept(shop: Path) -> None:
    (shop / "rules" / "service.yaml").chmod(0o640)
    run("--fix", shop)
    assert (shop / "rules" / "service.yaml").stat().st_mode & 0o777 == 0o640
    assert not [path for path in (shop / "rules").iterdir() if path.name != "service.yaml"]


def test_a_file_outside_of_the_workspace_is_left_alone(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    out = tmp_path_factory.mktemp("elsewhere") / "out.yaml"
    (shop / "rules" / "service.yaml").rename(out)
    (shop / "rules" / "service.yaml").symlink_to(out)
    for asked in (shop, shop / "rules" / "service.yaml"):
        done = run("--fix", asked)
        assert (done.exit_code, out.read_text()) == (1, SERVICE)
        assert "service.yaml: lies outside of " in done.stderr and "0 put right" in done.stderr
    assert CliRunner().invoke(main, ["fmt", str(shop)]).exit_code == 1
    assert out.read_text() == SERVICE


def test_a_link_within_the_workspace_is_followed(shop: Path) -> None:
    (shop / "rules" / "service.yaml").rename(shop / "service.txt")
    (shop / "rules" / "service.yaml").symlink_to(shop / "service.txt")
    assert run("--fix", shop).exit_code == 0
    assert (shop / "service.txt").read_text() == RIGHT and (shop / "rules" / "service.yaml").is_symlink()


def test_a_file_that_is_not_writable_is_left_alone(shop: Path) -> None:
    (shop / "rules" / "service.yaml").chmod(0o400)
    (shop / "rules" / "other.yaml").write_text("kind: decision\nname: other\nvalue: order.totl\n")
    done = run("--fix", shop)
    assert (done.exit_code, (shop / "rules" / "service.yaml").read_text()) == (1, SERVICE)
    assert done.stderr.splitlines()[-2:] == ["rules/service.yaml: is not writable, and is left alone", "1 put right"]
    assert "order.total" in (shop / "rules" / "other.yaml").read_text()
    told = CliRunner().invoke(main, ["fmt", str(shop)])
    assert (told.exit_code, (shop / "rules" / "service.yaml").read_text()) == (1, SERVICE)
    assert "service.yaml: is not writable, and is left alone" in told.stderr


def test_programs_are_told_of_fixes(shop: Path) -> None:
    found = json.loads(run(shop, "--format", "json").output)
    edit = {"path": "rules/service.yaml", "line": 5, "column": 24, "end_line": 5, "end_column": 31, "text": "customer"}
    assert found[0]["fix"] == {"title": "write customer in place of custmer", "loses": False, "edits": [edit]}
    sarif = json.loads(run(shop, "--format", "sarif").output)["runs"][0]["results"][0]["fixes"][0]
    assert sarif["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": "customer"}
    region = {"startLine": 5, "startColumn": 24, "endLine": 5, "endColumn": 31}
    assert sarif["artifactChanges"][0]["replacements"][0]["deletedRegion"] == region


def test_every_hook_is_a_command_and_is_for_the_files_of_a_workspace(shop: Path) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert {hook["id"] for hook in hooks} == {"orderloom-fmt", "orderloom-fix", "orderloom-validate"}
    for hook in hooks:  # in their order, as pre-commit does
        named = [path for path in ("rules/service.yaml", "shop/orderloom.yaml", "docs/a.yaml") if re.search(hook["files"], path)]
        assert named == ["rules/service.yaml", "shop/orderloom.yaml"]
        _, *args = hook["entry"].split()
        assert (
            CliRunner().invoke(main, [*args, str(shop / "rules" / "service.yaml")]).exit_code == 0
        )  # the second one has mended it


def test_what_could_not_be_put_right_is_not_offered_again(tmp_path: Path) -> None:
    file = tmp_path / "tab.yaml"
    file.write_bytes(b'kind: holds\nname: t\norder:\n\ta:\n\t\tbecause: "x\n')
    done = run("--fix", file)
    assert "error[E006]" in done.output and "0 put right" in done.stderr and "can perhaps" not in done.output
