"""What participants report, and what people decide."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from orderloom.adapters.api.answers import Problem, answer
from orderloom.adapters.api.bodies import OneRecord, Records, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.imports.fields import Fields
from orderloom.engine.shell.inbox import resolve
from orderloom.engine.store import queries
from orderloom.engine.store.queries import PAGE

EVENT: dict[str, object] = {"id": "e-17", "order": "W1", "request": "W1/W1-1:2", "reply": "accepted"}
CHOICE: dict[str, object] = {"option": "ask-again", "note": "called the store"}


def people(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter()

    @route.post("/participants/{participant}/events", tags=["participants"], openapi_extra=body_of("event", EVENT))
    def report(participant: str, records: Records) -> Response:
        """Take in what a participant reports: replies to requests, and events. Each counts once, by its id."""
        return desk.take_in("events", [{**record, "participant": participant} for record in records])

    @route.get("/exceptions", tags=["exceptions"])
    def exceptions(
        role: str | None = None, settled: bool = False, limit: Annotated[int, Query(ge=1, le=1000)] = PAGE
    ) -> Response:
        """List exceptions, the oldest first."""
        return answer({"exceptions": queries.exceptions(desk.store, role, settled, limit=limit)})

    @route.post(
        "/orders/{order}/exceptions/{exception:path}", tags=["exceptions"], openapi_extra=body_of("choice", CHOICE, many=False)
    )
    def decide(order: str, exception: str, told: OneRecord, request: Request) -> Response:
        """Take one of the options of an open exception; a worker then goes on with the order."""
        fields = Fields(told)
        option, note = fields.needed("option"), fields.text("note") or ""
        if fields.problems:
            raise Problem(422, "; ".join(fields.problems))
        refused = resolve(desk.store, order, exception, option, str(request.state.caller), desk.now(), note)
        if refused is not None:
            raise Problem(409, refused.because)
        return answer({"order": order, "exception": exception, "option": option}, 202)

    return route
