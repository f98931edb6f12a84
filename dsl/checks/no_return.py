"""Hard points of no return: what may be taken back behind one can be undone, and nothing is sourced again there."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl import graph
from orderloom.dsl.actions import CANCEL_REQUESTED
from orderloom.dsl.checks.paths import closure, led
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located
from orderloom.dsl.graph import Block
from orderloom.dsl.handlers import beside, event_of_handler
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import AnyStep, AskStep, DoStep, Process, RunStep, TakeBackStep, TellStep


def no_return(process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    yield from _undoable(process, definitions)
    yield from _sourced_again(process, definitions)


# --- sourced again ---------------------------------------------------------------------------------------------------


def _sourced_again(process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    """What has no other source is cancelled, which behind a point nobody may do, nor a block, nor a process that is run."""
    told: set[int] = set()
    every = list(graph.blocks(process))
    for block in every:
        for at, step in enumerate(block.steps):
            for name, point in _points(step, definitions, ()):
                for again in _behind(block, at, every, definitions):
                    if id(again) in told:
                        continue
                    told.add(id(again))
                    words = f"behind {name} there is no return, and what has no other source would be cancelled here"
                    labels = (Label(point.span, "the point of no return"),)
                    yield Diagnostic("E537", words, again.span, labels, "source again before that point, or make it soft")


def _behind(block: Block, at: int, every: list[Block], definitions: Definitions) -> Iterator[Located[str]]:
    """What sources again behind a step that went its main way: in its block, and behind the steps that hold that."""
    led_to = led(block, definitions)
    if led_to is None:
        return
    for place in sorted(closure(_main(block, at, definitions), led_to)):
        if place >= 0 and place != at:
            yield from _sources_again(block.steps[place], definitions, ())
    for around in every if block.holder is not None and not block.label else ():
        if block.holder in around.steps:
            yield from _behind(around, around.steps.index(block.holder), every, definitions)


def _sources_again(step: AnyStep, definitions: Definitions, running: tuple[str, ...]) -> Iterator[Located[str]]:
    """Where the step does so: itself, in one of its blocks, or by the process that it runs."""
    if isinstance(step, DoStep) and step.do is not None and step.do.value == "source-again":
        yield step.do
    for inner in _within(step):
        yield from _sources_again(inner, definitions, running)
    if (called := _called(step, definitions, running)) is not None and isinstance(step, RunStep):
        inside = (*running, called.name.value)
        if any(True for each in graph.every_step(called) for _ in _sources_again(each, definitions, inside)):
            yield step.run


def _points(step: AnyStep, definitions: Definitions, running: tuple[str, ...]) -> Iterator[tuple[str, Located[str]]]:
    """The hard point that the step is; of one that runs a process those of that."""
    point = _hard(step)
    if point is not None and step.name is not None:
        yield step.name.value, point
    if (called := _called(step, definitions, running)) is not None:
        for inner in graph.every_step(called):
            yield from _points(inner, definitions, (*running, called.name.value))


def _called(step: AnyStep, definitions: Definitions, running: tuple[str, ...]) -> Process | None:
    """The process that the step runs, unless one runs itself."""
    if not isinstance(step, RunStep) or step.run is None or step.run.value in running:
        return None
    return definitions.of_kind(Process).get(step.run.value)


def _within(step: AnyStep) -> Iterator[AnyStep]:
    for block in graph.blocks_of(step):
        yield from block.steps


# --- taken back ------------------------------------------------------------------------------------------------------


def _undoable(process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    """What may be taken back behind a point must be undoable, step by step."""
    own = next(graph.blocks(process))
    led_to = led(own, definitions)
    if led_to is None:
        return
    taking = _places_of_take_back(process, own, led_to)
    for at, step in enumerate(own.steps):
        point = _hard(step)
        if point is None:
            continue
        behind = closure(_main(own, at, definitions), led_to)
        for place in sorted(place for place in behind if place >= 0 and place != at):
            after = own.steps[place]
            back = closure(_main(own, place, definitions), led_to) & taking
            if _acts(after) and back and getattr(after, "undo", None) is None:
                witness = f"{step.name.value}, {after.name.value}, {_names(own, min(back))}"
                labels = (Label(point.span, f"behind this point of {step.name.value}"),)
                words = f"{after.name.value} cannot be undone, and it may be taken back: {witness}"
                yield Diagnostic("E530", words, after.name.span, labels, "add `undo`, or lead no way from here to `take-back`")


def _main(own: Block, at: int, definitions: Definitions) -> set[int]:
    """Where a step leads that went its main way, and so is done."""
    main = ("", *(graph.outcomes_of(own.steps[at], definitions) or ("",))[:1])
    ways = graph.ways(own, at, definitions)
    return {way.target for way in ways if way.outcome in main and way.target is not None}


def _places_of_take_back(process: Process, own: Block, led_to: dict[int, list[int]]) -> set[int]:
    """The places from which what was done may be taken back: steps that do so, or that a handler may interrupt which does."""
    found = {at for at, step in enumerate(own.steps) if isinstance(step, TakeBackStep)}
    interrupting = (handler for handler in process.handlers if not beside(handler) and handler.when is None)
    others = [each for each in interrupting if (on := event_of_handler(each)) is None or on.value != CANCEL_REQUESTED]
    if any(isinstance(step, TakeBackStep) for handler in others for step in handler.steps):
        return set(led_to)
    return found


def _names(own: Block, at: int) -> str:
    return own.steps[at].name.value if at >= 0 else "a handler"


def _hard(step: AnyStep) -> Located[str] | None:
    point = getattr(step, "point", None)
    return point if point is not None and point.value == "hard" else None


def _acts(step: AnyStep) -> bool:
    return isinstance(step, DoStep | AskStep | TellStep)
