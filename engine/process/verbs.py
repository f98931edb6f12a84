"""One small function for each verb: runs a step that was just entered, and says how it went on.

A verb returns an outcome (MAIN for the ordinary way on), or None when the instance waits, has ended, or is queued already.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import cast

from msgspec.structs import replace

from orderloom.dsl.feel import to_python
from orderloom.dsl.program import (
    Ask,
    Choose,
    Decide,
    Do,
    Each,
    End,
    Parallel,
    Raise,
    Retry,
    Run,
    Step,
    TakeBack,
    Task,
    Tell,
    Verb,
    Wait,
)
from orderloom.engine.awaited import awaited
from orderloom.engine.decisions import decide
from orderloom.engine.effects import Record, Send
from orderloom.engine.errors import NoWayForward
from orderloom.engine.moments import moment_of
from orderloom.engine.money.claims import told
from orderloom.engine.money.payments import claimed
from orderloom.engine.notifying import in_words
from orderloom.engine.process.actions import ACTIONS
from orderloom.engine.process.blocks import CHILDREN, start_child
from orderloom.engine.process.clocks import clock_from, let_wait
from orderloom.engine.process.elements import element_of, elements
from orderloom.engine.process.following import holds_already
from orderloom.engine.process.given import without
from orderloom.engine.process.issues import open_issue
from orderloom.engine.process.messages import body, recipient
from orderloom.engine.process.tasks import open_task
from orderloom.engine.process.undo import take_back
from orderloom.engine.state import Claim, Instance, Waiting
from orderloom.engine.turn import MAIN, Turn

LONGEST_PAUSE = timedelta(days=366)  #: between two tries of a step, however fast the pauses grow


def run_verb(turn: Turn, instance: Instance, step: Step) -> str | None:
    """Runs the step's verb; raises NoWayForward when the definition gives no way on for what is the case."""
    return _VERBS[type(step.verb)](turn, instance, step)


def _do(turn: Turn, instance: Instance, step: Step) -> str | None:
    return ACTIONS[cast(Do, step.verb).action](turn, instance)


def _ask(turn: Turn, instance: Instance, step: Step) -> str | None:
    verb = cast(Ask, step.verb)
    message = turn.world.program.roles[verb.role].receives[verb.message]
    claim = claimed(turn, instance, message.money, verb.role, verb.message) if message.money else None
    if message.money and claim is None:
        turn.note(instance.id, "money", f"nothing to {message.money}")
        return message.replies[0]
    reminder = f"#{instance.tries + 1}" if instance.tries else ""
    _send(turn, instance, verb.role, verb.message, turn.key(instance) + reminder, claim)
    again = pause_before(step.retry, instance.tries) if step.retry and instance.tries and step.within else step.within
    let_wait(turn, instance, Waiting("reply"), _deadline(turn, instance, again))
    return None


def _tell(turn: Turn, instance: Instance, step: Step) -> str:
    verb = cast(Tell, step.verb)
    _send(turn, instance, verb.role, verb.message, turn.key(instance))
    return MAIN


def _send(turn: Turn, instance: Instance, role: str, message: str, key: str, claim: Claim | None = None) -> None:
    unit = turn.state.units.get(instance.root)
    about = elements(turn.world.program, turn.state, instance.id)
    organization = recipient(turn.world, role, unit.node if unit else None)
    more = (told(claim, turn.state.order) if claim else {}) | in_words(turn, instance, role, message, key)
    turn.emit(Send(key, organization, role, message, body(turn.state, unit, message, about) | more))


def _pause(turn: Turn, instance: Instance, step: Step) -> str | None:
    verb = cast(Wait, step.verb)
    for event, outcome in awaited(step).items():
        if holds_already(turn.state, instance.root, event):
            return outcome
    if verb.event is not None:
        let_wait(turn, instance, Waiting("event", verb.event), clock_at(turn, instance, step))
        return None
    if verb.duration is not None:
        let_wait(turn, instance, Waiting("time"), _deadline(turn, instance, verb.duration))
        return None
    assert verb.moment is not None, "the compiler sets one of event, moment and duration"
    due = _moment(turn, instance, verb.moment(turn.context(instance.id)), step)
    if due <= turn.at:
        return MAIN
    let_wait(turn, instance, Waiting("time"), due)
    return None


def _task(turn: Turn, instance: Instance, step: Step) -> None:
    verb = cast(Task, step.verb)
    clock = _deadline(turn, instance, step.within)
    due = _moment(turn, instance, verb.due(turn.context(instance.id)), step) if verb.due is not None else None
    open_task(turn, instance, step, verb, min(filter(None, (clock, due)), default=None))


def _choose(turn: Turn, instance: Instance, step: Step) -> None:
    context = turn.context(instance.id)
    for way in cast(Choose, step.verb).ways:
        if way.when is None or way.when(context) is True:
            because = way.when.text if way.when else "otherwise"
            turn.emit(Record("choose", instance.id, way.next, str(way.origin), because))
            turn.queue.append((instance.id, way.next))
            return
    raise NoWayForward(f"no condition of step {step.name} ({step.origin}) is true")


