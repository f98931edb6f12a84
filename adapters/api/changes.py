"""Requests to change and cancel orders over HTTP, by the tables of changes of the order's own version."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from orderloom.adapters.api.answers import Problem, answer, fit, granted
from orderloom.adapters.api.bodies import OneRecord, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.orders import found_order, tag, version_in
from orderloom.adapters.api.rights import role_of
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.modifications import parts_of
from orderloom.engine.desk import requests
from orderloom.engine.desk.gate import Gate
from orderloom.engine.events import ModificationAsked
from orderloom.engine.refused import Refused

CANCEL: dict[str, object] = {"reason": "ordered twice", "role": "customer"}
CHANGE: dict[str, object] = {"role": "customer", "preview": True, "what": [{"what": "quantity", "line": "1", "quantity": 2}]}

IfMatch = Annotated[str | None, Header()]


def changes(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["orders"])
    for add in (_cancelling, _changing, _confirming):
        add(route, desk)
    return route


def _cancelling(route: APIRouter, desk: Desk) -> None:
    @route.post("/orders/{order}/cancel", openapi_extra=body_of("reason", CANCEL, many=False))
    def cancel_order(order: str, told: OneRecord, request: Request, if_match: IfMatch = None) -> Response:
        """Ask to cancel an order, in a `role`. With `If-Match` it is refused where the order has changed since that version.

        Behind a soft point of no return it is cancelled only by whoever says that its cost is agreed to, `"agreed": true`.
        """
        version, fields, by = version_in(if_match), Fields(told), str(request.state.caller)
        reason, role = fields.text("reason") or "", role_of(request, fields.text("role") or "")
        agreed = fields.truth("agreed")
        fit(fields)
        before = found_order(desk, order)
        said = requests.cancel(desk.store, desk.programs, order, by, desk.now(), reason, version, role, agreed)
        if said is not None:
            raise refusal(desk, order, said, request, version, '; "agreed": true says that it is' if said.soft else "")
        gate: Gate | None = request.state.gate
        return answer({"order": order} | ({"status": before.summary.status} if gate is None else {}), 202)


def _changing(route: APIRouter, desk: Desk) -> None:
    @route.post("/orders/{order}/changes", openapi_extra=body_of("change", CHANGE, many=False))
    def change(order: str, told: OneRecord, request: Request, if_match: IfMatch = None) -> Response:
        """Change an order, all parts or none, or `preview` what that would cost and when everything would come.

        With `If-Match` it is refused where the order has changed since that version. What a preview needs is held for a while.
        """
        before = found_order(desk, order)
        version, fields = version_in(if_match), Fields(told)
        role, preview = role_of(request, fields.text("role") or ""), fields.truth("preview")
        fit(fields)
        parts = granted(parts_of(told.get("what"), desk.program), 422)
        asked = ModificationAsked(desk.now(), "", parts, role, str(request.state.caller), preview)
        found = requests.modify(desk.store, desk.programs, order, asked, version)
        if isinstance(found, Refused):
            raise refusal(desk, order, found, request, version)
        gate: Gate | None = request.state.gate
        seen: object = found.difference if gate is None else gate.difference(before, found.difference)
        return answer({"order": order, "change": found.id, "difference": seen}, 202)


def _confirming(route: APIRouter, desk: Desk) -> None:
    @route.post("/orders/{order}/changes/{change}/confirm")
    def confirm(order: str, change: str, request: Request, if_match: IfMatch = None) -> Response:
        """Carry out a change that was previewed, as it was worked out; with `If-Match` only of an order at that version."""
        found_order(desk, order)
        version, by = version_in(if_match), str(request.state.caller)
        said = requests.confirm(desk.store, desk.programs, order, change, by, desk.now(), version, request.state.who.role)
        if said is not None:
            raise refusal(desk, order, said, request, version)
        return answer({"order": order, "change": change}, 202)


def refusal(desk: Desk, order: str, said: Refused, request: Request, version: int | None = None, more: str = "") -> Problem:
    """409; 412 with what has happened since, where an older version was seen; of it whoever asks is told what he may see."""
    now = found_order(desk, order)
    gate: Gate | None = request.state.gate
    if gate is not None:
        seen = gate.order(now)
        status = {} if isinstance(seen, Refused) or "status" not in seen else {"status_now": seen["status"]}
        outdated = version is not None and now.state is not None and now.state.sequence > version
        return Problem(412 if outdated else 409, said.because + more, tag(now), **status)
    since = [line for line in now.history if version is not None and line.sequence > version]
    return Problem(412 if since else 409, said.because + more, tag(now), status_now=now.summary.status, since=since)
