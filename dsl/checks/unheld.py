"""A process that takes the place of another is stopped by the holds that stopped that one, or it is told that it is not."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl import graph
from orderloom.dsl.checks.holds import AnyHold, holds_of
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.documents import Document
from orderloom.dsl.fields import Located
from orderloom.dsl.nodes import Map, Node
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.source import Span
from orderloom.dsl.steps import DoStep, Process


def unheld(definitions: Definitions) -> Iterator[Diagnostic]:
    """Told where it can be mended: at the process in force. What stops nothing of any process any more is an error."""
    if {"process", "holds"} & definitions.lost:
        return
    known = holds_of(definitions)
    for before in (*definitions.replaced, *definitions.overridden):
        now = definitions.documents[before.kind][before.name.value]
        if not (isinstance(before.body, Process) and isinstance(now.body, Process) and now.body.steps):
            continue
        for pair in known.values():
            inherited = before in definitions.overridden or pair.key.span.source.pack is not None
            where = _stop(pair, before.body) if inherited else None
            if where is not None and _stop(pair, now.body) is None:
                yield _told(pair, where, now, definitions)


def _stop(pair: AnyHold, process: Process) -> Located[str] | None:
    """What the hold names of the process: the first of its entries that a step answers to."""
    names: set[str] = set()
    for step in graph.every_step(process):
        if step.name is not None:
            names |= {step.name.value, f"{process.name.value}.{step.name.value}"}
        if isinstance(step, DoStep) and step.do is not None:
            names.add(step.do.value)
    return next((blocked for blocked in pair.value.blocks if blocked.value in names), None)


def _told(pair: AnyHold, where: Located[str], now: Document, definitions: Definitions) -> Diagnostic:
    hold, process, step = pair.key.value, now.name.value, where.value.rpartition(".")[2]
    nowhere = all(_stop(pair, each) is None for each in definitions.of_kind(Process).values())
    words = f"nothing stops for the hold {hold} any more" if nowhere else f"the hold {hold} stops nothing of {process}"
    labels = (Label(where.span, f"without this it stops {process} at {step}"),)
    mine = f"set the blocks of {hold} too" if definitions.overridden else f"let a hold {hold} of your own name what it blocks"
    hint = f"call the step {step} at which it is to stop, or {mine}"
    return Diagnostic("E670" if nowhere else "W670", words, _place(now), labels, hint)


def _place(document: Document) -> Span:
    """The name of the process; of one of which a division sets a part that part."""
    written = document.body.read_from
    entries: tuple[Node, ...] = tuple(entry.key for entry in written.entries) if isinstance(written, Map) else ()
    values = (*entries, *(leaf.value.node for leaf in document.leaves))
    own = next((node.span for node in values if not _within(node, written)), None)
    return own or document.name.span


def _within(node: Node, other: Node) -> bool:
    return node.source is other.source and other.start <= node.start < other.end
