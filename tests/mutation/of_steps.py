"""Mistakes in processes: each finds the places of a file where it can be made, as changes of its tree."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

from trees import Change, File, Node, get, lists, put, scalar, set_text, text_of
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

VERBS = ("do", "ask", "tell", "wait", "task", "choose", "decide", "raise", "end", "run", "parallel", "each", "take-back")
CLOCKS = ("within", "until", "due")


def _blocks(file: File) -> Iterator[SequenceNode]:
    """Lists of steps."""
    for document in file.documents:
        yield from (each for each in lists(document) if each.value and get(each.value[0], "step") is not None)


def _names(file: File) -> list[str]:
    return [text_of(get(step, "step")) for step in file.steps]


def _ways(file: File) -> Iterator[ScalarNode]:
    """Every written name of a step to which a way leads."""
    for step in file.steps:
        on = get(step, "on")
        yield from (value for _, value in (on.value if isinstance(on, MappingNode) else ()))
        yield from (value for value in (get(step, "next"),) if isinstance(value, ScalarNode))
        choose = get(step, "choose")
        for way in choose.value if isinstance(choose, SequenceNode) else ():
            yield from (value for value in (get(way, "next"), get(way, "otherwise")) if isinstance(value, ScalarNode))


def _others(values: list[str], but: str) -> list[str]:
    return [each for each in dict.fromkeys(values) if each != but]


def _valued(file: File, key: str) -> Iterator[ScalarNode]:
    yield from (value for step in file.steps if isinstance(value := get(step, key), ScalarNode))


def _dropped(file: File, key: str) -> Iterator[Change]:
    for step in file.steps:
        if get(step, key) is not None:
            yield lambda step=step: put(step, key, None)  # type: ignore[misc]


def _exchanged(file: File, key: str, more: tuple[str, ...] = ()) -> Iterator[Change]:
    """Another value of those that steps have here."""
    known = [*(node.value for node in _valued(file, key)), *more]
    for node in _valued(file, key):
        yield from (set_text(node, other) for other in _others(known, node.value))


def delete_step(file: File) -> Iterator[Change]:
    for block in _blocks(file):
        for at in range(len(block.value)):
            yield lambda block=block, at=at: block.value.pop(at)  # type: ignore[misc]


def swap_steps(file: File) -> Iterator[Change]:
    for block in _blocks(file):
        for at in range(len(block.value) - 1):
            yield lambda block=block, at=at: _swap(block, at)  # type: ignore[misc]


def _swap(block: SequenceNode, at: int) -> None:
    block.value[at], block.value[at + 1] = block.value[at + 1], block.value[at]


def duplicate_step(file: File) -> Iterator[Change]:
    for block in _blocks(file):
        for at in range(len(block.value)):
            yield lambda block=block, at=at: block.value.insert(at + 1, deepcopy(block.value[at]))  # type: ignore[misc]


def repeat_step(file: File) -> Iterator[Change]:
    """The step comes twice in a row, the second time by another name."""
    for block in _blocks(file):
        for at in range(len(block.value)):
            yield lambda block=block, at=at: _again(block, at)  # type: ignore[misc]


def _again(block: SequenceNode, at: int) -> None:
    copy = deepcopy(block.value[at])
    put(copy, "step", scalar(text_of(get(copy, "step")) + "-again"))
    block.value.insert(at + 1, copy)


def rename_step(file: File) -> Iterator[Change]:
    for node in _valued(file, "step"):
        yield set_text(node, f"{node.value}x")


def redirect_way(file: File) -> Iterator[Change]:
    for node in _ways(file):
        yield from (set_text(node, name) for name in _others(_names(file), node.value))


def unlink_way(file: File) -> Iterator[Change]:
    for step in file.steps:
        on = get(step, "on")
        for at in range(len(on.value) if isinstance(on, MappingNode) else 0):
            yield lambda on=on, at=at: on.value.pop(at)  # type: ignore[misc]


def swap_ways(file: File) -> Iterator[Change]:
    for step in file.steps:
        on = get(step, "on")
        if isinstance(on, MappingNode) and len({value.value for _, value in on.value}) > 1:
            yield lambda on=on: _cross(on)  # type: ignore[misc]


def _cross(on: MappingNode) -> None:
    values = [value for _, value in on.value]
    on.value = [(key, value) for (key, _), value in zip(on.value, [*values[1:], values[0]], strict=True)]


def misname_outcome(file: File) -> Iterator[Change]:
    for step in file.steps:
        on = get(step, "on")
        yield from (set_text(key, f"{key.value}d") for key, _ in (on.value if isinstance(on, MappingNode) else ()))


def delete_ways(file: File) -> Iterator[Change]:
    yield from _dropped(file, "on")


def delete_next(file: File) -> Iterator[Change]:
    yield from _dropped(file, "next")


def add_next(file: File) -> Iterator[Change]:
    for step in file.steps:
        if all(get(step, key) is None for key in ("next", "end", "choose", "raise")):
            for name in _others(_names(file), text_of(get(step, "step"))):
                yield lambda step=step, name=name: put(step, "next", scalar(name))  # type: ignore[misc]


def delete_clock(file: File) -> Iterator[Change]:
    for clock in CLOCKS:
        yield from _dropped(file, clock)


def unclock(file: File) -> Iterator[Change]:
    """The clock goes, and its way with it."""
    for step in file.steps:
        on = get(step, "on")
        if get(step, "within") is not None and isinstance(on, MappingNode) and get(on, "late") is not None:
            yield lambda step=step, on=on: _unclocked(step, on)  # type: ignore[misc]


def _unclocked(step: MappingNode, on: MappingNode) -> None:
    put(step, "within", None)
    put(on, "late", None)


def widen_clock(file: File) -> Iterator[Change]:
    yield from (set_text(node, "P300D") for node in _valued(file, "within"))


def narrow_clock(file: File) -> Iterator[Change]:
    yield from (set_text(node, "PT1M") for node in _valued(file, "within"))


def retype_verb(file: File) -> Iterator[Change]:
    pairs = {"ask": "tell", "tell": "ask", "do": "decide", "raise": "task", "wait": "do", "end": "raise"}
    for step in file.steps:
        for key, _ in step.value:
            if key.value in pairs:
                yield set_text(key, pairs[key.value])


def exchange_message(file: File) -> Iterator[Change]:
    yield from _exchanged(file, "message", ("shipped", "pick-request", "transport-request"))


def exchange_role(file: File) -> Iterator[Change]:
    for key in ("ask", "tell", "to"):
        yield from _exchanged(file, key, ("customer", "operations", "fulfiller"))


def exchange_action(file: File) -> Iterator[Change]:
    yield from _exchanged(file, "do", ("release-stock", "refund", "finish"))


def exchange_event(file: File) -> Iterator[Change]:
    yield from _exchanged(file, "wait", ("collected", "cancel-requested", "P1D"))


def exchange_decision(file: File) -> Iterator[Change]:
    for key in ("decide", "run"):
        yield from _exchanged(file, key, ("process-for-unit",))


def drop_condition(file: File) -> Iterator[Change]:
    yield from _dropped(file, "when")


def drop_status(file: File) -> Iterator[Change]:
    yield from _dropped(file, "status")


def exchange_status(file: File) -> Iterator[Change]:
    yield from _exchanged(file, "status")


def exchange_end(file: File) -> Iterator[Change]:
    yield from _exchanged(file, "end")


def drop_handler(file: File) -> Iterator[Change]:
    for document in file.documents:
        handlers = get(document, "handlers")
        for at in range(len(handlers.value) if isinstance(handlers, SequenceNode) else 0):
            yield lambda handlers=handlers, at=at: handlers.value.pop(at)  # type: ignore[misc]


def reorder_choice(file: File) -> Iterator[Change]:
    for step in file.steps:
        choose = get(step, "choose")
        for at in range(len(choose.value) - 1 if isinstance(choose, SequenceNode) else 0):
            yield lambda choose=choose, at=at: _swap(choose, at)  # type: ignore[misc]


def drop_choice(file: File) -> Iterator[Change]:
    for step in file.steps:
        choose = get(step, "choose")
        for at in range(len(choose.value) if isinstance(choose, SequenceNode) else 0):
            yield lambda choose=choose, at=at: choose.value.pop(at)  # type: ignore[misc]


def change_join(file: File) -> Iterator[Change]:
    for step in file.steps:
        if get(step, "parallel") is not None or get(step, "each") is not None:
            yield from ((lambda step=step, how=how: put(step, "join", scalar(how))) for how in ("any", "2"))  # type: ignore[misc]


def drop_branch(file: File) -> Iterator[Change]:
    for step in file.steps:
        branches = get(step, "parallel")
        for at in range(len(branches.value) if isinstance(branches, MappingNode) else 0):
            yield lambda branches=branches, at=at: branches.value.pop(at)  # type: ignore[misc]


def drop_undo(file: File) -> Iterator[Change]:
    yield from _dropped(file, "undo")


def change_point(file: File) -> Iterator[Change]:
    """A point of no return goes, is softer or harder, or stands where none was."""
    yield from _dropped(file, "point-of-no-return")
    for step in file.steps:
        if any(get(step, verb) is not None for verb in ("do", "ask", "tell", "wait")):
            yield lambda step=step: put(step, "point-of-no-return", scalar(_turned(step)))  # type: ignore[misc]


def _turned(step: MappingNode) -> str:
    return "soft" if text_of(get(step, "point-of-no-return")) == "hard" else "hard"


def change_purpose(file: File) -> Iterator[Change]:
    for document in file.documents:
        node = get(document, "for")
        if isinstance(node, ScalarNode):
            yield from (set_text(node, other) for other in _others(["order", "fulfillment", "return", "build"], node.value))


def drop_retry(file: File) -> Iterator[Change]:
    yield from _dropped(file, "retry")


def empty_block(file: File) -> Iterator[Change]:
    for block in _blocks(file):
        yield lambda block=block: block.value.clear()  # type: ignore[misc]


def wrap_in_each(file: File) -> Iterator[Change]:
    """A step is done once for every line."""
    for block in _blocks(file):
        for at, step in enumerate(block.value):
            if (
                any(get(step, verb) is not None for verb in ("do", "tell"))
                and get(step, "on") is None
                and get(step, "next") is None
            ):
                yield lambda block=block, at=at: _wrapped(block, at)  # type: ignore[misc]


def _wrapped(block: SequenceNode, at: int) -> None:
    step = block.value[at]
    around: Node = MappingNode("tag:yaml.org,2002:map", [])
    assert isinstance(around, MappingNode)
    name = text_of(get(step, "step"))
    put(around, "step", scalar(name))
    put(around, "each", scalar("order.lines"))
    put(around, "as", scalar("part"))
    put(around, "steps", SequenceNode("tag:yaml.org,2002:seq", [step]))
    put(step, "step", scalar(f"{name}-of-line"))
    block.value[at] = around
