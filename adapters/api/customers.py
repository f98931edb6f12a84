"""Customers over HTTP: what they are interested in, and everything of one over all channels."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from orderloom.adapters.api.answers import answer, granted
from orderloom.adapters.api.bodies import Records, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.rights import may_tell
from orderloom.engine.desk.customers import timeline

INTEREST: dict[str, object] = {"customer": "C1", "item": "TEE", "kind": "view", "channel": "web", "at": "2026-03-02T09:00:00Z"}


def customers(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["customers"])

    @route.post("/interests", openapi_extra=body_of("interest", INTEREST))
    def keep(records: Records, request: Request) -> Response:
        """Keep what customers looked at (`view`), wish for (`wish`) or were quoted (`quote`), each `id` once."""
        may_tell(request, records)
        return desk.take_in("interests", records)

    @route.get("/customers/{customer}")
    def show(customer: str, request: Request) -> Response:
        """Everything of a customer over all channels that whoever calls may see: orders with what came after the sale,
        interests, lifetime value."""
        return answer(granted(timeline(desk.store, customer, request.state.gate)))

    return route
