"""Everything that has a page: the documents of a workspace and the roles that stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from orderloom.dsl.fields import Located, Syntax
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.source import Source

ROLE, SCENARIO = "role", "scenario"


class Thing(Struct, frozen=True, eq=False):
    """Something with a name of its own: `start` and `end` are where it stands in its file, `page` is its file in the book."""

    kind: str
    name: str
    title: str
    body: Syntax
    source: Source
    start: int
    end: int
    page: str

    @property
    def place(self) -> str:
        return f"{self.source.path}:{self.source.position(self.start)[0]}"

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end].rstrip()


def things(definitions: Definitions) -> tuple[Thing, ...]:
    """All of them, by kind in the order of the language, then by name.

    Of a workspace its own scenarios alone: those of its packs speak of definitions that it may have replaced.
    """
    taken: set[str] = set()
    found = []
    for kind, name, body in _defined(definitions):
        page = _page(kind, name.value, taken)
        title = getattr(body, "title", None)
        span = body.span
        words = str(title.value) if isinstance(title, Located) else name.value
        found.append(Thing(kind, name.value, words, body, span.source, span.start, span.end, page))
    return tuple(found)


def _defined(definitions: Definitions) -> Iterator[tuple[str, Located[str], Syntax]]:
    manifest = definitions.manifest
    of_pack = manifest.span.source.pack if manifest is not None else None
    for kind, by_name in definitions.documents.items():
        for name in sorted(by_name):
            if kind != SCENARIO or of_pack is not None or by_name[name].name.span.source.pack is None:
                yield kind, by_name[name].name, by_name[name].body
    for name in sorted(definitions.roles):
        yield ROLE, definitions.roles[name].key, definitions.roles[name].value


def _page(kind: str, name: str, taken: set[str]) -> str:
    """A file for it, which no other has on a disk that tells no capitals from small letters."""
    plain = re.sub(r"[^\w.-]", "-", name)
    page, at = f"{kind}/{plain}.html", 1
    while page.lower() in taken:
        at += 1
        page = f"{kind}/{plain}-{at}.html"
    taken.add(page.lower())
    return page
