"""Handlers, points of no return and what undoes a step: each has steps, can come about, and does not end what it must not."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl import graph
from orderloom.dsl.checks.paths import closure, led
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located
from orderloom.dsl.graph import Block
from orderloom.dsl.nodes import Seq
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import EVERYTHING, AnyStep, AskStep, DoStep, EndStep, Handler, Process, TakeBackStep, TellStep
from orderloom.dsl.suggest import hint_for

CANCEL = "cancel-requested"


def handlers(definitions: Definitions) -> Iterator[Diagnostic]:
    for process in definitions.of_kind(Process).values():
        yield from _handlers(process)
        for step in graph.every_step(process):
            yield from _undo(step)
            yield from _take_back(step, process)
        yield from _behind_points(process, definitions)


def _handlers(process: Process) -> Iterator[Diagnostic]:
    always: dict[str, Located[str]] = {}
    for handler in process.handlers:
        yield from _steps_of(handler.read_from.get("steps"), "this handler")
        if handler.on is None:
            continue
        yield from _cancel(handler, handler.on, process)
        first = always.get(handler.on.value)
        if first is not None:
            labels = (Label(first.span, "takes up each of them already"),)
            hint = "put it first with a condition, `when`, or delete it"
            yield Diagnostic("E532", f"no event {handler.on.value} ever comes to this handler", handler.on.span, labels, hint)
        if handler.read_from.get("when") is None:
            always.setdefault(handler.on.value, handler.on)


def _steps_of(written: object, what: str) -> Iterator[Diagnostic]:
    if isinstance(written, Seq) and not written.items:
        yield Diagnostic("E531", f"{what} has no steps", written.span, hint="write at least one")


def _cancel(handler: Handler, on: Located[str], process: Process) -> Iterator[Diagnostic]:
    """Whether an order is cancelled is for its own process to say, and for one way on alone."""
    if on.value != CANCEL or process.purpose is None:
        return
    if process.purpose.value != "order":
        words = f"{CANCEL} comes to the order's process alone"
        yield Diagnostic("E533", words, on.span, hint="say with `undo` what is to be undone of a unit of work")
    elif graph.beside(handler) and handler.beside is not None:
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


# --- points of no return ---------------------------------------------------------------------------------------------


def _behind_points(process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    """What may be taken back behind a hard point of no return must be undoable, step by step; nothing is sourced again there."""
    own = next(graph.blocks(process))
    led_to = led(own, definitions)
    if led_to is None:
        return
    taking = _places_of_take_back(process, own, led_to)
    for at, step in enumerate(own.steps):
        point = getattr(step, "point", None)
        if point is None or point.value != "hard":
            continue
        behind = closure(_main(own, at, definitions), led_to)
        for place in sorted(place for place in behind if place >= 0 and place != at):
            after = own.steps[place]
            yield from _sourced_again(after, step.name, point)
            back = closure(_main(own, place, definitions), led_to) & taking
            if _acts(after) and back and getattr(after, "undo", None) is None:
                witness = f"{step.name.value}, {after.name.value}, {_names(own, min(back))}"
                labels = (Label(point.span, f"behind this point of {step.name.value}"),)
                words = f"{after.name.value} cannot be undone, and it may be taken back: {witness}"
                yield Diagnostic("E530", words, after.name.span, labels, "add `undo`, or lead no way from here to `take-back`")


def _sourced_again(after: AnyStep, passed: Located[str], point: Located[str]) -> Iterator[Diagnostic]:
    """What has no other source is cancelled, which behind the point nobody may do."""
    if isinstance(after, DoStep) and after.do is not None and after.do.value == "source-again":
        words = f"behind {passed.value} there is no return, and what has no other source would be cancelled here"
        labels = (Label(point.span, "the point of no return"),)
        yield Diagnostic("E537", words, after.do.span, labels, "source again before that point, or make it soft")


def _main(own: Block, at: int, definitions: Definitions) -> set[int]:
    """Where a step leads that went its main way, and so is done."""
    main = ("", *(graph.outcomes_of(own.steps[at], definitions) or ("",))[:1])
    ways = graph.ways(own, at, definitions)
    return {way.target for way in ways if way.outcome in main and way.target is not None}


def _places_of_take_back(process: Process, own: Block, led_to: dict[int, list[int]]) -> set[int]:
    """The places from which what was done may be taken back: steps that do so, or that a handler may interrupt which does."""
    found = {at for at, step in enumerate(own.steps) if isinstance(step, TakeBackStep)}
    interrupting = (handler for handler in process.handlers if not graph.beside(handler) and handler.when is None)
    others = [each for each in interrupting if each.on is not None and each.on.value != CANCEL]
    if any(isinstance(step, TakeBackStep) for handler in others for step in handler.steps):
        return set(led_to)
    return found


def _names(own: Block, at: int) -> str:
    return own.steps[at].name.value if at >= 0 else "a handler"


def _acts(step: AnyStep) -> bool:
    return isinstance(step, DoStep | AskStep | TellStep)
