"""Events that come before anything waits for them."""

from __future__ import annotations

from orderloom.dsl.program import Process, Program, Run
from orderloom.engine.awaited import awaited
from orderloom.engine.events import Happened
from orderloom.engine.process.following import tells_a_state
from orderloom.engine.state import Instance
from orderloom.engine.turn import Turn


def kept(turn: Turn, instance: Instance, event: Happened) -> bool:
    """Keeps an event for the part that may come to wait for it; whether any may. What tells a state is seen then by itself."""
    if not instance.process or not _may_wait(turn.process(instance), event.name, turn.world.program):
        return False
    if not tells_a_state(event.name):
        turn.keep(instance.id, (*turn.state.early.get(instance.id, ()), event))
    return True


def _may_wait(process: Process, event: str, program: Program) -> bool:
    """Whether some step waits for the event, of the process or of one that it runs."""
    if any(event in awaited(step) for step in process.steps.values()):
        return True
    verbs = [step.verb for step in process.steps.values()]
    return any(isinstance(verb, Run) and _may_wait(program.processes[verb.process], event, program) for verb in verbs)
