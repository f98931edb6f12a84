"""What a step does, and what becomes of it where that fails: it is tried again as the step says, then stands with its cause."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.dsl.program import Ask, Do, Step
from orderloom.engine.effects import ClearTimer
from orderloom.engine.errors import NoWayForward
from orderloom.engine.process.clocks import let_wait
from orderloom.engine.process.verbs import pause_before, run_verb
from orderloom.engine.state import Instance, Waiting
from orderloom.engine.turn import Turn
from orderloom.engine.words import in_words


def attempted(turn: Turn, instance: Instance, step: Step) -> str | None:
    """Runs the step's verb. Raises NoWayForward with the cause of what failed and is not tried again.

    What an action or an expression raises is foreign to the engine: all that it did in this turn is taken back.
    """
    state, stock, effects, queue = turn.state, turn.stock, len(turn.effects), list(turn.queue)
    try:
        return run_verb(turn, instance, step)
    except NoWayForward as fault:
        because = fault.because
    except Exception as fault:
        because = in_words(fault)
        turn.state, turn.stock, turn.queue = state, stock, queue
        del turn.effects[effects:]
    if isinstance(step.verb, Do) and again_later(turn, turn.state.instances[instance.id], because):
        return None
    raise NoWayForward(because + (f" (tried {instance.tries + 1} times)" if instance.tries else ""))


def again_later(turn: Turn, instance: Instance, because: str = "") -> bool:
    """Sets the clock of the step's next try; whether it has one left.

    What failed is done again then; a request that could not be delivered, or was not answered, is sent again.
    """
    step = turn.step(instance)
    retry = step.retry
    if retry is None or instance.tries >= retry.times or not isinstance(step.verb, Do | Ask):
        return False
    if instance.waiting is not None:
        turn.emit(ClearTimer(turn.key(instance)))
    acts = isinstance(step.verb, Do)
    tries = instance.tries + acts  # sending it again counts by itself
    due_at = turn.at + pause_before(retry, instance.tries + 1)
    let_wait(turn, replace(instance, tries=tries), Waiting("time" if acts else "reply"), due_at)
    if because:
        turn.note(instance.id, "failed", f"{because}; tried again")
    return True
