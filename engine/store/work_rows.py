"""Rows of the work of people: tasks and exceptions, how they are in order in their queues, and what was granted."""

from __future__ import annotations

from datetime import datetime

from orderloom.engine import wire
from orderloom.engine.appeasements.appeasement import Appeasement
from orderloom.engine.effects import OpenException
from orderloom.engine.store.statements import Row
from orderloom.engine.task import Task

NEVER = "~"  #: behind every moment, as text
HIGHEST = 9  #: the highest priority


def rank(priority: int, due_at: datetime | None) -> str:
    """By this text exceptions are in order: the highest priority first, then what is due first."""
    return f"{HIGHEST - priority:02}/{deadline(due_at)}"


def deadline(due_at: datetime | None) -> str:
    """By this text tasks are in order: what is due first."""
    return wire.moment_text(due_at) if due_at is not None else NEVER


def exception_row(shard: int, order: str, opened: OpenException, at: str, event: str | None = None) -> Row:
    """The row of an exception that opens."""
    what = (opened.type, opened.role, opened.subject, wire.dump(opened.options), opened.cause)
    due_at = wire.moment_text(opened.due_at) if opened.due_at is not None else None
    owned = (opened.title, opened.priority, due_at, None, 0, wire.dump(opened.remedies), rank(opened.priority, opened.due_at))
    return (shard, order, opened.id, *what, at, None, None, event, *owned)


def appeasement_row(shard: int, order: str, customer: str, appeasement: Appeasement) -> Row:
    """The row of an appeasement, however it stands."""
    a = appeasement
    of = (order, a.id, a.line, a.policy, a.offer, a.status, str(a.amount), wire.moment_text(a.at))
    return (shard, customer, a.number, *of, a.returned_at and wire.moment_text(a.returned_at), wire.dump(a))


def task_row(shard: int, order: str, task: Task) -> Row:
    """The row of a task, open or closed."""
    due_at, closed_at = (wire.moment_text(each) if each is not None else None for each in (task.due_at, task.closed_at))
    moments = (due_at, wire.moment_text(task.opened_at), closed_at)
    whose = (task.name, task.role, task.skill, task.claimed_by)
    return (shard, order, task.id, *whose, *moments, task.outcome, deadline(task.due_at), wire.dump(task))
