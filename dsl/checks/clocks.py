"""Handlers on time: each may come, before a clock around its process, or another handler, ends the process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from orderloom.dsl import graph
from orderloom.dsl.checks.paths import closure, led
from orderloom.dsl.checks.unused import mentioned
from orderloom.dsl.checks.waits import longer
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located, Ref, Syntax
from orderloom.dsl.handlers import beside
from orderloom.dsl.known import asked
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import AfterTime, AnyHandler, ChooseStep, DecideStep, DoStep, EndStep, Process, RunStep, TellStep

_AT_ONCE = (DoStep, TellStep, ChooseStep, DecideStep, EndStep)


def clocks(process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    after = [each for each in process.handlers if isinstance(each, AfterTime) and each.after is not None]
    limit = _limit(process, definitions) if after else None
    for handler in after:
        if limit is not None and longer(handler.after.value, limit.value):
            words = f"this clock of {process.name.value} never runs out: that of the step around it does before"
            labels = (Label(limit.span, f"ends {process.name.value}"),)
            yield Diagnostic("E516", words, handler.after.span, labels, "make it shorter, or the clock around it longer")
    yield from _ended_before(after, process, definitions)


# --- the clocks of steps that run the process ------------------------------------------------------------------------


def _limit(process: Process, definitions: Definitions) -> Located[timedelta] | None:
    """The longest clock of a step that runs the process; None where one has none, or where it runs by itself, too."""
    name = process.name.value
    if definitions.lost or name in mentioned(definitions):
        return None
    named = _named(definitions).get(name, [])
    limits = [each.within for each in named if isinstance(each, RunStep) and each.within is not None]
    return max(limits, key=lambda limit: limit.value) if limits and len(limits) == len(named) else None


@asked
def _named(definitions: Definitions) -> Mapping[str, list[Syntax]]:
    """By process, whatever names it."""
    found: dict[str, list[Syntax]] = {}
    for document in (each for by_name in definitions.documents.values() for each in by_name.values()):
        for leaf in document.leaves:
            if leaf.type == Ref("process"):
                found.setdefault(leaf.value.value, []).append(leaf.section)
    return found


# --- handlers that end the process -----------------------------------------------------------------------------------


def _ended_before(after: list[AfterTime], process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    for handler in after:
        ending = (each for each in after if each is not handler and _ends(each, process, definitions))
        first = next((each for each in ending if longer(handler.after.value, each.after.value)), None)
        if first is not None:
            words = "the process has ended before this clock runs out"
            labels = (Label(first.after.span, "this handler ends it"),)
            yield Diagnostic("E532", words, handler.after.span, labels, "make it shorter, or give the other a condition, `when`")


def _ends(handler: AnyHandler, process: Process, definitions: Definitions) -> bool:
    """Whether the handler leads away from wherever the process stands, and from it to an end without any time."""
    if beside(handler) or handler.read_from.get("when") is not None:
        return False
    block = next(each for each in graph.blocks(process) if each.steps is handler.steps)
    led_to = led(block, definitions)
    if not led_to:
        return False
    reached = closure([0], led_to)
    steps = [block.steps[at] for at in reached if at >= 0]
    return len(steps) == len(reached) and all(isinstance(each, _AT_ONCE) for each in steps)
