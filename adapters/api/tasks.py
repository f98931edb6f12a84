"""The work of people: queues of tasks, and what is done with one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from orderloom.adapters.api.answers import Problem, answer
from orderloom.adapters.api.bodies import OneRecord, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.imports.fields import Fields
from orderloom.engine.refused import Refused
from orderloom.engine.shell.people import Answer, claim_work, complete_task, delegate_work, release_work
from orderloom.engine.store import task_queries
from orderloom.engine.store.queries import PAGE
from orderloom.engine.store.task_queries import TaskLine
from orderloom.engine.task import overdue

COMPLETION: dict[str, object] = {"outcome": "confirmed", "form": {"limit": 500}, "note": "called the customer"}
DOINGS = ("claim", "release", "delegate", "complete")


def tasks(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["tasks"])

    @route.get("/tasks")
    def list_tasks(
        role: str | None = None, person: str | None = None, skill: str | None = None, name: str | None = None,
        closed: bool = False, limit: Annotated[int, Query(ge=1, le=1000)] = PAGE,
    ) -> Response:  # fmt: skip
        """List tasks, what is due first first."""
        now = desk.now()
        found = task_queries.tasks(desk.store, role, person, skill, name, closed, limit=limit)
        return answer({"tasks": [_told(line, now) for line in found]})

    @route.get("/tasks/{task:path}")
    def show(task: str) -> Response:
        """Show a task: whose it is, what is to be filled in, or what was."""
        found = task_queries.task(desk.store, task)
        if found is None:
            raise Problem(404, f"there is no task {task}")
        return answer(_told(found, desk.now()))

    @route.post("/tasks/{task:path}/{doing}", openapi_extra=body_of("completion", COMPLETION, many=False))
    def do(task: str, doing: str, told: OneRecord, request: Request) -> Response:
        """Claim a task, release it, delegate it (`to`), or complete it (`outcome`, `form`, `note`)."""
        by, now, people = str(request.state.caller), desk.now(), desk.program.people
        if task_queries.task(desk.store, task) is None:
            raise Problem(404, f"there is no task {task}")
        match doing:
            case "claim":
                _granted(claim_work(desk.store, task, by, now, people))
            case "release":
                _granted(release_work(desk.store, task, by, now))
            case "delegate":
                fields = Fields(told)
                to = fields.needed("to")
                if fields.problems:
                    raise Problem(422, "; ".join(fields.problems))
                _granted(delegate_work(desk.store, task, by, to, now, people))
            case "complete":
                _granted(complete_task(desk.store, task, by, now, _answer(told), people))
            case _:
                raise Problem(404, f"nobody can {doing} a task; one of {', '.join(DOINGS)}")
        return answer({"task": task, "by": by, "done": doing}, 202)

    return route


def _told(line: TaskLine, now: datetime) -> dict[str, object]:
    return {"order": line.order, "overdue": overdue(line.task.due_at, line.task.closed_at, now), "task": line.task}


def _answer(told: dict[str, object]) -> Answer:
    form, outcome = told.get("form"), told.get("outcome")
    if form is not None and not isinstance(form, dict):
        raise Problem(422, "form must be an object with a value for each field")
    return Answer(None if outcome is None else str(outcome), form or {}, str(told.get("note") or ""))


def _granted(granted: object) -> None:
    if isinstance(granted, Refused):
        raise Problem(409, granted.because)
