"""A fix: what an author would write to put a finding right, as edits of texts."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from orderloom.dsl.source import Source, Span


class Edit(Struct, frozen=True):
    """In the place of `span` stands `text`; an empty span is a place to write at."""

    span: Span
    text: str


class Fix(Struct, frozen=True):
    """`title` says what it does. One that `loses` takes away what somebody wrote: it is offered, and never made unasked."""

    title: str
    edits: tuple[Edit, ...]
    loses: bool = False


def edited(text: str, edits: Iterable[Edit]) -> str:
    """A text with edits made in it, none of which overlap."""
    for edit in sorted(edits, key=lambda each: (each.span.start, each.span.end), reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def made(sources: Iterable[Source], fixes: Iterable[Fix]) -> tuple[Source, ...]:
    """The files with fixes made in them."""
    by_path: dict[str, list[Edit]] = {}
    for fix in fixes:
        for edit in fix.edits:
            by_path.setdefault(edit.span.path, []).append(edit)
    return tuple(_with(source, by_path[source.path]) if source.path in by_path else source for source in sources)


def _with(source: Source, edits: list[Edit]) -> Source:
    mark = b"\xef\xbb\xbf" if source.content.startswith(b"\xef\xbb\xbf") else b""
    return Source(source.path, mark + edited(source.text, edits).encode(), source.pack)


def overlap(one: Fix, other: Fix) -> bool:
    """Whether two fixes cannot be made at once."""
    return any(_meet(a.span, b.span) for a in one.edits for b in other.edits)


def _meet(one: Span, other: Span) -> bool:
    return one.path == other.path and one.start <= other.end and other.start <= one.end


def replacing(span: Span, text: str) -> Fix | None:
    """Another text in the place of one; none where it is the same."""
    if span.text == text:
        return None
    return Fix(f"write {text} in place of {_short(span.text)}", (Edit(span, text),))


def writing(source: Source, at: int, text: str) -> Fix:
    """A text in a place where nothing stands."""
    return Fix(f"write {_short(text)}", (Edit(Span(source, at, at), text),))


def deleting(span: Span, loses: bool = False) -> Fix:
    return Fix(f"delete {_short(span.text)}", (Edit(span, ""),), loses)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:37] + "..."
