"""What the compiler has to say to the analyst: values, never exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from orderloom.dsl.source import Source, Span

Severity = Literal["error", "warning"]
UNKNOWN_KEY = "E101"  #: a key that there is not where it stands
WIDTH = 120  #: characters of a long line that an excerpt shows


class Label(Struct, frozen=True):
    """Another place that belongs to the story, such as the first of two definitions."""

    span: Span
    text: str


class Diagnostic(Struct, frozen=True):
    """One finding: a stable code of `codes.py`, words for the analyst, the exact place, and what to do about it."""

    code: str
    message: str
    span: Span
    labels: tuple[Label, ...] = ()
    hint: str = ""

    @property
    def severity(self) -> Severity:
        return "warning" if self.code.startswith("W") else "error"


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(d.severity == "error" for d in diagnostics)


def causes(found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Without what is said of a whole section of which a key is misspelt: that may be what it lacks."""
    found = tuple(found)
    keys = tuple(d.span for d in found if d.code == UNKNOWN_KEY)
    return (d for d in found if not any(_within(key, d.span) for key in keys))


def _within(span: Span, section: Span) -> bool:
    return span.source is section.source and section.start <= span.start and span.end <= section.end and span != section


def ordered(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By file, place and code; what says the same of the same place is kept once."""
    first: dict[tuple[str, int, str, str], Diagnostic] = {}
    for d in diagnostics:
        first.setdefault((d.span.path, d.span.start, d.code, d.message), d)
    return tuple(first[key] for key in sorted(first))


def render(diagnostic: Diagnostic) -> str:
    """The finding for a terminal: place, code, message, the line with carets below it, other places, hint."""
    d = diagnostic
    lines = [f"{d.span}: {d.severity}[{d.code}]: {d.message}", *_excerpt(d.span)]
    for label in d.labels:
        lines += [f"  = {label.span}: {label.text}"]
    if d.hint:
        lines += [f"  = hint: {d.hint}"]
    return "\n".join(lines)


def _excerpt(span: Span) -> list[str]:
    line, column = span.source.position(span.start)
    text = span.source.line(line)
    if not text.strip() or (not text.isprintable() and "\t" not in text):
        return []
    length = max(1, min(span.end - span.start, len(text) - column + 1))
    text, column = _window(text, column)
    margin = " " * len(str(line))
    carets = " " * (column - 1) + "^" * min(length, WIDTH)
    return [f"{margin} |", f"{line} | {text}", f"{margin} | {carets}"]


def _window(text: str, column: int) -> tuple[str, int]:
    """The part of a long line around the column, and the column in it; a tab takes one place, as carets count."""
    start = max(0, column - WIDTH // 2) if len(text) > WIDTH else 0
    return text[start : start + WIDTH].replace("\t", " ").rstrip(), column - start


def to_json(diagnostic: Diagnostic) -> dict[str, object]:
    """The finding for programs; lines and columns count from 1, an end is exclusive."""
    d = diagnostic
    labels = [{"text": label.text, **place(label.span)} for label in d.labels]
    return {"code": d.code, "severity": d.severity, "message": d.message, "hint": d.hint, **place(d.span), "labels": labels}


def place(span: Span) -> dict[str, object]:
    end_line, end_column = span.source.position(max(span.start, span.end))
    return {"path": span.path, "line": span.line, "column": span.column, "end_line": end_line, "end_column": end_column}


def at_start(source: Source) -> Span:
    """The place for what concerns a file as a whole."""
    return Span(source, 0, 0)
