"""Tasks in an order's turn: opened by a step, kept as people say, gone on to another role in time, closed with the step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from orderloom.dsl.feel.types import Simple
from orderloom.dsl.program import LATE, Escalation, FormField, Step
from orderloom.dsl.program import Task as Verb
from orderloom.engine.effects import ClearTimer, KeepTask, SetTimer
from orderloom.engine.process.clocks import clock_from
from orderloom.engine.state import Instance, Waiting
from orderloom.engine.task import Field, Task
from orderloom.engine.turn import Turn

ESCALATE = "#escalate"  #: behind the key of a task or an exception: the timer at which it goes on to another role
WITHDRAWN = "withdrawn"  #: the outcome of a task whose step was left in another way


def open_task(turn: Turn, instance: Instance, step: Step, verb: Verb, due_at: datetime | None) -> None:
    """Puts a task into the queue of its role; the instance waits for it."""
    task = Task(
        id=turn.key(instance),
        name=verb.name,
        title=step.title or verb.name,
        role=verb.role,
        instance=instance.id,
        outcomes=verb.outcomes,
        opened_at=turn.at,
        skill=verb.skill,
        form=tuple(_field(field) for field in verb.form),
        due_at=due_at,
    )
    turn.put(replace(instance, waiting=Waiting("task", task.id)))
    if due_at is not None and LATE in step.ways:
        turn.emit(SetTimer(task.id, due_at))
    escalate_later(turn, task.id, instance.root, task.opened_at, 0, verb.escalations)
    keep(turn, task)


def _field(field: FormField) -> Field:
    values = field.type.values if isinstance(field.type, Simple) else ()
    kind = "text" if str(field.type) == "string" else str(field.type)
    return Field(field.name, field.title, kind, tuple(str(value) for value in values), field.required)


def keep(turn: Turn, task: Task) -> None:
    """Sets what has become of an open task."""
    turn.change(tasks={**turn.state.tasks, task.id: task})
    turn.emit(KeepTask(task))


def close(turn: Turn, task: Task, outcome: str) -> None:
    """Closes a task; the instance itself is not moved."""
    turn.change(tasks={key: value for key, value in turn.state.tasks.items() if key != task.id})
    closed = task if task.outcome else replace(task, closed_at=turn.at, outcome=outcome)
    turn.emit(KeepTask(closed))
    turn.emit(ClearTimer(task.id))
    turn.emit(ClearTimer(task.id + ESCALATE))
    if closed.completed_by is None:
        turn.note(task.instance, "task", f"{task.name} is {outcome}")


def withdraw(turn: Turn) -> None:
    """Closes the tasks for which nothing waits any more, however that came."""
    for task in turn.state.tasks.values():
        instance = turn.state.instances.get(task.instance)
        if instance is None or instance.waiting != Waiting("task", task.id):
            close(turn, task, WITHDRAWN)


def escalated(turn: Turn, task: Task, escalations: Sequence[Escalation]) -> None:
    """The time of an escalation has come: another role has the task now, and nobody has claimed it."""
    to = escalations[min(task.escalated, len(escalations) - 1)]
    moved = replace(task, role=to.role, claimed_by=None, escalated=task.escalated + 1)
    keep(turn, moved)
    turn.note(
        task.instance, "task", f"{task.name} goes on to {to.role}" + (f", {task.claimed_by} had it" if task.claimed_by else "")
    )
    root = turn.state.instances[task.instance].root
    escalate_later(turn, task.id, root, task.opened_at, moved.escalated, escalations)


def escalate_later(turn: Turn, id: str, root: str, opened_at: datetime, number: int, escalations: Sequence[Escalation]) -> None:
    """Sets the timer of the escalation with this number, which may be one that comes again."""
    if number < len(escalations):
        turn.emit(SetTimer(id + ESCALATE, clock_from(turn, root, opened_at, escalations[number].after)))
    elif escalations and escalations[-1].every is not None:
        turn.emit(SetTimer(id + ESCALATE, clock_from(turn, root, turn.at, escalations[-1].every)))
