"""Every outcome has a way out, every step is reached, from every step an end is reached, and no loop runs without waiting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from orderloom.dsl import graph
from orderloom.dsl.actions import ACTIONS
from orderloom.dsl.checks.paths import closure, instantly, led, strays
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import keys
from orderloom.dsl.graph import Block
from orderloom.dsl.nodes import Map, Scalar, Seq
from orderloom.dsl.program import LATE
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.source import Span
from orderloom.dsl.steps import (
    AnyStep,
    ChooseStep,
    DecideStep,
    DoStep,
    EndStep,
    OtherwiseWay,
    Process,
)
from orderloom.dsl.suggest import closest, hint_for
from orderloom.dsl.syntax import Decision


def flow(process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    """Where an outcome has no way, that way may be the one to a step that none leads to, which then is not told."""
    if not process.steps and not process.read_from.broken:
        yield from _empty(process)
    for block in graph.blocks(process):
        yield from _block(block, process, definitions)


def _block(block: Block, process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    missing = False
    for at, step in enumerate(block.steps):
        told = tuple(_outcomes(step, definitions))
        missing = missing or any(d.code == "E501" for d in told)
        yield from told
        yield from _two_ways(step, definitions)
        yield from _purpose(step, process)
        yield from _last(block, at, definitions)
        if isinstance(step, ChooseStep):
            yield from _otherwise(step)
    own = block.holder is None and not block.label
    also = graph.led_back_to(process, definitions) if own and process.handlers else set[int]()
    yield from (d for d in _paths(block, also, definitions) if not (missing and d.code == "E503"))


def _empty(process: Process) -> Iterator[Diagnostic]:
    written = process.read_from.get("steps")
    if isinstance(written, Seq) and not written.items:
        yield Diagnostic("E511", "this process has no steps", written.span, hint="write at least a step that ends")


def _outcomes(step: AnyStep, definitions: Definitions) -> Iterator[Diagnostic]:
    outcomes = _possible(step, definitions)
    if outcomes is None:
        return
    named = {pair.key.value: pair.key for pair in graph.ways_of(step)}
    known = [outcome for outcome in outcomes if outcome]
    misspelt = {closest(name, known) for name in named if name not in known}
    for name, key in named.items():
        if name not in known:
            yield Diagnostic("E502", f"{name} cannot come out of this step", key.span, hint=_outcome_hint(name, known))
    for outcome in outcomes[1:]:
        if outcome not in named and outcome not in misspelt:
            words = f"the outcome {outcome} of this step has no way out"
            yield Diagnostic("E501", words, _verb(step), hint=f"add to `on`: {outcome}: and the step that it leads to")


def _two_ways(step: AnyStep, definitions: Definitions) -> Iterator[Diagnostic]:
    """Of `next` and the way of the main outcome only one is taken."""
    if not graph.idle_next(step, definitions):
        return
    outcome = (graph.outcomes_of(step, definitions) or ("",))[0]
    named = next(pair for pair in graph.ways_of(step) if pair.key.value == outcome)
    written = graph.main_way(step)
    assert written is not None, "a next that is never taken is written"
    words = f"{outcome} leads to {named.value.value} and to {written.value} at once"
    yield Diagnostic("E514", words, written.span, (Label(named.value.span, "the way that is taken"),), "delete one of them")


def _possible(step: AnyStep, definitions: Definitions) -> tuple[str, ...] | None:
    """The outcomes, the main one first; those of a `decide` have no main one."""
    if not isinstance(step, DecideStep):
        return graph.outcomes_of(step, definitions)
    if step.decide is None or step.decide.value not in definitions.of_kind(Decision):
        return None
    outputs = definitions.of_kind(Decision)[step.decide.value].outputs
    values = tuple(value.value for value in outputs[0].value.values) if len(outputs) == 1 else ()
    if not values:
        return None
    open_ended = graph.has_main_way(step, definitions)
    return ("", *(v for v in values if not open_ended or v in {pair.key.value for pair in step.on}))


def _outcome_hint(name: str, known: list[str]) -> str:
    if name == LATE:
        return "`late` needs a clock: add within: and a duration"
    return hint_for(name, known) or ("" if known else "this step has one way on: next")


def _verb(step: AnyStep) -> Span:
    """The place of the word that says what the step does."""
    marked = next(key for key in keys(step.__class__) if key.marks)
    entry = next((entry for entry in step.read_from.entries if entry.key.text == marked.text), None)
    return entry.value.span if entry is not None and isinstance(entry.value, Scalar) else _place(step)


def _purpose(step: AnyStep, process: Process) -> Iterator[Diagnostic]:
    if not isinstance(step, DoStep) or step.do is None or process.purpose is None or step.do.value not in ACTIONS:
        return
    for_order = ACTIONS[step.do.value].purpose == "order"
    if ACTIONS[step.do.value].purpose == "return" and process.purpose.value not in ("return", "repair"):
        words = f"{step.do.value} is an action for what comes back"
        yield Diagnostic("E509", words, step.do.span, hint=f"this process is for: {process.purpose.value}")
    elif for_order != (process.purpose.value == "order"):
        words = f"{step.do.value} is an action for {'the order' if for_order else 'a unit of work'}"
        yield Diagnostic("E509", words, step.do.span, hint=f"this process is for: {process.purpose.value}")


def _otherwise(step: ChooseStep) -> Iterator[Diagnostic]:
    """The last way, and only the last, is `otherwise`."""
    for way in step.choose[:-1]:
        if isinstance(way, OtherwiseWay):
            yield Diagnostic("E507", "no way behind `otherwise` is ever taken", way.span, hint="put it last")
    if not step.choose or not isinstance(step.choose[-1], OtherwiseWay):
        place = step.choose[-1].span if step.choose else _place(step)
        words = "when no condition is true there is no way on"
        yield Diagnostic(
            "E508", words, _first_key(step.choose[-1].read_from) if step.choose else place, hint="add - otherwise: STEP"
        )


def _last(block: Block, at: int, definitions: Definitions) -> Iterator[Diagnostic]:
    step = block.steps[at]
    if block.joins or at + 1 < len(block.steps) or graph.main_way(step) is not None or strays(step):
        return
    if graph.has_main_way(step, definitions):
        yield Diagnostic("E504", "nothing follows this step", _place(step), hint="add next: STEP, or a step below that ends")


def _paths(block: Block, also: set[int], definitions: Definitions) -> Iterator[Diagnostic]:
    """Reachability, told only where every way is known or can be guessed; handlers lead to `also`."""
    led_to = led(block, definitions)
    if led_to is None:
        return
    yield from _unreachable(block, also, led_to)
    yield from _endless(block, led_to)
    yield from _waitless(block, led_to, definitions)


def _unreachable(block: Block, also: set[int], led_to: Mapping[int, Iterable[int]]) -> Iterator[Diagnostic]:
    """Of steps that only lead to each other the first is told."""
    reached = closure([0, *also], led_to)
    lost = [at for at in led_to if at not in reached and at >= 0]
    followers = {target for at in lost for target in led_to[at] if target != at}
    for at in sorted(lost, key=lambda at: (at in followers, at)):
        if at not in reached:
            reached |= closure([at], led_to)
            name = block.steps[at].name
            yield Diagnostic("E503", f"no way leads to the step {name.value}", name.span, hint="lead a way to it, or delete it")


def _endless(block: Block, led_to: Mapping[int, list[int]]) -> Iterator[Diagnostic]:
    """An end of the process may stand in a block that a step holds."""
    reached = closure([0], led_to)
    back: dict[int, list[int]] = {at: [] for at in led_to}
    for at, targets in led_to.items():
        for target in targets:
            back[target].append(at)
    ends = [at for at in led_to if not led_to[at] or (at >= 0 and _holds_end(block.steps[at]))]
    ending = closure(ends, back)
    for at in led_to:
        if at in reached and at not in ending:
            ending |= closure([at], led_to) | closure([at], back)
            name = block.steps[at].name
            yield Diagnostic(
                "E505", f"from the step {name.value} no end can be reached", name.span, hint="lead a way to a step that ends"
            )


def _holds_end(step: AnyStep) -> bool:
    return any(isinstance(inner, EndStep) or _holds_end(inner) for block in graph.blocks_of(step) for inner in block.steps)


def _waitless(block: Block, led_to: Mapping[int, Iterable[int]], definitions: Definitions) -> Iterator[Diagnostic]:
    """A circle of steps that take no time would run for ever at once."""
    instant = {at for at in led_to if at >= 0 and instantly(block.steps[at], definitions)}
    among = {at: [target for target in led_to[at] if target in instant] for at in instant}
    behind = {at: closure(among[at], among) for at in instant}
    told: set[int] = set()
    for at in sorted(instant):
        circle = {other for other in behind[at] if at in behind[other]}
        if at in circle and at not in told:
            told |= circle
            name = block.steps[at].name
            words = f"the steps {', '.join(_name(block, other) for other in sorted(circle))} go round without ever waiting"
            yield Diagnostic("E506", words, name.span, hint="put a wait, an ask or a raise into the circle")


def _name(block: Block, at: int) -> str:
    return block.steps[at].name.value


def _place(step: AnyStep) -> Span:
    return step.name.span if step.name is not None else _first_key(step.read_from)


def _first_key(node: Map) -> Span:
    return node.entries[0].key.span if node.entries else node.span
