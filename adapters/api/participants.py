"""What participants report over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Response

from orderloom.adapters.api.bodies import Records, body_of
from orderloom.adapters.api.desk import Desk

EVENT: dict[str, object] = {"id": "e-17", "order": "W1", "request": "W1/W1-1:2", "reply": "accepted"}


def participants(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["participants"])

    @route.post("/participants/{participant}/events", openapi_extra=body_of("event", EVENT))
    def report(participant: str, records: Records) -> Response:
        """Take in what a participant reports: replies to requests, and events. Each counts once, by its id."""
        return desk.take_in("events", [{**record, "participant": participant} for record in records])

    return route
