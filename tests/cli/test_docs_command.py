"""`orderloom docs`: a book is written, and nothing else is written over."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from orderloom.cli.main import main


def test_a_book_is_written_and_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        result = CliRunner().invoke(main, ["docs"])
        assert result.exit_code == 0, result.output
    assert (tmp_path / "book" / "process" / "ship-to-customer.html").is_file()
    assert f"wrote {sum(each.is_file() for each in (tmp_path / 'book').rglob('*'))} files" in result.output


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.txt").write_text("mine")
    result = CliRunner().invoke(main, ["docs", "-o", "."])
    assert result.exit_code == 2 and "something else than a book" in result.output
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_a_book_of_another_program_is_left_alone(tmp_path: Path) -> None:
    for name in ("index.html", "book.css"):
        (tmp_path / name).write_text("mine")
    result = CliRunner().invoke(main, ["docs", str(tmp_path.parent), "-o", str(tmp_path)])
    assert result.exit_code == 2 and "something else than a book" in result.output
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"index.html": "mine", "book.css": "mine"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["graph"], "name a process"),
        (["graph", "--decisions", "--format", "bpmn"], "orderloom dmn export"),
        (["graph", "ship-to-custmer", "--format", "bpmn"], "did you mean ship-to-customer"),
    ],
)
def test_what_cannot_be_drawn_is_told(arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2 and said in result.output


def test_every_form_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for form, begins in (("svg", "<svg"), ("bpmn", "<?xml"), ("mermaid", "---")):
        assert CliRunner().invoke(main, ["graph", "backorder", "--format", form]).output.startswith(begins)
    for form, begins in (("svg", "<svg"), ("mermaid", "flowchart TD")):
        assert CliRunner().invoke(main, ["graph", "--decisions", "--format", form]).output.startswith(begins)
