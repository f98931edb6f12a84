"""Texts with expressions in braces: `Order {order.id}` -> what stands there and the formulas, each typed in its scope."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.feel import Scope
from orderloom.dsl.feel.types import ContextType, ListType
from orderloom.dsl.fields import Located
from orderloom.dsl.formulas import compile_formula
from orderloom.dsl.nodes import Scalar
from orderloom.dsl.program import Formula
from orderloom.dsl.source import Span

Part = tuple[str, int, bool]  #: a part of a text, where it begins, and whether it is an expression


def compile_template(written: Located[str], scope: Scope, found: list[Diagnostic]) -> tuple[str | Formula, ...]:
    """The text in parts; what is wrong with it is told at its place."""
    parts: list[str | Formula] = []
    for text, start, is_expression in _parts(written, found):
        if not is_expression:
            parts.append(text)
            continue
        place = written.node.part(start, start + len(text))
        formula, kind = compile_formula(Located(text, _scalar(text, place)), scope, "Any", found)
        if isinstance(kind, ListType | ContextType):
            hint = 'make a text of it, as in string join(for line in order.lines return line.item.title, ", ")'
            what = "list" if isinstance(kind, ListType) else "context"
            found.append(Diagnostic("E727", f"a text cannot say a {what}", place, hint=hint))
        elif formula is not None:
            parts.append(formula)
    return tuple(parts)


def _scalar(text: str, place: Span) -> Scalar:
    return Scalar(text, place.source, place.start, place.end)


def _parts(written: Located[str], found: list[Diagnostic]) -> Iterator[Part]:
    text, at, said = written.value, 0, ""
    while at < len(text):
        here = text[at]
        if text[at : at + 2] in ("{{", "}}"):
            said, at = said + here, at + 2
        elif here == "{":
            end = _end(text, at + 1)
            if end is None or not text[at + 1 : end].strip():
                words = "this brace is not closed" if end is None else "there is no expression in these braces"
                found.append(Diagnostic("E726", words, written.node.part(at, at + 1), hint="write {order.id}, or {{ for a brace"))
                return
            yield said, 0, False
            inner = text[at + 1 : end]
            yield inner.strip(), at + 1 + len(inner) - len(inner.lstrip()), True
            said, at = "", end + 1
        else:
            said, at = said + here, at + 1
    yield said, 0, False


def _end(text: str, at: int) -> int | None:
    """Where the brace closes that was opened before; braces of contexts and in strings do not count."""
    depth, quoted = 1, False
    while at < len(text):
        here = text[at]
        if quoted:
            at += here == "\\"
            quoted = here != '"'
        elif here == '"':
            quoted = True
        else:
            depth += {"{": 1, "}": -1}.get(here, 0)
            if depth == 0:
                return at
        at += 1
    return None
