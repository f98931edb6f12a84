"""Returns over HTTP: what one would come to, asking for it, telling that it is there, and what has come back."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from orderloom.adapters.api.answers import answer, fit, granted
from orderloom.adapters.api.bodies import OneRecord, body_of
from orderloom.adapters.api.changes import IfMatch, refusal
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.orders import found_order, version_in
from orderloom.adapters.api.rights import may_for, role_of
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.returns import brought_in, request_of
from orderloom.adapters.returned import as_told, lines, one, seen_lines, seen_one
from orderloom.engine.desk.blind import bring
from orderloom.engine.desk.returns import KNOWN, ask_return, receive_return
from orderloom.engine.events import ReturnAsked
from orderloom.engine.refused import Refused

RETURN: dict[str, object] = {"line": "1", "quantity": 1, "reason": "too small", "node": "S2", "preview": True}
BROUGHT: dict[str, object] = {"item": "TEE", "customer": "C7", "reason": "too small", "condition": "resellable", "preview": True}
RECEIPT: dict[str, object] = {"quantity": 1, "condition": "damaged"}


def returns(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["orders"])
    for add in (_asking, _bringing, _receiving, _showing):
        add(route, desk)
    return route


def _asking(route: APIRouter, desk: Desk) -> None:
    @route.post("/orders/{order}/returns", openapi_extra=body_of("return", RETURN, many=False))
    def ask(order: str, told: OneRecord, request: Request, if_match: IfMatch = None) -> Response:
        """Ask for goods to come back, or `preview` what they bring. One whose `reference` has come before is not asked again.

        With `If-Match` it is refused where the order has changed since that version.
        """
        found_order(desk, order)
        version, fields = version_in(if_match), Fields(told)
        own = {key: value for key, value in told.items() if key not in ("preview", "role")}
        role, preview = role_of(request, fields.text("role") or ""), fields.truth("preview")
        fit(fields)
        asked = ReturnAsked(desk.now(), granted(request_of(own), 422), str(request.state.caller), role)
        made = ask_return(
            desk.store, desk.programs, order, asked, preview=preview, version=version, works_at=request.state.who.node
        )
        if made is KNOWN:
            return answer({"order": order, "reference": asked.request.reference}, 200)
        if isinstance(made, Refused):
            raise refusal(desk, order, made, request, version)
        worth = {"refund": made.worth.amount, "fees": made.worth.fees, "policy": made.found.policy.name}
        where = {"way": made.found.way, "node": made.found.node, "exchange": made.request.exchange}
        return answer({"order": order, "return": None if preview else made.id, **where, **worth}, 200 if preview else 202)


def _bringing(route: APIRouter, desk: Desk) -> None:
    @route.post("/returns", openapi_extra=body_of("goods", BROUGHT, many=False))
    def bring_(told: OneRecord, request: Request) -> Response:
        """Take back goods whose order nobody knows for store credit, or `preview` that. An `id` that has come before is known."""
        fields, program, now = Fields(told), desk.current(), desk.now()
        role, preview = role_of(request, fields.text("role") or ""), fields.truth("preview")
        order, item, wanted = brought_in(fields, program.currency, now)
        fit(fields)
        may_for(request, "return", order)
        asked = ReturnAsked(now, wanted, str(request.state.caller), role)
        made = bring(desk.store, program, order, item, asked, preview=preview, works_at=request.state.who.node)
        if made is KNOWN:
            return answer({"order": order.id}, 200)
        found = granted(made, 409)
        worth = {"credit": found.worth.amount, "fees": found.worth.fees, "policy": found.found.policy.name}
        where = {"way": found.found.way, "node": found.found.node}
        names = {"order": None, "return": None} if preview else {"order": order.id, "return": found.id}
        return answer({**names, **where, **worth}, 200 if preview else 202)


def _receiving(route: APIRouter, desk: Desk) -> None:
    @route.post("/returns/{returned}/receipt", openapi_extra=body_of("receipt", RECEIPT, many=False))
    def receive(returned: str, told: OneRecord, request: Request) -> Response:
        """Tell that the goods of a return are there: all that were asked in the condition that was asked, unless said."""
        fields = Fields(told)
        quantity = None if fields.raw("quantity") is None else fields.count("quantity", least=0)
        condition, role = fields.text("condition"), role_of(request, fields.text("role") or "")
        fit(fields)
        granted(one(desk.store, returned))
        who = str(request.state.caller), role
        made = granted(receive_return(desk.store, desk.programs, returned, desk.now(), quantity, condition, *who), 409)
        return answer({"return": made.returned, "order": made.order, "quantity": made.quantity, "condition": made.condition}, 202)


def _showing(route: APIRouter, desk: Desk) -> None:
    @route.get("/returns/{returned}")
    def show(returned: str, request: Request) -> Response:
        """A return: what was asked, how far it has come, what was given for it, and what became of the goods; a role has of
        it what it sees of the order."""
        state, _ = granted(one(desk.store, returned))
        gate = request.state.gate
        return answer(as_told(state, returned) if gate is None else granted(seen_one(state, returned, gate)))

    @route.get("/orders/{order}/returns")
    def listed(order: str, request: Request) -> Response:
        """The returns of an order: how far they have come, what was given for them, and what became of the goods; a role has
        of them what it sees of the order."""
        state, gate = found_order(desk, order).state, request.state.gate
        if state is None:
            return answer({"returns": []})
        return answer({"returns": list(lines(state) if gate is None else seen_lines(state, gate))})
