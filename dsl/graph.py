"""The ways between the steps of a process as written, with the best guess where a name is misspelt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orderloom.dsl.actions import ACTIONS
from orderloom.dsl.fields import Located, Pair
from orderloom.dsl.program import DONE, LATE
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import (
    NEXT,
    AnyStep,
    AskStep,
    ChooseStep,
    DecideStep,
    DoStep,
    EndStep,
    OtherwiseWay,
    Process,
    RaiseStep,
    TaskStep,
    WaitStep,
)
from orderloom.dsl.suggest import closest


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a step: its outcome (empty for the main way and the ways of a `choose`), and where it leads.

    `target` is None where the name is not known and nothing is near it, or where the last step goes on to nothing.
    """

    outcome: str
    written: Located[str] | None
    target: int | None


def ways_of(step: AnyStep) -> tuple[Pair[Located[str]], ...]:
    """The entries of the step's `on`."""
    return () if isinstance(step, EndStep | ChooseStep) else getattr(step, "on", ())


def outcomes_of(step: AnyStep, definitions: Definitions) -> tuple[str, ...] | None:
    """What can come out of a step, the main outcome first; None where that cannot be known."""
    match step:
        case DoStep(do=Located(value)) if value in ACTIONS:
            return ACTIONS[value].outcomes
        case AskStep(ask=Located(role), message=Located(message)) if message in definitions.messages(role):
            replies = definitions.messages(role)[message].replies
            return (*(reply.value for reply in replies), *_late(step)) or None
        case WaitStep():
            return ("", *_late(step))
        case TaskStep(on=on):
            named = tuple(pair.key.value for pair in on if pair.key.value != LATE)
            late = any(pair.key.value == LATE for pair in on) and _late(step)
            return (*(named or (DONE,)), *(late or ()))
        case _:
            return None


def _late(step: AskStep | WaitStep | TaskStep) -> tuple[str, ...]:
    """A clock is one even where its value is at fault."""
    written = step.read_from
    return (LATE,) if any(written.get(clock) is not None for clock in ("within", "until", "due")) else ()


def main_way(step: AnyStep) -> Located[str] | None:
    """The written `next` of a step."""
    return None if isinstance(step, EndStep | ChooseStep | RaiseStep) else step.next


def has_main_way(step: AnyStep, definitions: Definitions) -> bool:
    """Whether the step goes on to `next`, or to the step below, when `on` does not say otherwise."""
    if isinstance(step, EndStep | ChooseStep | RaiseStep):
        return False
    named = {pair.key.value for pair in ways_of(step)}
    outcomes = outcomes_of(step, definitions)
    if isinstance(step, DecideStep):
        return step.next is not None or step.when is not None or step.on == ()
    if leaves(step):
        return False
    return step.when is not None or not outcomes or outcomes[0] not in named


def leaves(step: AnyStep) -> bool:
    """Whether the instance goes on in another process after the step."""
    action = ACTIONS.get(step.do.value) if isinstance(step, DoStep) and step.do is not None else None
    return action is not None and action.leaves


def ways(process: Process, at: int, definitions: Definitions) -> Iterator[Way]:
    """All ways out of the step at this place, in the order of the text."""
    step, names = process.steps[at], places(process)
    below = at + 1 if at + 1 < len(process.steps) else None
    if isinstance(step, ChooseStep):
        for way in step.choose:
            written = way.otherwise if isinstance(way, OtherwiseWay) else way.next
            yield Way("", written, target(written, names, below))
    for pair in ways_of(step):
        yield Way(pair.key.value, pair.value, target(pair.value, names, below))
    if has_main_way(step, definitions):
        yield Way("", main_way(step), target(main_way(step), names, below))


def target(written: Located[str] | None, names: Mapping[str, int], below: int | None) -> int | None:
    if written is None or written.value == NEXT:
        return below
    guess = written.value if written.value in names else closest(written.value, names)
    return names[guess] if guess is not None else None


def places(process: Process) -> Mapping[str, int]:
    """The place of each step by its name; of two with one name the first."""
    found: dict[str, int] = {}
    for at, step in enumerate(process.steps):
        if step.name is not None:
            found.setdefault(step.name.value, at)
    return found
