"""The events for which a step waits: the one that leads the main way on, and others with ways of their own."""

from __future__ import annotations

from orderloom.dsl.program import LATE, Step, Wait
from orderloom.engine.state import Instance
from orderloom.engine.turn import MAIN, Turn


def awaited(step: Step) -> dict[str, str]:
    """The outcome that each event has for the step, the main one first; none where it waits for no event."""
    if not isinstance(step.verb, Wait) or step.verb.event is None:
        return {}
    return {step.verb.event: MAIN} | {name: name for name in step.ways if name not in (MAIN, LATE, step.verb.event)}


def outcome_of(turn: Turn, instance: Instance, event: str) -> str | None:
    """The outcome that the event has for the instance; None where it does not wait for it."""
    if instance.waiting is None or instance.waiting.kind != "event":
        return None
    return awaited(turn.step(instance)).get(event)
