"""What participants report, and what people decide."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from orderloom.adapters.api.answers import Problem, answer
from orderloom.adapters.api.bodies import OneRecord, Records, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.condition import condition
from orderloom.adapters.imports.fields import Fields
from orderloom.engine.refused import Refused
from orderloom.engine.shell.bulk import Choice, resolve_all
from orderloom.engine.shell.inbox import resolve
from orderloom.engine.shell.people import claim_work
from orderloom.engine.store import queries
from orderloom.engine.store.queries import PAGE

EVENT: dict[str, object] = {"id": "e-17", "order": "W1", "request": "W1/W1-1:2", "reply": "accepted"}
CHOICE: dict[str, object] = {"option": "ask-again", "note": "called the store"}
CHOICES: dict[str, object] = {"type": "unfillable", "option": "try-again", "where": "order.total < 100", "dry_run": True}


def people(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter()

    @route.post("/participants/{participant}/events", tags=["participants"], openapi_extra=body_of("event", EVENT))
    def report(participant: str, records: Records) -> Response:
        """Take in what a participant reports: replies to requests, and events. Each counts once, by its id."""
        return desk.take_in("events", [{**record, "participant": participant} for record in records])

    @route.get("/exceptions", tags=["exceptions"])
    def exceptions(
        role: str | None = None,
        settled: bool = False,
        type: str | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = PAGE,
    ) -> Response:
        """List exceptions: the highest priority first, then what is due first."""
        return answer({"exceptions": queries.exceptions(desk.store, role, settled, limit=limit, type=type)})

    @route.post("/exceptions/resolve", tags=["exceptions"], openapi_extra=body_of("choices", CHOICES, many=False))
    def decide_many(told: OneRecord, request: Request) -> Response:
        """Take one option of all open exceptions of a type (`role` and `where` say of which); `dry_run` only counts them."""
        fields, now = Fields(told), desk.now()
        kind, option, where = fields.needed("type"), fields.needed("option"), fields.text("where")
        choice = Choice(kind, option, str(request.state.caller), fields.text("note") or "", fields.text("role"))
        if fields.problems:
            raise Problem(422, "; ".join(fields.problems))
        meant = condition(desk.store, desk.program, now, where) if where else lambda page: page
        if isinstance(meant, Refused):
            raise Problem(422, meant.because)
        found = resolve_all(desk.store, choice, now, meant, desk.program.people, told.get("dry_run") is True)
        return answer({"taken": found.taken, "refused": found.refused}, 202)

    @route.post("/exceptions/{exception:path}/claim", tags=["exceptions"])
    def claim(exception: str, request: Request) -> Response:
        """Claim an exception, so that nobody else decides it."""
        refused = claim_work(desk.store, exception, str(request.state.caller), desk.now(), desk.program.people)
        if refused is not None:
            raise Problem(409, refused.because)
        return answer({"exception": exception, "by": str(request.state.caller)}, 202)

    @route.post(
        "/orders/{order}/exceptions/{exception:path}", tags=["exceptions"], openapi_extra=body_of("choice", CHOICE, many=False)
    )
    def decide(order: str, exception: str, told: OneRecord, request: Request) -> Response:
        """Take one of the options of an open exception; a worker then goes on with the order."""
        fields = Fields(told)
        option, note = fields.needed("option"), fields.text("note") or ""
        if fields.problems:
            raise Problem(422, "; ".join(fields.problems))
        refused = resolve(desk.store, order, exception, option, str(request.state.caller), desk.now(), note, desk.program.people)
        if refused is not None:
            raise Problem(409, refused.because)
        return answer({"order": order, "exception": exception, "option": option}, 202)

    return route
