"""The work of people: queues of tasks, and what is done with one."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request, Response

from orderloom.adapters.api.answers import Problem, answer, fit, granted
from orderloom.adapters.api.bodies import OneRecord, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.pages import After, Limit, page
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.paging import QUEUE, seen_rows
from orderloom.engine.desk.gate import Gate
from orderloom.engine.desk.names import unknown_name
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
    _reading(route, desk)
    _doing(route, desk)
    return route


def _reading(route: APIRouter, desk: Desk) -> None:
    @route.get("/tasks")
    def list_tasks(
        request: Request, role: str | None = None, person: str | None = None, skill: str | None = None, name: str | None = None,
        closed: bool = False, overdue: bool = False, after: After = None, limit: Limit = PAGE,
    ) -> Response:  # fmt: skip
        """List tasks, what is due first first; `next`, where it is there, is the `after` of the next page."""
        now = desk.now()
        granted(unknown_name(desk.store, desk.program, role=role, person=person, skill=skill, task=name), 422)
        gate: Gate | None = request.state.gate
        role = gate.who.role if gate is not None else role
        wanted = (role, person, skill, name, closed, now if overdue else None)
        return page(
            "tasks",
            lambda key: (
                task_queries.tasks(desk.store, *wanted, key, limit + 1)
                if gate is None
                else seen_rows(partial(task_queries.tasks, desk.store, *wanted), task_queries.key_of_task, gate.tasks, key, limit)
            ),
            task_queries.key_of_task,
            (after, QUEUE),
            limit,
            lambda line: _told(line, now),
        )

    @route.get("/tasks/{task:path}")
    def show(task: str) -> Response:
        """Show a task: whose it is, what is to be filled in, or what was."""
        found = task_queries.task(desk.store, task)
        if found is None:
            raise Problem(404, f"there is no task {task}")
        return answer(_told(found, desk.now()))


def _doing(route: APIRouter, desk: Desk) -> None:
    @route.post("/tasks/{task:path}/{doing}", openapi_extra=body_of("completion", COMPLETION, many=False))
    def do(task: str, doing: str, told: OneRecord, request: Request) -> Response:
        """Claim a task, release it, delegate it (`to`), or complete it (`outcome`, `form`, `note`)."""
        by, now, people, role = str(request.state.caller), desk.now(), desk.program.people, request.state.who.role
        if task_queries.task(desk.store, task) is None:
            raise Problem(404, f"there is no task {task}")
        match doing:
            case "claim":
                _granted(claim_work(desk.store, task, by, now, people, role))
            case "release":
                _granted(release_work(desk.store, task, by, now, role))
            case "delegate":
                fields = Fields(told)
                to = fields.needed("to")
                fit(fields)
                _granted(delegate_work(desk.store, task, by, to, now, people, role))
            case "complete":
                _granted(complete_task(desk.store, task, by, now, _answer(told), people, role))
            case _:
                raise Problem(404, f"nobody can {doing} a task; one of {', '.join(DOINGS)}")
        return answer({"task": task, "by": by, "done": doing}, 202)


def _told(line: TaskLine, now: datetime) -> dict[str, object]:
    return {"order": line.order, "overdue": overdue(line.task.due_at, line.task.closed_at, now), "task": line.task}


def _answer(told: dict[str, object]) -> Answer:
    form, outcome = told.get("form"), told.get("outcome")
    if form is not None and not isinstance(form, dict):
        raise Problem(422, "form must be an object with a value for each field")
    fields = Fields(told)
    note = fields.text("note") or ""
    fit(fields)
    return Answer(None if outcome is None else str(outcome), form or {}, note)


def _granted(said: object) -> None:
    if isinstance(said, Refused):
        raise Problem(409, said.because)
