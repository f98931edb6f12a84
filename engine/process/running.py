"""The loop of a turn: every instance that was queued goes on, then every clock that the turn strikes is taken up."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.dsl.program import LATE, Do, Step
from orderloom.engine.effects import ClearTimer
from orderloom.engine.process.clocks import has_clock
from orderloom.engine.process.flow import enter, leave, perform
from orderloom.engine.process.following import ready
from orderloom.engine.process.holds import ask_rules, let_go
from orderloom.engine.process.standstill import stand_still
from orderloom.engine.process.tasks import close
from orderloom.engine.process.timed import ask_clocks, first_due, take_up
from orderloom.engine.process.verbs import run_verb
from orderloom.engine.state import Instance
from orderloom.engine.turn import MAIN, Turn

STEPS_A_TURN = 1000  #: no sound process enters more steps than this without waiting


def run(turn: Turn) -> None:
    """Lets every queued instance go on until all of them wait or have ended.

    One that goes round without a wait stands still by itself; the units of work that came of one share its steps, since they may
    go round by replacing each other.
    """
    steps: dict[str, int] = {}
    ask_rules(turn)
    let_go(turn)
    ask_clocks(turn)
    while turn.queue or _begun(turn) or _struck(turn):
        instance_id, step = turn.queue.pop(0)
        origin = _origin(turn, instance_id)
        steps[origin] = steps.get(origin, 0) + 1
        if steps[origin] <= STEPS_A_TURN:
            enter(turn, instance_id, step)
        else:
            instance = replace(turn.state.instances[instance_id], step=step)
            stand_still(turn, instance, f"more than {STEPS_A_TURN} steps without a wait")
        if not turn.queue:
            ask_rules(turn)
            let_go(turn)
            ask_clocks(turn)


def _struck(turn: Turn) -> bool:
    """Takes up the clocks that have run out, the first due first, until one leads on; whether any does."""
    while not turn.queue and (due := first_due(turn)) is not None:
        instance, handler = due
        if handler is None:
            turn.emit(ClearTimer(turn.key(instance)))  # it may be another's timer that was told of
            time_out(turn, instance)
        else:
            take_up(turn, instance, handler)
    return bool(turn.queue)


def _begun(turn: Turn) -> bool:
    """Queues the units of work for which everything is done now that they follow; whether there are any.

    Where that was cancelled, a person says whether there is anything left to do.
    """
    for instance, lost in list(ready(turn)):
        if lost:
            stand_still(turn, instance, f"it follows {', '.join(lost)}, which is cancelled")
        else:
            turn.queue.append((instance.id, instance.step))
    return bool(turn.queue)


def _origin(turn: Turn, instance_id: str) -> str:
    """The instance itself, or the unit of work that it goes back to."""
    unit = turn.state.units.get(instance_id)
    while unit is not None and unit.parent is not None:
        unit = turn.state.units.get(unit.parent)
    return unit.id if unit else instance_id


def time_out(turn: Turn, instance: Instance) -> None:
    """The clock of the step ran out.

    An action that waited begins anew; a pause is over; a request is repeated while `retry` allows it; else the way is `late`.
    A step without a clock waits on, whatever is told of its time.
    """
    step, waiting = turn.step(instance), instance.waiting
    if waiting is not None and waiting.kind == "task":
        _too_late(turn, instance, step)
        return
    if waiting is not None:  # it runs out once
        instance = turn.put(replace(instance, waiting=replace(waiting, due_at=None)))
    if waiting is not None and waiting.kind == "time" and isinstance(step.verb, Do):
        if instance.tries:
            perform(turn, turn.put(replace(instance, waiting=None)), step)
        else:
            turn.queue.append((instance.id, instance.step))
    elif waiting is not None and waiting.kind == "time":
        leave(turn, instance, MAIN)
    elif step.retry is not None and instance.tries < step.retry.times:
        run_verb(turn, turn.put(replace(instance, tries=instance.tries + 1)), step)
    elif has_clock(step):
        leave(turn, instance, LATE)
    else:
        turn.note(instance.id, "late", f"the time of {step.name}, which has no clock")


def _too_late(turn: Turn, instance: Instance, step: Step) -> None:
    """The time of a task is over; it stays, and is overdue, where its step has no way for that."""
    task = turn.state.tasks.get(instance.waiting.name) if instance.waiting else None
    if task is not None and LATE in step.ways:
        close(turn, task, LATE)
        leave(turn, instance, LATE)
