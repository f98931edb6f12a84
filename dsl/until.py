"""`until` in tables of changes: in which statuses something is refused because a status was reached."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl import graph
from orderloom.dsl.checks.paths import closure, led
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.fields import Located, Pair
from orderloom.dsl.formulas import origin
from orderloom.dsl.graph import Block
from orderloom.dsl.known import asked
from orderloom.dsl.program.changes import Until
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import AnyStep, Process
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax.changes import WHATS


def strange_until(until: tuple[Pair[Located[str]], ...], known: tuple[str, ...]) -> Iterator[Diagnostic]:
    """What is limited that cannot be changed, or by a status that there is not; `known` are all there are."""
    for pair in until:
        if pair.key.value not in WHATS:
            words = f"{pair.key.value} is nothing that can be changed"
            yield Diagnostic("E905", words, pair.key.span, hint=hint_for(pair.key.value, WHATS))
        if pair.value.value not in known:
            words = f"nothing ever has the status {pair.value.value}"
            yield Diagnostic("E905", words, pair.value.span, hint=hint_for(pair.value.value, known))


def lowered_until(until: tuple[Pair[Located[str]], ...], definitions: Definitions) -> dict[str, Until]:
    """The limits by what they limit."""
    return {
        pair.key.value: Until(pair.value.value, behind(definitions, pair.value.value), origin(pair.value.span)) for pair in until
    }


@asked
def behind(definitions: Definitions, status: str) -> dict[str, frozenset[str]]:
    """By process the statuses that come after one."""
    after = {name: frozenset(_after(each, status, definitions)) for name, each in definitions.of_kind(Process).items()}
    return {name: those for name, those in after.items() if those}


def _after(process: Process, status: str, definitions: Definitions) -> set[str]:
    """The statuses of a process that nothing has before it had this one, and this one; none where it never has it."""
    own, *others = graph.blocks(process)
    sets = [status in _statuses(step) for step in own.steps]
    if not any(sets):
        return set()
    led_to = led(own, definitions) or {}
    before = closure([0], {at: [] if at >= 0 and sets[at] else to for at, to in led_to.items()})
    reached = {name for at in before if at >= 0 and not sets[at] for name in _statuses(own.steps[at])}
    anytime = {name for block in others if block.label for step in block.steps for name in _statuses(step)}
    every = {name for step in graph.every_step(process) for name in _own(step)}
    return every - reached - anytime | {status}


def _own(step: AnyStep) -> set[str]:
    return {step.status.value} if step.status is not None else set()


def _statuses(step: AnyStep) -> set[str]:
    """The status that a step sets, and those of the steps in it."""
    found = _own(step)
    inner: list[Block] = list(graph.blocks_of(step))
    while inner:
        block = inner.pop()
        for each in block.steps:
            found |= _own(each)
            inner += graph.blocks_of(each)
    return found
