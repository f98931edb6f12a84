from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from orderloom.dsl.codes import Example, Page, explain, pages
from orderloom.dsl.compile import Compiled
from orderloom.dsl.syntax.scenario import COMMANDS

DSL = Path(__file__).parents[2] / "dsl"
COMPILED = [page for page in pages().values() if page.bad.language != "text"]


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    raised = {code for path in DSL.rglob("*.py") for code in re.findall(r'"([EW]\d{3})"', path.read_text(encoding="utf-8"))}
    assert raised == set(pages())


def test_a_page_has_all_its_parts() -> None:
    headings = sum(path.read_text(encoding="utf-8").count("\n## ") for path in (DSL / "pages").glob("*.md"))
    assert headings == len(pages())


def test_a_page_as_text() -> None:
    text = explain(pages()["E006"])
    assert text.startswith("E006: A tab indents a line\n\nYAML knows only spaces")
    assert "    hours:\n    \tmon-sun: 00:00-24:00" in text


ALONE = {"W410", "W413", "W670"}  #: a rule, a message, or a process without its pack's steps that stands alone in its example


@pytest.mark.parametrize("page", COMPILED, ids=lambda page: page.code)
def test_the_bad_example_is_bad(page: Page, compile_file: Callable[[str], Compiled], document: Callable[[Example], str]) -> None:
    said = {d.code for d in compile_file(document(page.bad)).diagnostics}
    assert page.code in said
    assert said <= {page.code, *ALONE}


@pytest.mark.parametrize("page", COMPILED, ids=lambda page: page.code)
def test_the_good_example_is_good(
    page: Page, compile_file: Callable[[str], Compiled], document: Callable[[Example], str]
) -> None:
    if page.good.language != "text":
        said = {d.code for d in compile_file(document(page.good)).diagnostics}
        assert said <= (ALONE - {page.code})


def test_the_page_of_unknown_commands_names_all() -> None:
    assert " ".join(pages()["E870"].why.split()) == f"In `when` things happen: {', '.join(COMMANDS)}."
