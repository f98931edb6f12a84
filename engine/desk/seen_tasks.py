"""The tasks of an order, open and done, as somebody sees them who looks at it."""

from __future__ import annotations

from collections.abc import Iterable

from orderloom.engine.looked import Looked
from orderloom.engine.seen import Seen
from orderloom.engine.store.task_queries import TaskLine
from orderloom.engine.task import Task


def seen_tasks(looked: Looked, tasks: Iterable[Task], queued: Iterable[TaskLine]) -> Seen:
    """Those that are `queued` for him anyway; where he is shown `tasks`, all of what is before him."""
    his = {line.task.id for line in queued}
    shown = [task for task in tasks if task.id in his or ("tasks" in looked.show and looked.has(task.instance))]
    return {"tasks": [seen_task(task) for task in shown]} if shown else {}


def seen_task(task: Task) -> Seen:
    """What an order tells of a task: whose it is, and how it ended."""
    whose = {"task": task.id, "name": task.name, "role": task.role, "subject": task.instance, "since": task.opened_at}
    stands = {"due_at": task.due_at, "claimed_by": task.claimed_by}
    return whose | stands | {"outcome": task.outcome, "by": task.completed_by, "done_at": task.closed_at}
