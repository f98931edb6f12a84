"""Whatever waits is ended by somebody or by a clock, and a clock within another is the shorter one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from orderloom.dsl import graph
from orderloom.dsl.actions import EVENTS
from orderloom.dsl.checks.paths import led
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located
from orderloom.dsl.graph import Block
from orderloom.dsl.handlers import beside, event_of_handler
from orderloom.dsl.known import asked
from orderloom.dsl.nodes import Map
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import AnyStep, EachStep, OnEvent, ParallelStep, Process, RaiseStep, RunStep, WaitStep
from orderloom.dsl.syntax import Event, Monitor
from orderloom.dsl.triggers import event_of

#: Events of the engine that come for certain; the others may never.
CERTAIN = frozenset({"units-ended", "followers-ended", "transfer-received"})
_TOLD_BY = {"participants", "event", "monitor", "process"}  #: where somebody may say that an event comes
_DAY = timedelta(days=1)


def waits(process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    sure = not _TOLD_BY & definitions.lost
    every = list(graph.blocks(process))
    led_away = _handled(process, definitions) or process.name.value in _run_with_clock(definitions)
    for block in every:
        for at, step in enumerate(block.steps):
            if isinstance(step, RaiseStep):
                yield from _no_option(step)
            elif isinstance(step, WaitStep) and sure and not led_away and not _timed(block, every):
                yield from _nobody(step, block, at, definitions)
            if isinstance(step, ParallelStep | EachStep) and step.within is not None:
                yield from _longer(step, step.within)


# --- ended by somebody -----------------------------------------------------------------------------------------------


def _no_option(step: RaiseStep) -> Iterator[Diagnostic]:
    written = step.read_from.get("on")
    if isinstance(written, Map) and not written.entries and not written.broken and step.exception is not None:
        words = f"nobody can settle {step.exception.value}: it has no options"
        yield Diagnostic("E512", words, step.exception.span, hint="add to `on`: an option, and the step that it leads to")


def _nobody(step: WaitStep, block: Block, at: int, definitions: Definitions) -> Iterator[Diagnostic]:
    event = event_of(step.wait.value) if step.wait is not None else None
    if event is None or _clock(step) or step.name is None:
        return
    if any(comes(each, definitions) for each in (event, *(other.value for other in graph.other_events(step)))):
        return
    words = f"nobody sends {event}, and {step.name.value} has no clock: what comes here may stand for ever"
    path = _way_to(block, at, definitions)
    shown = f"{words} ({' > '.join(path)})" if len(path) > 1 else words
    hint = f"add within: and a way for `late`, or let a role send {event}"
    yield Diagnostic("E512", shown, step.wait.span, hint=hint)


def comes(name: str, definitions: Definitions, seen: tuple[str, ...] = ()) -> bool:
    """Whether somebody sends, raises or causes the event; one that does not exist is told elsewhere."""
    if name in definitions.events() or name in CERTAIN or name in seen:
        return True
    raising = (each.raises for each in definitions.of_kind(Monitor).values())
    if any(raised is not None and raised.event is not None and raised.event.value == name for raised in raising):
        return True
    declared = definitions.of_kind(Event).get(name)
    if declared is None:
        return name not in EVENTS
    if declared.source is not None:
        return comes(declared.source.value, definitions, (*seen, name))
    return declared.read_from.get("when") is not None


def _clock(step: AnyStep) -> bool:
    return any(step.read_from.get(key) is not None for key in ("within", "until", "due"))


def _handled(process: Process, definitions: Definitions) -> bool:
    """Whether a time, or an event that comes for certain, leads away from wherever the process stands."""
    away = [handler for handler in process.handlers if not beside(handler) and handler.read_from.get("when") is None]
    events = (event_of_handler(handler) for handler in away)
    timed = any(not isinstance(handler, OnEvent) for handler in away)
    return timed or any(on is not None and comes(on.value, definitions) for on in events)


def _timed(block: Block, every: list[Block]) -> bool:
    """Whether something around the block ends it: a clock, or a join that needs not all."""
    holder = block.holder
    if holder is None or block.label:
        return False
    join = getattr(holder, "join", None)
    if _clock(holder) or (join is not None and join.value != "all"):
        return True
    return any(_timed(around, every) for around in every if holder in around.steps)


@asked
def _run_with_clock(definitions: Definitions) -> set[str]:
    """The processes that some step runs which has a clock: it ends them."""
    steps = (step for process in definitions.of_kind(Process).values() for step in graph.every_step(process))
    return {step.run.value for step in steps if isinstance(step, RunStep) and step.run is not None and _clock(step)}


def _way_to(block: Block, at: int, definitions: Definitions) -> list[str]:
    """The names of the steps of the shortest way from the first step of the block to this one."""
    led_to: Mapping[int, list[int]] = led(block, definitions) or {}
    before: dict[int, int] = {0: 0}
    waiting = [0]
    for here in waiting:
        for target in led_to.get(here, []):
            if target >= 0 and target not in before:
                before[target] = here
                waiting.append(target)
    if at not in before:
        return []
    path = [at]
    while path[-1] != 0:
        path.append(before[path[-1]])
    return [block.steps[place].name.value for place in reversed(path) if block.steps[place].name is not None]


# --- clocks within clocks --------------------------------------------------------------------------------------------


def _longer(around: ParallelStep | EachStep, limit: Located[timedelta]) -> Iterator[Diagnostic]:
    """Days and hours are not compared: hours count while the node is open."""
    for step in _inner(around):
        within = getattr(step, "within", None)
        if within is None or step.name is None or around.name is None:
            continue
        if longer(within.value, limit.value):
            words = f"this clock of {step.name.value} never runs out: that of {around.name.value} around it does before"
            labels = (Label(limit.span, f"ends everything within {around.name.value}"),)
            yield Diagnostic("E516", words, within.span, labels, "make it shorter, or the clock around it longer")


def longer(one: timedelta, other: timedelta) -> bool:
    """Whether one clock runs out behind another that begins with it, or later."""
    return one > other and bool(one % _DAY) is bool(other % _DAY)


def _inner(step: AnyStep) -> Iterator[AnyStep]:
    for block in graph.blocks_of(step):
        for each in block.steps:
            yield each
            yield from _inner(each)
