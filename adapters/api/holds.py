"""Holds over HTTP: applied and resolved, by who may."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from orderloom.adapters.api.answers import answer, fit
from orderloom.adapters.api.bodies import OneRecord, body_of
from orderloom.adapters.api.changes import refusal
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.orders import found_order
from orderloom.adapters.api.rights import role_of
from orderloom.adapters.imports.fields import Fields
from orderloom.engine.desk import requests
from orderloom.engine.events import HoldApplied, HoldResolved

HOLD: dict[str, object] = {"hold": "fraud-check", "role": "customer-service", "note": "card was declined twice"}
RELEASE: dict[str, object] = {"role": "customer-service", "note": "paid"}


def holds(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["orders"])

    @route.post("/orders/{order}/holds", openapi_extra=body_of("hold", HOLD, many=False))
    def apply(order: str, told: OneRecord, request: Request) -> Response:
        """Apply a hold to an order, or to a `line` of it."""
        found_order(desk, order)
        name, fields = _hold(told, request)
        said = requests.apply_hold(desk.store, desk.programs, order, HoldApplied(desk.now(), name, *fields))
        if said is not None:
            raise refusal(desk, order, said, request)
        return answer({"order": order, "hold": name}, 202)

    @route.post("/orders/{order}/holds/{hold}/resolve", openapi_extra=body_of("release", RELEASE, many=False))
    def resolve(order: str, hold: str, told: OneRecord, request: Request) -> Response:
        """Resolve a hold; what no other hold blocks goes on."""
        found_order(desk, order)
        name, fields = _hold({**told, "hold": hold}, request)
        said = requests.resolve_hold(desk.store, desk.programs, order, HoldResolved(desk.now(), name, *fields))
        if said is not None:
            raise refusal(desk, order, said, request)
        return answer({"order": order, "hold": name}, 202)

    return route


def _hold(told: dict[str, object], request: Request) -> tuple[str, tuple[str, str, str | None, str]]:
    fields = Fields(told)
    name = fields.needed("hold")
    role = role_of(request, fields.text("role") or "" if request.state.gate is not None else fields.needed("role"))
    line, note = fields.id("line"), fields.text("note") or ""
    fit(fields)
    return name, (role, str(request.state.caller), line, note)
