"""Repairs over HTTP: asked of what was sold, gone on with, and shown from the sale on."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from orderloom.adapters.api.answers import Problem, answer, fit, granted
from orderloom.adapters.api.bodies import OneRecord, Record, body_of
from orderloom.adapters.api.changes import IfMatch, refusal
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.orders import found_order, version_in
from orderloom.adapters.api.rights import role_of
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.repaired import life, lines, seen_life, seen_lines
from orderloom.engine.desk.repairs import ask_repair, tell_repair
from orderloom.engine.events import Happened
from orderloom.engine.refused import Refused

REPAIR: dict[str, object] = {"line": "1", "data": {"serial": "S-1", "fault": "does not light"}, "preview": True}
TOLD: dict[str, object] = {"reply": "quoted", "data": {"amount": "24.50"}}


def repairs(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["orders"])
    for add in (_asking, _telling, _showing):
        add(route, desk)
    return route


def _asking(route: APIRouter, desk: Desk) -> None:
    @route.post("/orders/{order}/repairs", openapi_extra=body_of("repair", REPAIR, many=False))
    def ask(order: str, told: OneRecord, request: Request, if_match: IfMatch = None) -> Response:
        """Ask for a piece of a line to be repaired, or `preview` what would come of it; `data` has the fields of the event.

        With `If-Match` it is refused where the order has changed since that version.
        """
        found_order(desk, order)
        version, fields = version_in(if_match), Fields(told)
        line, name, preview = fields.needed("line"), fields.text("event") or "", fields.truth("preview")
        role, data = role_of(request, fields.text("role") or ""), _data(told)
        fit(fields)
        asked = Happened(desk.now(), name, None, data, line, by=str(request.state.caller), role=role)
        made = ask_repair(desk.store, desk.programs, order, asked, preview=preview, version=version)
        if isinstance(made, Refused):
            raise refusal(desk, order, made, request, version)
        return answer({"repair": None if preview else made.id, "order": order, "asked": made}, 200 if preview else 202)


def _telling(route: APIRouter, desk: Desk) -> None:
    @route.post("/repairs/{repair}/told", openapi_extra=body_of("what is told", TOLD, many=False))
    def tell(repair: str, told: OneRecord, request: Request) -> Response:
        """Answer the request for whose `reply` a repair waits; without one tell the event for which it waits."""
        fields = Fields(told)
        reply, role, data = fields.text("reply"), role_of(request, fields.text("role") or ""), _data(told)
        fit(fields)
        granted(life(desk.store, desk.programs, repair))
        made = tell_repair(desk.store, desk.programs, repair, desk.now(), reply, data, str(request.state.caller), role)
        return answer(granted(made, 409), 202)


def _showing(route: APIRouter, desk: Desk) -> None:
    @route.get("/repairs/{repair}")
    def show(repair: str, request: Request) -> Response:
        """A repair from the sale on: what was sold, what is the matter, who pays and why, what it waits for, what happened; a
        role has of it what it sees of the order."""
        (state, found), gate = granted(life(desk.store, desk.programs, repair)), request.state.gate
        return answer(found if gate is None else granted(seen_life(state, found, gate)))

    @route.get("/orders/{order}/repairs")
    def listed(order: str, request: Request) -> Response:
        """The repairs of an order: which piece, how far they have come, and what the customer pays; a role has of them what it
        sees of the order."""
        state, gate = found_order(desk, order).state, request.state.gate
        if state is None:
            return answer({"repairs": []})
        return answer({"repairs": list(lines(state) if gate is None else seen_lines(state, gate))})


def _data(told: Record) -> dict[str, object]:
    data = told.get("data")
    if data is not None and not isinstance(data, dict):
        raise Problem(422, "data must be an object")
    return dict(data or {})
