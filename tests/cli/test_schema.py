from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from jsonschema import Draft7Validator

from orderloom.cli.main import main


def run(*args: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["schema", *args])
    return done.exit_code, done.output


def test_one_schema_is_printed_for_all_kinds() -> None:
    code, printed = run()
    assert code == 0
    schema = Draft7Validator(json.loads(printed))
    assert schema.is_valid({"kind": "calendar", "name": "a", "timezone": "UTC", "hours": {"mon": "08:00-17:00"}})
    assert not schema.is_valid({"kind": "calendar", "nam": "a", "timezone": "UTC", "hours": {"mon": "08:00-17:00"}})
    assert schema.is_valid({"orderloom": 1, "workspace": "shop", "currency": "USD", "timezone": "UTC"})


def test_a_schema_goes_into_a_file(tmp_path: Path) -> None:
    assert run("process", "-o", str(tmp_path / "p.json")) == (0, "")
    assert json.loads((tmp_path / "p.json").read_text())["$ref"] == "#/$defs/steps.Process"


def test_one_that_is_misspelt_is_told() -> None:
    assert run("proces") == (2, "Error: there is no kind proces; did you mean process?\n")
    assert json.loads(run("workspace")[1])["$ref"] == "#/$defs/workspace.Manifest"
