"""Customers over HTTP: what they are interested in, and everything of one over all channels."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from orderloom.adapters.api.answers import answer, granted
from orderloom.adapters.api.bodies import Records, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.rights import may_tell
from orderloom.engine.desk.beside import beside, joined
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
    def show(customer: str, request: Request, item: Annotated[list[str], Query()] = []) -> Response:  # noqa: B006
        """Everything of a customer over all channels that whoever calls may see: orders with what came after the sale,
        interests, lifetime value; beside it, what there is of each `item`, and the free slots of a week."""
        gate = request.state.gate
        found = granted(timeline(desk.store, customer, gate))
        if not item:
            return answer(found)
        there = granted(beside(desk.store, desk.current(), item, desk.now(), gate), 422)
        return answer(joined(found, there))

    return route
