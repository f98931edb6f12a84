"""Decisions have rows or a value, and what these need."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.syntax import Decision

_LOGIC = ("table", "rows", "file", "value")


def shapes(decision: Decision, definitions: Definitions) -> Iterator[Diagnostic]:
    if not decision.read_from.broken:
        yield from _logic(decision)


def _logic(decision: Decision) -> Iterator[Diagnostic]:
    written = [entry for entry in decision.read_from.entries if entry.key.text in _LOGIC]
    name = decision.name.span
    if not written:
        yield Diagnostic("E850", "this decision has neither rows nor a value", name, hint=f"add one of {', '.join(_LOGIC)}")
        return
    for entry in written[1:]:
        words = f"{entry.key.text} is a second way to decide, and there is {written[0].key.text}"
        yield Diagnostic("E851", words, entry.key.span, hint="keep one of the two")
    if written[0].key.text == "value":
        for entry in decision.read_from.entries:
            if entry.key.text in ("hit", "inputs", "outputs", "allowed", "default"):
                words = f"{entry.key.text} is for tables, and this decision has a value"
                yield Diagnostic("E852", words, entry.key.span, hint="delete it")
        return
    keys = {entry.key.text for entry in decision.read_from.entries}
    if "outputs" not in keys:
        yield Diagnostic("E854", "this table does not say what it puts out", name, hint="add outputs: with each column's type")
    if "inputs" not in keys and "given" not in keys:
        yield Diagnostic(
            "E855", "this table does not say what it looks at", name, hint="add inputs: with an expression for each column"
        )
