"""What participants report over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from orderloom.adapters.api.bodies import Records, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.rights import may_report

EVENT: dict[str, object] = {"id": "e-17", "order": "W1", "request": "W1/W1-1:2", "reply": "accepted"}


def participants(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["participants"])

    @route.post("/participants/{participant}/events", openapi_extra=body_of("event", EVENT))
    def report(participant: str, records: Records, request: Request) -> Response:
        """Take in what a participant reports: replies to requests, and events. Each counts once, by its id."""
        may_report(desk, request, participant, records)
        return desk.take_in("events", [{**record, "participant": participant} for record in records])

    return route
