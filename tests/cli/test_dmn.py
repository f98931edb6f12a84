"""Decisions out of a model and back into one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from orderloom.dsl.dmn import dmn_import

Run = Callable[..., Result]
MODELS = Path(__file__).parents[1] / "dsl" / "dmn"


def test_a_model_goes_into_a_workspace_and_out_again(run: Run, shop: Path) -> None:
    result = run("dmn", "import", MODELS / "boxes.dmn", "-o", shop / "rules")
    assert result.exit_code == 0
    assert result.output == f"wrote {shop}/rules/boxes.yaml\n"
    assert "error" not in run("validate", shop / "rules" / "boxes.yaml").output.replace("0 errors", "")
    assert run("dmn", "export", "total", "--dir", shop, "-o", "out/total.dmn").exit_code == 0
    documents, problems = dmn_import(Path("out/total.dmn").read_text())
    assert problems == ()
    assert {document.name for document in documents} == {"handling-fee", "zone-rate", "total"}  # with what it calls


def test_an_import_prints_yaml(run: Run) -> None:
    output = run("dmn", "import", MODELS / "surcharge.dmn").output
    assert output.startswith("kind: decision\nname: surcharge\n")
    assert "allowed: {weight: '> 0'}" in output


def test_what_cannot_be_taken_over_is_told_and_the_rest_is_written(run: Run, tmp_path: Path) -> None:
    model = tmp_path / "model.dmn"
    model.write_text(
        '<definitions><decision name="a"><literalExpression><text>1</text></literalExpression></decision>'
        '<decision name="b"><decisionTable hitPolicy="BEST"/></decision></definitions>'
    )
    result = run("dmn", "import", model, "-o", tmp_path)
    assert result.exit_code == 1
    assert "decision b: error[E863]: there is no hit policy best; one of: unique" in result.output
    assert "name: a\n" in (tmp_path / "model.yaml").read_text()


def test_a_file_that_is_there_stays(run: Run, tmp_path: Path) -> None:
    assert run("dmn", "import", MODELS / "loan.dmn", "-o", tmp_path).exit_code == 0
    again = run("dmn", "import", MODELS / "loan.dmn", "-o", tmp_path)
    assert (again.exit_code, "is there already" in again.output) == (2, True)


def test_wrong_files_and_names(run: Run, tmp_path: Path) -> None:
    (tmp_path / "picture.dmn").write_bytes(b"\xff\xfe\x00")
    assert run("dmn", "import", tmp_path / "picture.dmn").exit_code == 2
    (tmp_path / "flow.dmn").write_text("<bpmn/>")
    assert run("dmn", "import", tmp_path / "flow.dmn").exit_code == 1
    result = run("dmn", "export", "parcel-zon")
    assert (result.exit_code, "did you mean parcel-zone?" in result.output) == (2, True)
