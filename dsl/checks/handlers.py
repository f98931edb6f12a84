"""Handlers, and what undoes a step: each has steps, can come about, and does not end what it must not."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl import graph
from orderloom.dsl.actions import CANCEL_REQUESTED
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located
from orderloom.dsl.handlers import beside, event_of_handler
from orderloom.dsl.nodes import Seq
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import EVERYTHING, AnyHandler, AnyStep, EndStep, Process, TakeBackStep
from orderloom.dsl.suggest import hint_for


def handlers(process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    yield from _handlers(process)
    for step in graph.every_step(process):
        yield from _undo(step)
        yield from _take_back(step, process)


def _handlers(process: Process) -> Iterator[Diagnostic]:
    always: dict[str, Located[str]] = {}
    for handler in process.handlers:
        yield from _steps_of(handler.read_from.get("steps"), "this handler")
        on = event_of_handler(handler)
        if on is None:
            continue
        yield from _cancel(handler, on, process)
        first = always.get(on.value)
        if first is not None:
            labels = (Label(first.span, "takes up each of them already"),)
            hint = "put it first with a condition, `when`, or delete it"
            yield Diagnostic("E532", f"no event {on.value} ever comes to this handler", on.span, labels, hint)
        if handler.read_from.get("when") is None:
            always.setdefault(on.value, on)


def _steps_of(written: object, what: str) -> Iterator[Diagnostic]:
    if isinstance(written, Seq) and not written.items:
        yield Diagnostic("E531", f"{what} has no steps", written.span, hint="write at least one")


def _cancel(handler: AnyHandler, on: Located[str], process: Process) -> Iterator[Diagnostic]:
    """Whether an order is cancelled is for its own process to say, and for one way on alone."""
    if on.value != CANCEL_REQUESTED or process.purpose is None:
        return
    if process.purpose.value != "order":
        words = f"{CANCEL_REQUESTED} comes to the order's process alone"
        yield Diagnostic("E533", words, on.span, hint="say with `undo` what is to be undone of a unit of work")
    elif beside(handler) and handler.beside is not None:
        words = "what is done about a request to cancel is done instead of everything else"
        yield Diagnostic("E533", words, handler.beside.span, hint="delete `beside`")


# --- what undoes a step ----------------------------------------------------------------------------------------------


def _undo(step: AnyStep) -> Iterator[Diagnostic]:
    undo = getattr(step, "undo", None)
    if undo is None or undo.read_from.broken:
        return
    ways = [entry for entry in undo.read_from.entries if entry.key.text in ("do", "steps")]
    if len(ways) != 1:
        words = "what undoes this step is either an action or a block of steps"
        yield Diagnostic("E534", words, ways[1].key.span if ways else undo.span, hint="write do: or steps:")
    yield from _steps_of(undo.read_from.get("steps"), "what undoes this step")
    for block in graph.undoing(step):
        for inner in block.steps:
            if isinstance(inner, EndStep | TakeBackStep) or graph.leaves(inner):
                words = "what undoes a step ends with its last step, and then the next is undone"
                yield Diagnostic(
                    "E535", words, inner.name.span if inner.name is not None else inner.span, hint="delete this step"
                )


def _take_back(step: AnyStep, process: Process) -> Iterator[Diagnostic]:
    if not isinstance(step, TakeBackStep) or step.take_back is None:
        return
    can = {
        each.name.value for each in graph.every_step(process) if each.name is not None and getattr(each, "undo", None) is not None
    }
    since = step.take_back.value
    if since != EVERYTHING and since not in can:
        words = f"no step {since} of this process can be undone"
        yield Diagnostic(
            "E536", words, step.take_back.span, hint=hint_for(since, {EVERYTHING, *can}) or "give the step an `undo`"
        )
