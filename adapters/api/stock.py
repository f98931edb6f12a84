"""Stock over HTTP: what may be promised and why, and what others tell of it."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from orderloom.adapters.api.answers import Problem, answer, granted
from orderloom.adapters.api.bodies import Records, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.rights import gate_for, told_at
from orderloom.adapters.imports.fields import Fields
from orderloom.engine.access.who import OPERATOR
from orderloom.engine.desk import inquiry
from orderloom.engine.desk.inquiry import Inquiry
from orderloom.engine.store import demands

ADJUSTMENT: dict[str, object] = {"id": "A1", "item": "TEE", "node": "DC1", "quantity": -2, "reason": "damaged"}
RECEIPT: dict[str, object] = {"id": "R1", "supply": "PO-7", "quantity": 40}
COUNT: dict[str, object] = {"item": "TEE", "node": "DC1", "on_hand": 38}

Day = Annotated[date | None, Query()]


def stock(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(prefix="/stock", tags=["stock"])

    @route.get("/{item}")
    def show(
        item: str, request: Request, method: str = "ship", node: str | None = None, at: Day = None,
        role: str | None = None, user_node: str | None = None, view: str | None = None,
    ) -> Response:  # fmt: skip
        """Show what may be promised of an item, by node, on a day; as somebody sees it, where one is named."""
        named = f"{role}@{user_node}" if role and user_node and request.state.gate is None else role
        gate = gate_for(desk, request, named)
        saved = granted(gate.saved(view), 422) if gate is not None else None
        now, asked = desk.now(), Inquiry(item, method, node, at, gate.who if gate is not None else OPERATOR, saved)
        with desk.lookup() as lookup:
            found = granted(inquiry.answer(lookup, asked, now))
        return answer({"item": item, "method": method, "at": at or now.date(), "stock": found})

    @route.get("/{item}/why/{node}")
    def why(item: str, node: str, method: str = "ship", at: Day = None) -> Response:
        """Explain what may be promised of an item at a node."""
        claims, frozen = demands.claims(desk.store, item, node), demands.quarantine(desk.store, item, node)
        with desk.lookup() as lookup:
            return answer(granted(inquiry.why(lookup, Inquiry(item, method, node, at), desk.now(), claims, frozen)))

    @route.post("/adjustments", openapi_extra=body_of("adjustment", ADJUSTMENT))
    def adjust(records: Records, request: Request) -> Response:
        """Take adjustments in; each counts once, by its id."""
        return desk.take_in("adjustments", told_at(request, records))

    @route.post("/receipts", openapi_extra=body_of("receipt", RECEIPT))
    def receive(records: Records, request: Request) -> Response:
        """Take receipts of supply in; each counts once, by its id."""
        return desk.take_in("receipts", told_at(request, records))

    @route.post("/counts", openapi_extra=body_of("count", COUNT))
    def count(records: Records, request: Request, as_of: str | None = None) -> Response:
        """Take in what was counted at a moment; what has moved since is added to it."""
        known, now, fields = desk.known(), desk.now(), Fields({"as_of": as_of})
        moment = fields.moment_by("as_of", known.zone, now)
        if fields.problems:
            raise Problem(422, fields.problems[0])
        return desk.take_in("snapshot", told_at(request, records), moment)

    return route
