"""Types of exceptions: each said once, of something that is raised, with options that there are."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.checks.tasks import escalations
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.exceptions import options, types_in_force
from orderloom.dsl.fields import Located
from orderloom.dsl.leaves import duration
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax.exceptions import Exceptions, ExceptionType


def exceptions(definitions: Definitions) -> Iterator[Diagnostic]:
    yield from _twice(definitions)
    known = options(definitions)
    for name, pair in types_in_force(definitions).items():
        if name not in known:
            if "process" not in definitions.lost:
                hint = hint_for(name, known) or "raise it in a process, or delete it"
                yield Diagnostic("W880", f"nothing raises the exception {name}", pair.key.span, hint=hint)
            continue
        yield from _type(pair.value, known[name])


def _twice(definitions: Definitions) -> Iterator[Diagnostic]:
    """Two documents of one origin say something of one type."""
    first: dict[tuple[str, str | None], Located[str]] = {}
    for document in definitions.of_kind(Exceptions).values():
        for pair in document.types:
            before = first.setdefault((pair.key.value, pair.key.span.source.pack), pair.key)
            if before is not pair.key:
                labels = (Label(before.span, "the first"),)
                words = f"two documents say what the exception {pair.key.value} is"
                yield Diagnostic("E880", words, pair.key.span, labels, "keep one of them")


def _type(kind: ExceptionType, known: tuple[str, ...]) -> Iterator[Diagnostic]:
    yield from escalations(kind.escalate)
    named = [pair.key for pair in kind.remedies] + ([kind.closes_as] if kind.closes_as is not None else [])
    for option in named:
        if option.value not in known:
            hint = hint_for(option.value, known) or f"its options are {', '.join(known)}"
            yield Diagnostic("E881", f"{option.value} is no option of this exception", option.span, hint=hint)
    if kind.closes_when is not None and duration(kind.closes_when.value) is not None:
        words = "an exception is not settled by time alone"
        hint = "name an event or write a condition; escalate: says where it goes after a time"
        yield Diagnostic("E882", words, kind.closes_when.span, hint=hint)
    if kind.closes_as is not None and kind.closes_when is None:
        words = "nothing says when this exception is settled by itself"
        yield Diagnostic("E883", words, kind.closes_as.span, hint="add closes-when:, or delete it")
