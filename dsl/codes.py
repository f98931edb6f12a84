"""The page of every code: what it means, why it is a fault, an example of it, and the same put right.

The pages stand in `pages/`, one file for each family of codes. A code that was given out is never used for anything else.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from msgspec import Struct

_PAGE = re.compile(
    r"^## ([EW]\d{3}) (.+?)\n(.+?)\n\nbad\n(```\w+\n.*?\n```)\ngood\n(```\w+\n.*?\n```)$", re.MULTILINE | re.DOTALL
)


class Example(Struct, frozen=True):
    """A text in `yaml` (a file, or the steps of a process), `feel` (an expression), or `text` (words, where no text will do)."""

    language: str
    text: str


class Page(Struct, frozen=True):
    code: str
    title: str
    why: str
    bad: Example
    good: Example


@cache
def pages() -> dict[str, Page]:
    """Every code with its page, in the order of the families."""
    folder = files("orderloom.dsl") / "pages"
    texts = (entry.read_text(encoding="utf-8") for entry in sorted(folder.iterdir(), key=lambda entry: entry.name))
    found = (_page(match) for text in texts for match in _PAGE.finditer(text))
    return {page.code: page for page in found}


def explain(page: Page) -> str:
    """The page as text for a terminal."""
    return "\n\n".join(
        (
            f"{page.code}: {page.title}",
            page.why,
            f"Not so:\n\n{_indented(page.bad.text)}",
            f"But so:\n\n{_indented(page.good.text)}",
        )
    )


def _page(match: re.Match[str]) -> Page:
    code, title, why, bad, good = match.groups()
    return Page(code, title, why.strip(), _example(bad), _example(good))


def _example(fenced: str) -> Example:
    opening, _, rest = fenced.partition("\n")
    return Example(opening.removeprefix("```"), rest.removesuffix("\n```"))


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))
