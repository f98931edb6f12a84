"""What a file has, as a tree of names: documents, and within a process its steps."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from orderloom.dsl.documents import Document, Page
from orderloom.dsl.fields import Located, Pair, Syntax, keys
from orderloom.dsl.source import Span


class Part(Struct, frozen=True):
    """A named part; `detail` says what it is, `span` is all of it, `name_span` its name."""

    name: str
    detail: str
    span: Span
    name_span: Span
    parts: tuple[Part, ...] = ()


def outline(page: Page) -> tuple[Part, ...]:
    return tuple(_document(document) for document in page.documents)


def _document(document: Document) -> Part:
    name = document.name
    return Part(name.value, document.kind, document.body.span, name.span, tuple(_parts(document.body, document.name)))


def _parts(section: Syntax, own: Located[str] | None) -> Iterator[Part]:
    """The sections below one that have a name, by their first key or by the key that leads to them."""
    for key in keys(section.__class__):
        value = getattr(section, key.attribute)
        for item in value if isinstance(value, tuple) else (value,):
            yield from _part(item, key.text, own)


def _part(item: object, what: str, own: Located[str] | None) -> Iterator[Part]:
    if isinstance(item, Pair):
        inner = tuple(_inner(item.value))
        span = Span(item.key.span.source, item.key.span.start, max([item.key.span.end, *(part.span.end for part in inner)]))
        body = item.value.span if isinstance(item.value, Syntax | Located) else span
        yield Part(item.key.value, what, Span(span.source, span.start, max(span.end, body.end)), item.key.span, inner)
    elif isinstance(item, Syntax):
        first = next((getattr(item, key.attribute) for key in keys(item.__class__)), None)
        if isinstance(first, Located) and isinstance(first.value, str) and first is not own:
            marked = next((key.text for key in keys(item.__class__) if key.marks), what)
            yield Part(first.value, marked, item.span, first.span, tuple(_parts(item, first)))
        else:
            yield from _parts(item, own)


def _inner(value: object) -> Iterator[Part]:
    if isinstance(value, Syntax):
        yield from _parts(value, None)
    elif isinstance(value, tuple):
        for each in value:
            yield from _part(each, "", None)