def _decide(turn: Turn, instance: Instance, step: Step) -> str:
    decision = turn.world.program.decisions[cast(Decide, step.verb).decision]
    answer = decide(decision, turn.context(instance.id))
    turn.emit(Record("decide", instance.id, str(answer.value), answer.origin, decision.title, answer.inputs))
    if answer.value not in step.ways:
        raise NoWayForward(f"decision {decision.name} says {answer.value!r}, to which step {step.name} has no way")
    return cast(str, answer.value)


def _raise(turn: Turn, instance: Instance, step: Step) -> None:
    verb = cast(Raise, step.verb)
    options = tuple(name for name in step.ways if name != "late")
    because = instance.event.data.get("because") if instance.event is not None else None
    issue = open_issue(turn, instance, verb.exception, options, _cause(turn) or str(because or ""), verb.role)
    let_wait(turn, instance, Waiting("exception", issue.id), _deadline(turn, instance, step.within))


def _cause(turn: Turn) -> str:
    """Where sourcing has just come to less than all: the limits that clash, and what would help."""
    plans = [effect.plan for effect in turn.effects if isinstance(effect, Record) and effect.plan is not None]
    if not plans or not plans[-1].clash:
        return ""
    would_help = " or ".join(plans[-1].relaxations)
    return " and ".join(plans[-1].clash) + (f"; would help: {would_help}" if would_help else "")


def _parallel(turn: Turn, instance: Instance, step: Step) -> None:
    verb = cast(Parallel, step.verb)
    for branch in verb.branches:
        start_child(turn, instance, f"{step.name}.{branch.name}", instance.process, branch.first)
    waiting = Waiting(CHILDREN, left=verb.join or len(verb.branches))
    let_wait(turn, instance, waiting, _deadline(turn, instance, step.within))


def _each(turn: Turn, instance: Instance, step: Step) -> str | None:
    verb, context = cast(Each, step.verb), turn.context(instance.id)
    items = verb.items(context)
    if not isinstance(items, list):
        raise NoWayForward(f"step {step.name} ({step.origin}) runs for each element of a list, and its expression gives none")
    if not items:
        return MAIN
    below = f"{instance.id}/{step.name}."
    turn.change(replies=without(turn.state.replies, below), answers=without(turn.state.answers, below))
    lines = cast(dict[str, object], context["order"])["lines"]
    for number, found in enumerate([element_of(item, lines) for item in items], 1):
        start_child(turn, instance, f"{step.name}.{number}", instance.process, verb.first, found)
    waiting = Waiting(CHILDREN, left=min(verb.join or len(items), len(items)))
    let_wait(turn, instance, waiting, _deadline(turn, instance, step.within))
    return None


def _run(turn: Turn, instance: Instance, step: Step) -> None:
    process = turn.world.program.processes[cast(Run, step.verb).process]
    start_child(turn, instance, step.name, process.name, process.first)
    let_wait(turn, instance, Waiting(CHILDREN, left=1), _deadline(turn, instance, step.within))


def _end(turn: Turn, instance: Instance, step: Step) -> None:
    turn.put(replace(instance, ended=cast(End, step.verb).outcome))


def _deadline(turn: Turn, instance: Instance, within: timedelta | None) -> datetime | None:
    """When a step's clock runs out, on the calendar of the unit's node; the order itself has the days of its workspace."""
    if within is None:
        return None
    return clock_from(turn, instance.root, turn.at, within)


def pause_before(retry: Retry, tries: int) -> timedelta:
    """How long to wait before a step is tried again for the nth time."""
    seconds = Decimal(retry.every.total_seconds()) * retry.backoff ** (tries - 1)
    return timedelta(seconds=float(min(seconds, Decimal(LONGEST_PAUSE.total_seconds()))))


def clock_at(turn: Turn, instance: Instance, step: Step) -> datetime | None:
    """When the clock of a step would run out that began now; None where it has none."""
    deadline = step.verb.deadline if isinstance(step.verb, Wait) else None
    by = _moment(turn, instance, deadline(turn.context(instance.id)), step) if deadline else None
    return by or _deadline(turn, instance, step.within)


def _moment(turn: Turn, instance: Instance, value: object, step: Step) -> datetime:
    """A date or date-time out of an expression, in the workspace's time zone where it names none; a date is its first moment."""
    moment = moment_of(value, turn.world.program.timezone)
    if moment is not None:
        return moment
    found = to_python(value)
    given = "null" if found is None else found
    raise NoWayForward(f"step {step.name} ({step.origin}) waits for a moment, and its expression gives {given}")


_VERBS: dict[type[Verb], Callable[[Turn, Instance, Step], str | None]] = {
    Do: _do,
    Ask: _ask,
    Tell: _tell,
    Wait: _pause,
    Task: _task,
    Choose: _choose,
    Decide: _decide,
    Raise: _raise,
    TakeBack: take_back,
    End: _end,
    Parallel: _parallel,
    Each: _each,
    Run: _run,
}
