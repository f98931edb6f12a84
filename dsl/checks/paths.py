"""Where the steps of a block lead, and how far it comes without any time: what the checks of flow ask of a block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from orderloom.dsl import graph
from orderloom.dsl.fields import Located, keys
from orderloom.dsl.graph import Block
from orderloom.dsl.nodes import Map, Node, Scalar, Seq
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import (
    AnyStep,
    ChooseStep,
    DecideStep,
    DoStep,
    EachStep,
    EndStep,
    ParallelStep,
    Process,
    RunStep,
    TellStep,
)

T = TypeVar("T")

_INSTANT = (DoStep, TellStep, ChooseStep, DecideStep)


def led(block: Block, definitions: Definitions) -> dict[int, list[int]] | None:
    """Where each step leads, by place; None where that is not known of all of them."""
    led_to: dict[int, list[int]] = {graph.OVER: []} if block.joins else {}
    led_to |= {graph.BACK - at: [] for at in range(len(block.back.steps) if block.back is not None else 0)}
    for at, step in enumerate(block.steps):
        ways = list(graph.ways(block, at, definitions))
        if any(way.target is None and way.written is not None for way in ways) or step.name is None:
            return None
        meant = (block.places[text] for text in strays(step) if text in block.places)
        idle = [graph.target(graph.main_way(step), block, None)] if graph.idle_next(step, definitions) else []
        targets = (*(way.target for way in ways), *idle)
        led_to[at] = [*(target for target in targets if target is not None), *meant]
    return led_to if block.steps and len(block.steps) == _written_steps(block) else None


def _written_steps(block: Block) -> int:
    return len(block.written.items) if isinstance(block.written, Seq) else 0


def closure(starts: Iterable[T], led_to: Mapping[T, Iterable[T]]) -> set[T]:
    """All that can be reached from the starts, the starts included."""
    seen: set[T] = set()
    waiting = list(starts)
    while waiting:
        at = waiting.pop()
        if at not in seen:
            seen.add(at)
            waiting += led_to[at]
    return seen


def strays(step: AnyStep) -> list[str]:
    """Texts below keys that do not belong there: they may be steps that the analyst wants to go to."""
    declared = {key.text for key in keys(step.__class__)}
    return [text for entry in step.read_from.entries if entry.key.text not in declared for text in _texts(entry.value)]


def _texts(node: Node) -> Iterator[str]:
    match node:
        case Scalar(text):
            yield text
        case Map(entries):
            for entry in entries:
                yield from _texts(entry.value)
        case Seq(items):
            for item in items:
                yield from _texts(item)


def instantly(step: AnyStep, definitions: Definitions, running: tuple[str, ...] = ()) -> bool:
    """Whether the step may go on without any time; `running` are the processes around it."""
    match step:
        case EachStep():
            return True  # the list may be empty
        case ParallelStep():
            passed = [graph.OVER in _at_once(block, definitions, running) for block in graph.blocks_of(step)]
            return bool(passed) and sum(passed) >= joined(step)
        case RunStep(run=Located(name)) if name not in running and name in (known := definitions.of_kind(Process)):
            return _ends_at_once(next(graph.blocks(known[name])), definitions, (*running, name))
        case _:
            return isinstance(step, _INSTANT)


def joined(step: ParallelStep) -> int:
    """How many branches must be over."""
    written = step.join.value if step.join is not None else "all"
    return written if isinstance(written, int) else 1 if written == "any" else len(step.parallel)


def _ends_at_once(block: Block, definitions: Definitions, running: tuple[str, ...]) -> bool:
    """Whether the process that the block stands in may end without any time."""
    come_to = (block.steps[at] for at in _at_once(block, definitions, running) if at != graph.OVER)
    return any(
        isinstance(step, EndStep) or any(_ends_at_once(inner, definitions, running) for inner in graph.blocks_of(step))
        for step in come_to
    )


def _at_once(block: Block, definitions: Definitions, running: tuple[str, ...]) -> set[int]:
    """The places that a block may come to without any time."""
    led_to = led(block, definitions) or {}
    swift = {at: led_to[at] if at >= 0 and instantly(block.steps[at], definitions, running) else [] for at in led_to}
    return closure([0], swift) if swift else set()
