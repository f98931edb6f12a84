"""What a scenario can look at of what waits for people, as plain maps and lists: exceptions and tasks."""

from __future__ import annotations

from orderloom.adapters.scenarios.accounts import Account, number
from orderloom.adapters.story import Story
from orderloom.engine.store.queries import ExceptionLine
from orderloom.engine.task import Task


def exceptions(story: Story) -> list[Account]:
    """The exceptions that are open."""
    return [_issue(issue, story) for issue in story.exceptions if issue.option is None]


def settled(story: Story) -> list[Account]:
    """The exceptions that were settled, and how."""
    return [_issue(issue, story) | {"option": issue.option} for issue in story.exceptions if issue.option is not None]


def _issue(issue: ExceptionLine, story: Story) -> Account:
    return {
        "type": issue.type,
        "role": issue.role,
        "unit": number(issue.subject, story.state),
        "options": list(issue.options),
        "cause": issue.cause,
        "at": issue.opened_at,
        "title": issue.title,
        "priority": issue.priority,
        "due at": issue.due_at,
        "claimed by": issue.claimed_by,
        "escalations": issue.escalated,
        "remedies": [{"name": each.option, "title": each.title, "cost": each.cost, "date": each.date} for each in issue.remedies],
    }


def tasks(story: Story) -> list[Account]:
    """The work of people that is open."""
    return [_task(task, story) for task in story.tasks if task.closed_at is None]


def closed_tasks(story: Story) -> list[Account]:
    """The work of people that is done, or gone, and how."""
    return [_task(task, story) | _how(task) for task in story.tasks if task.closed_at is not None]


def _task(task: Task, story: Story) -> Account:
    return {
        "name": task.name,
        "title": task.title,
        "role": task.role,
        "skill": task.skill,
        "unit": number(task.instance, story.state),
        "claimed by": task.claimed_by,
        "outcomes": list(task.outcomes),
        "fields": [field.name for field in task.form],
        "escalations": task.escalated,
        "at": task.opened_at,
        "due at": task.due_at,
    }


def _how(task: Task) -> Account:
    return {"outcome": task.outcome, "by": task.completed_by, "closed at": task.closed_at, "answer": task.answer}
