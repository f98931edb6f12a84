"""A workspace as an editor sees it: what is defined, what is wrong, and what each expression may speak of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.compile import compile
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.documents import Page
from orderloom.dsl.feel import Function, Scope
from orderloom.dsl.feel.memo import Memo
from orderloom.dsl.known import Known
from orderloom.dsl.nodes import Scalar
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.source import Source


class Whole(Struct, frozen=True):
    """`scopes` has by file what each expression in it sees, in the order of reading; `functions` are those that all may call."""

    files: Mapping[str, Source]
    pages: Mapping[Source, Page]
    definitions: Definitions
    found: tuple[Diagnostic, ...]
    scopes: Mapping[Source, list[tuple[Scalar, Scope]]]
    functions: Mapping[str, Function]
    memo: Memo

    def scope_at(self, source: Source, at: int) -> tuple[Scalar, Scope] | None:
        """The expression at a place with what it sees."""
        found = next(((n, s) for n, s in self.scopes.get(source, ()) if n.start <= at <= n.end), None)
        return (found[0], replace(found[1], functions=self.functions)) if found is not None else None


def whole(sources: Iterable[Source], known: Known) -> Whole:
    """Compiles the files, and keeps what an editor may ask."""
    sources = tuple(sources)
    found = compile(sources, known).diagnostics
    scopes: dict[Source, list[tuple[Scalar, Scope]]] = {}
    for written, scope in known.memo.heard:
        scopes.setdefault(written.source, []).append((written, scope))
    return Whole({s.path: s for s in sources}, known.pages, known.definitions, found, scopes, known.functions, known.memo)
