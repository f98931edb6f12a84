"""Ways of the steps of a scope while it is put together."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from orderloom.dsl.program import Ask, Choose, Decide, Do, Raise, Step, Task, Tell


def targets_of(step: Step) -> Sequence[str]:
    """Where the ways of a step lead, each as often as one does."""
    if isinstance(step.verb, Choose):
        return [way.next for way in step.verb.ways]
    return [*step.ways.values(), *([step.next] if step.next is not None and step.next not in step.ways.values() else [])]


def led(step: Step, target: str, to: str) -> Step:
    """The step with its ways to one node leading to another."""
    verb = step.verb
    if isinstance(verb, Choose):
        verb = Choose(tuple(replace(way, next=to) if way.next == target else way for way in verb.ways))
    ways = {name: to if each == target else each for name, each in step.ways.items()}
    return replace(step, verb=verb, ways=ways, next=to if step.next == target else step.next)


def beside(step: Step, title: str) -> Do | Tell:
    """What stands in the lane of a step."""
    role = step.verb.role if isinstance(step.verb, Ask | Task | Raise | Tell) else None
    return Tell(role, title) if role else Do(title)


def question(step: Step) -> str:
    """What is asked at the gateway behind a step."""
    match step.verb:
        case Ask():
            return "reply?"
        case Task() | Raise():
            return "choice?"
        case Decide():
            return "answer?"
        case _:
            return "outcome?"
