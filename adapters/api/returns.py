"""Returns over HTTP: what one would come to, asking for it, and what has come back of an order."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from orderloom.adapters.api.answers import answer, granted
from orderloom.adapters.api.bodies import OneRecord, body_of
from orderloom.adapters.api.changes import IfMatch, refusal
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.orders import found_order, version_in
from orderloom.adapters.api.rights import role_of
from orderloom.adapters.imports.returns import request_of
from orderloom.adapters.returned import lines
from orderloom.engine.desk.returns import KNOWN, ask_return
from orderloom.engine.events import ReturnAsked
from orderloom.engine.refused import Refused

RETURN: dict[str, object] = {"line": "1", "quantity": 1, "reason": "too small", "node": "S2", "preview": True}


def returns(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["orders"])
    _asking(route, desk)
    _listing(route, desk)
    return route


def _asking(route: APIRouter, desk: Desk) -> None:
    @route.post("/orders/{order}/returns", openapi_extra=body_of("return", RETURN, many=False))
    def ask(order: str, told: OneRecord, request: Request, if_match: IfMatch = None) -> Response:
        """Ask for goods to come back, or `preview` what they bring. One whose `reference` has come before is not asked again.

        With `If-Match` it is refused where the order has changed since that version.
        """
        found_order(desk, order)
        version = version_in(if_match)
        own = {key: value for key, value in told.items() if key not in ("preview", "role")}
        role, preview = role_of(request, str(told.get("role") or "")), told.get("preview") is True
        asked = ReturnAsked(desk.now(), granted(request_of(own), 422), str(request.state.caller), role)
        made = ask_return(desk.store, desk.programs, order, asked, preview=preview, version=version)
        if made is KNOWN:
            return answer({"order": order, "reference": asked.request.reference}, 200)
        if isinstance(made, Refused):
            raise refusal(desk, order, made, request, version)
        worth = {"refund": made.worth.amount, "fees": made.worth.fees, "policy": made.found.policy.name}
        where = {"way": made.found.way, "node": made.found.node}
        return answer({"order": order, "return": None if preview else made.id, **where, **worth}, 200 if preview else 202)


def _listing(route: APIRouter, desk: Desk) -> None:
    @route.get("/orders/{order}/returns")
    def listed(order: str) -> Response:
        """The returns of an order: how far they have come, what was given for them, and what became of the goods."""
        state = found_order(desk, order).state
        return answer({"returns": list(lines(state)) if state is not None else []})
