"""Requests to change, hold and cancel orders over HTTP, by the tables of changes and the holds of the order's own version."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from orderloom.adapters.api.answers import Problem, answer
from orderloom.adapters.api.bodies import OneRecord, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.orders import found_order, tag, version_in
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.modifications import parts_of
from orderloom.adapters.versions import versions
from orderloom.engine.desk import requests
from orderloom.engine.events import HoldApplied, HoldResolved, ModificationAsked
from orderloom.engine.refused import Refused

CHANGE: dict[str, object] = {"role": "customer", "preview": True, "what": [{"what": "quantity", "line": "1", "quantity": 2}]}
HOLD: dict[str, object] = {"hold": "fraud-check", "role": "customer-service", "note": "card was declined twice"}

IfMatch = Annotated[str | None, Header()]


def changes(desk: Desk) -> APIRouter:
    """The routes."""
    route, programs = APIRouter(tags=["orders"]), versions(desk.store)

    def refuse(order: str, refused: Refused, version: int | None) -> Problem:
        """409; 412 with what has happened since, where an older version was seen."""
        now = found_order(desk, order)
        since = [line for line in now.history if version is not None and line.sequence > version]
        return Problem(412 if since else 409, refused.because, tag(now), status_now=now.summary.status, since=since)

    @route.post("/orders/{order}/cancel", openapi_extra=body_of("reason", {"reason": "ordered twice"}, many=False))
    def cancel_order(order: str, told: OneRecord, request: Request, if_match: IfMatch = None) -> Response:
        """Ask to cancel an order, in a `role`. With `If-Match` it is refused where the order has changed since that version."""
        version, fields, by = version_in(if_match), Fields(told), str(request.state.caller)
        before = found_order(desk, order)
        reason, role = fields.text("reason") or "", fields.text("role") or ""
        refused = requests.cancel(desk.store, programs, order, by, desk.now(), reason, version, role)
        if refused is not None:
            raise refuse(order, refused, version)
        return answer({"order": order, "status": before.summary.status}, 202)

    @route.post("/orders/{order}/changes", openapi_extra=body_of("change", CHANGE, many=False))
    def change(order: str, told: OneRecord, request: Request, if_match: IfMatch = None) -> Response:
        """Change an order, all parts or none, or `preview` what that would cost and when everything would come.

        With `If-Match` it is refused where the order has changed since that version. What a preview needs is held for a while.
        """
        found_order(desk, order)
        version, fields, parts = version_in(if_match), Fields(told), parts_of(told.get("what"), desk.program)
        if isinstance(parts, Refused):
            raise Problem(422, parts.because)
        by, role = str(request.state.caller), fields.text("role") or ""
        asked = ModificationAsked(desk.now(), "", parts, role, by, told.get("preview") is True)
        found = requests.modify(desk.store, programs, order, asked, version)
        if isinstance(found, Refused):
            raise refuse(order, found, version)
        return answer({"order": order, "change": found.id, "difference": found.difference}, 202)

    @route.post("/orders/{order}/changes/{change}/confirm")
    def confirm(order: str, change: str, request: Request) -> Response:
        """Carry out a change that was previewed, as it was worked out."""
        found_order(desk, order)
        refused = requests.confirm(desk.store, programs, order, change, str(request.state.caller), desk.now())
        if refused is not None:
            raise refuse(order, refused, None)
        return answer({"order": order, "change": change}, 202)

    @route.post("/orders/{order}/holds", openapi_extra=body_of("hold", HOLD, many=False))
    def hold(order: str, told: OneRecord, request: Request) -> Response:
        """Apply a hold to an order, or to a `line` of it."""
        found_order(desk, order)
        name, fields = _hold(told, request)
        refused = requests.apply_hold(desk.store, programs, order, HoldApplied(desk.now(), name, *fields))
        if refused is not None:
            raise refuse(order, refused, None)
        return answer({"order": order, "hold": name}, 202)

    @route.post("/orders/{order}/holds/{hold}/resolve", openapi_extra=body_of("hold", HOLD, many=False))
    def resolve(order: str, hold: str, told: OneRecord, request: Request) -> Response:
        """Resolve a hold; what no other hold blocks goes on."""
        found_order(desk, order)
        _, fields = _hold({**told, "hold": hold}, request)
        refused = requests.resolve_hold(desk.store, programs, order, HoldResolved(desk.now(), hold, *fields))
        if refused is not None:
            raise refuse(order, refused, None)
        return answer({"order": order, "hold": hold}, 202)

    return route


def _hold(told: dict[str, object], request: Request) -> tuple[str, tuple[str, str, str | None, str]]:
    fields = Fields(told)
    name, role = fields.needed("hold"), fields.needed("role")
    line, note = fields.text("line"), fields.text("note") or ""
    if fields.problems:
        raise Problem(422, "; ".join(fields.problems))
    return str(name), (str(role), str(request.state.caller), line, note)
