"""What people do with their work, in an order's turn: they claim, hand back, delegate and complete it, and decide exceptions."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.dsl.program import Task
from orderloom.engine.events import Claimed, Completed, Delegated, Released
from orderloom.engine.issue import OpenIssue
from orderloom.engine.process import issues, tasks
from orderloom.engine.process.flow import leave
from orderloom.engine.process.given import keeper
from orderloom.engine.process.tasks import ESCALATE
from orderloom.engine.refused import Refused
from orderloom.engine.state import OrderState, Waiting
from orderloom.engine.task import Task as Kept
from orderloom.engine.task import after, claim, complete, delegate, release
from orderloom.engine.turn import Turn
from orderloom.engine.words import acting


def claimed(turn: Turn, event: Claimed) -> None:
    """Somebody does it from now on, unless somebody else has claimed it before."""
    work = _work(turn, event.work)
    _hand_over(turn, event, claim(work, event.by, event.at) if work else None, f"claimed by {acting(event.role, event.by)}")


def released(turn: Turn, event: Released) -> None:
    """It goes back to its role."""
    work = _work(turn, event.work)
    _hand_over(turn, event, release(work, event.by, event.at) if work else None, f"handed back by {acting(event.role, event.by)}")


def delegated(turn: Turn, event: Delegated) -> None:
    """Somebody else has it."""
    work = _work(turn, event.work)
    fact = delegate(work, event.by, event.to, event.at) if work else None
    _hand_over(turn, event, fact, f"given to {event.to} by {acting(event.role, event.by)}")


def _work(turn: Turn, id: str) -> Kept | OpenIssue | None:
    return turn.state.tasks.get(id) or turn.state.exceptions.get(id)


def _hand_over(
    turn: Turn, event: Claimed | Released | Delegated, fact: Claimed | Released | Delegated | Refused | None, words: str
) -> None:
    work = _work(turn, event.work)
    if work is None or fact is None or isinstance(fact, Refused):
        why = fact.because if isinstance(fact, Refused) else f"{event.work} is closed"
        turn.note(work.instance if work else "order", "late", f"{words}: {why}")
        return
    if isinstance(work, OpenIssue):
        has = event.by if isinstance(event, Claimed) else event.to if isinstance(event, Delegated) else None
        issues.hand_over(turn, replace(work, claimed_by=has))
        turn.note(work.instance, "exception", f"{work.type} is {words}")
    else:
        tasks.keep(turn, after(work, event))
        turn.note(work.instance, "task", f"{work.name} is {words}")


def completed(turn: Turn, event: Completed) -> None:
    """A task is done: what was filled in is there for the process, which takes the way of the outcome."""
    task = turn.state.tasks.get(event.work)
    instance = turn.state.instances.get(task.instance) if task else None
    fact = complete(task, event.by, event.outcome, event.form, event.at) if task else Refused(f"{event.work} is closed")
    if task is None or instance is None or isinstance(fact, Refused) or instance.waiting != Waiting("task", task.id):
        because = fact.because if isinstance(fact, Refused) else "its step was left"
        turn.note(instance.id if instance else "order", "late", f"{event.outcome} by {acting(event.role, event.by)}: {because}")
        return
    tasks.close(turn, after(task, fact), fact.outcome)
    note = f": {event.note}" if event.note else ""
    turn.note(instance.id, "task", f"{task.name} is {fact.outcome}, by {acting(event.role, event.by)}{note}")
    if fact.form:
        at = keeper(turn.state, instance.id)
        turn.change(answers={**turn.state.answers, at: {**turn.state.answers.get(at, {}), **fact.form}})
    leave(turn, instance, fact.outcome)


def escalate(turn: Turn, key: str) -> bool:
    """The time of an escalation, of whose timer this may be the key, has come; whether it was one."""
    id, mark, _ = key.partition(ESCALATE)
    if not mark:
        return False
    task, issue = turn.state.tasks.get(id), turn.state.exceptions.get(id)
    if task is not None:
        verb = turn.step(turn.state.instances[task.instance]).verb
        if isinstance(verb, Task):
            tasks.escalated(turn, task, verb.escalations)
    elif issue is not None:
        issues.escalated(turn, issue)
    return True


def tidy(turn: Turn, before: OrderState | None) -> None:
    """Closes the tasks that were left, and clears the clocks of exceptions that are settled."""
    tasks.withdraw(turn)
    issues.quiet(turn, before)
