"""A workspace as an editor sees it: what is defined, what is wrong, and what each expression may speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from orderloom.dsl.compile import compile
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.documents import Page, read_documents
from orderloom.dsl.feel import Scope
from orderloom.dsl.feel.memo import Memo
from orderloom.dsl.known import Known
from orderloom.dsl.nodes import Scalar
from orderloom.dsl.resolve import Definitions, resolve
from orderloom.dsl.source import Source


class Whole(Struct, frozen=True):
    """`scopes` has for every expression that was read what it sees, in the order of reading."""

    files: Mapping[str, Source]
    pages: Mapping[Source, Page]
    definitions: Definitions
    found: tuple[Diagnostic, ...]
    scopes: tuple[tuple[Scalar, Scope], ...]
    memo: Memo

    def scope_at(self, source: Source, at: int) -> tuple[Scalar, Scope] | None:
        """The expression at a place with what it sees."""
        return next(((n, s) for n, s in self.scopes if n.source == source and n.start <= at <= n.end), None)


def whole(sources: Iterable[Source], known: Known) -> Whole:
    """Compiles the files, and keeps what an editor may ask."""
    sources = tuple(sources)
    found = compile(sources, known).diagnostics
    reading, _ = read_documents(sources, known.pages)
    definitions, _ = resolve(reading, sources)
    return Whole({s.path: s for s in sources}, known.pages, definitions, found, tuple(known.memo.heard), known.memo)
