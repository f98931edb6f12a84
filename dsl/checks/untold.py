"""Choices by what nobody has told yet: a way to them on which a form is not filled in, or a reply not given."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from orderloom.dsl import graph
from orderloom.dsl.checks.nothing import OPEN, Path, Value, is_asked_less_or_more, value_of
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.entities import SCOPES
from orderloom.dsl.feel import Scope, parse, paths_used
from orderloom.dsl.feel.types import ANY
from orderloom.dsl.fields import Located
from orderloom.dsl.forms import TRUTH
from orderloom.dsl.graph import Block
from orderloom.dsl.program import LATE
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import AnyStep, AskStep, ChooseStep, DecideStep, DoStep, Process, RunStep, TaskStep, WhenWay

_TOLD = re.compile(r"\b(answer|reply)\s*\.")
_SCOPE = Scope(dict.fromkeys(("answer", "reply", *SCOPES["process of a return"]), ANY))
_State = tuple[int, bool]  #: a place, and whether the way to it is on a condition of which nothing is known


def untold(process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    """Told only with a way that can be gone: on it at most one condition counts of which nothing is known, for two may exclude
    each other. What blocks, handlers and other processes are told may come at any time, so that fields of theirs are left out."""
    for at, step in enumerate(process.steps):
        for way in step.choose if isinstance(step, ChooseStep) else ():
            if isinstance(way, WhenWay) and way.when is not None and _TOLD.search(way.when.value):
                yield from _way(next(graph.blocks(process)), at, way.when, process, definitions)


def _way(own: Block, at: int, when: Located[str], process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    condition, _ = parse(when.value, _SCOPE)
    read = {path for path in paths_used(condition) if len(path) == 2 and path[0] in ("answer", "reply")} if condition else set()
    asked = sorted(path for path in read if _is_told_here(path, own, process, definitions))
    for nulls in dict.fromkeys((tuple(asked), *((path,) for path in asked))):
        if not nulls or condition is None or value_of(condition, nulls) is not None:
            continue
        way = _way_to(own, at, when, nulls, definitions) if is_asked_less_or_more(condition, nulls) else None
        if way is not None:
            fields = " and ".join(".".join(path) for path in nulls)
            words = f"{fields} may be null here, by {' -> '.join(way)}: then this is neither true nor false, and not taken"
            first = ".".join(nulls[0])
            yield Diagnostic("W560", words, when.span, hint=f"say what holds then: {first} != null and ..., or a way of its own")
            return


# --- who tells a field ------------------------------------------------------------------------------------------------


def _is_told_here(path: Path, own: Block, process: Process, definitions: Definitions) -> bool:
    """Whether only steps of this very block tell the field."""
    inner = [step for step in graph.every_step(process) if step not in own.steps]
    others = [each for each in definitions.of_kind(Process).values() if each is not process]
    foreign = (*inner, *(step for each in others for step in graph.every_step(each)))
    return not any(_tells(step, path, definitions) for step in foreign)


def _tells(step: AnyStep, path: Path, definitions: Definitions) -> bool:
    """Whether the field is told when the step is done."""
    if isinstance(step, TaskStep) and path[0] == "answer":
        return any(pair.key.value == path[1] and not _may_be_empty(pair.value.required) for pair in step.form)
    if isinstance(step, AskStep) and path[0] == "reply" and step.ask is not None and step.message is not None:
        message = definitions.messages(step.ask.value).get(step.message.value)
        return message is not None and any(pair.key.value == path[1] for pair in message.fields)
    return False


def _may_be_empty(required: Located[str] | None) -> bool:
    return required is not None and required.value != TRUTH[0]


# --- a way on which it is not told ------------------------------------------------------------------------------------


def _way_to(own: Block, at: int, when: Located[str], nulls: Collection[Path], definitions: Definitions) -> list[str] | None:
    """The names of the steps on a way from the first step to the condition, on which nobody tells any of the fields."""
    came: dict[_State, list[str]] = {(0, False): []}  # with the names on the way there
    waiting: list[_State] = [(0, False)]
    for state in waiting:
        place, unsure = state
        name = own.steps[place].name
        if name is None:
            continue
        if place == at and (reached := _reached(own.steps[at], when, nulls)) is not None and not (unsure and reached):
            return [*came[state], name.value]
        for after, doubtful, how in _moves(own, place, nulls, definitions):
            if after >= 0 and not (unsure and doubtful) and (after, unsure or doubtful) not in came:
                came[after, unsure or doubtful] = [*came[state], f"{name.value}{how}"]
                waiting.append((after, unsure or doubtful))
    return None


def _reached(step: AnyStep, when: Located[str], nulls: Collection[Path]) -> bool | None:
    """Whether the condition is asked only where ways above, of which nothing is known, are not taken; None where it never is."""
    unsure = False
    for way in step.choose if isinstance(step, ChooseStep) else ():
        if not isinstance(way, WhenWay) or way.when is when:
            break
        found = _value(way.when, nulls)
        if found is True:
            return None
        unsure = unsure or found is OPEN
    return unsure


def _moves(own: Block, at: int, nulls: Collection[Path], definitions: Definitions) -> Iterator[tuple[int, bool, str]]:
    """Where a step leads without telling the fields, whether that is on a condition of which nothing is known, and how."""
    step = own.steps[at]
    if isinstance(step, ChooseStep):
        yield from _chosen(step, own, nulls)
        return
    ways = [(way.outcome, way.target) for way in graph.ways(own, at, definitions) if way.target is not None]
    tells = any(_tells(step, path, definitions) for path in nulls)
    skipped = getattr(step, "when", None) is not None
    main = ("", *(graph.outcomes_of(step, definitions) or ())[:1])
    for outcome, target in ways:
        decided = isinstance(step, DecideStep) or (isinstance(step, DoStep | RunStep) and outcome not in main)
        if not tells or outcome == LATE:
            yield target, (decided and len(ways) > 1) or (skipped and outcome != ""), " (late)" if tells else ""
        elif skipped and outcome == "":
            yield target, True, " (passed over)"


def _chosen(step: ChooseStep, own: Block, nulls: Collection[Path]) -> Iterator[tuple[int, bool, str]]:
    unsure = False
    for way in step.choose:
        found = _value(way.when, nulls) if isinstance(way, WhenWay) else True
        name = way.next if isinstance(way, WhenWay) else way.otherwise
        if found is True or found is OPEN:
            unsure = unsure or found is OPEN
            if name is not None and name.value in own.places:
                yield own.places[name.value], unsure, ""
        if found is True:
            return


def _value(when: Located[str] | None, nulls: Collection[Path]) -> Value:
    condition = parse(when.value, _SCOPE)[0] if when is not None and _TOLD.search(when.value) else None
    return value_of(condition, nulls) if condition is not None else OPEN
