"""Appeasements over HTTP: what may be offered in place of a return, what was accepted, and what came of it."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from orderloom.adapters.api.answers import answer, fit, granted
from orderloom.adapters.api.bodies import OneRecord, body_of
from orderloom.adapters.api.changes import refusal
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.orders import Moment, aware, found_order, version_in
from orderloom.adapters.api.pages import After, Limit, page
from orderloom.adapters.api.rights import role_of
from orderloom.adapters.appeased import figures, record
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.paging import moment, seen_rows
from orderloom.engine.appeasements.case import Case
from orderloom.engine.desk import appeasing
from orderloom.engine.refused import Refused
from orderloom.engine.store.appeasements import AppeasementKey, Kept, each_of, key_of
from orderloom.engine.store.appeasements import appeasements as kept
from orderloom.engine.store.queries import PAGE

CASE: dict[str, object] = {"line": "1", "quantity": 1, "reason": "late", "condition": "resellable", "role": "customer-service"}

IfMatch = Annotated[str | None, Header()]


def appeasements(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["appeasements"])
    _asking(route, desk)
    _telling(route, desk)
    return route


def _asking(route: APIRouter, desk: Desk) -> None:
    @route.post("/orders/{order}/offers", openapi_extra=body_of("case", CASE, many=False))
    def offers(order: str, told: OneRecord, request: Request) -> Response:
        """What may be offered for units of a line in place of a return, the cheapest first; nothing is kept.

        Without a `role` nobody's authority is asked for, and without a `quantity` it is about all units that are left.
        """
        found_order(desk, order)
        case, policy = _case(_in_role(told, request), str(request.state.caller)), Fields(told).text("policy")
        return answer(granted(appeasing.offered(desk.store, desk.programs, order, case, desk.now(), policy), 409))

    @route.post("/orders/{order}/appeasements", openapi_extra=body_of("case", {**CASE, "offer": "tenth-off"}, many=False))
    def accept(order: str, told: OneRecord, request: Request, if_match: IfMatch = None) -> Response:
        """Grant an offer that the customer accepts, or ask the role that has to agree, which is `approve` then.

        With `If-Match` it is refused where the order has changed since that version.
        """
        found_order(desk, order)
        fields, version = Fields(told), version_in(if_match)
        offer = fields.needed("offer")
        fit(fields)
        case = _case(_in_role(told, request), str(request.state.caller))
        taken = appeasing.accept(desk.store, desk.programs, order, case, offer, desk.now(), version)
        if isinstance(taken, Refused):
            raise refusal(desk, order, taken, request, version)
        return answer({"order": order, "appeasement": record(taken.appeasement)}, 202)


def _telling(route: APIRouter, desk: Desk) -> None:
    @route.get("/appeasements")
    def list_(
        request: Request, order: str | None = None, customer: str | None = None, policy: str | None = None,
        after: After = None, limit: Limit = PAGE,
    ) -> Response:  # fmt: skip
        """List what customers accepted, the latest first; a role has those of orders of which it sees customer and documents."""
        gate, ask = request.state.gate, partial(kept, desk.store, order, customer, policy)

        def rows(key: AppeasementKey | None) -> list[Kept]:
            return ask(key, limit + 1) if gate is None else seen_rows(ask, key_of, gate.appeasements, key, limit)

        return page("appeasements", rows, key_of, (after, (moment, str, str)), limit, record)

    @route.get("/appeasements/report")
    def report(policy: str | None = None, since: Moment = None) -> Response:
        """Report what came of them, by policy and offer: accepted, saved, returned all the same."""
        return answer({"offers": figures(each_of(desk.store, policy, aware(since)))})


def _in_role(told: dict[str, object], request: Request) -> dict[str, object]:
    return {**told, "role": role_of(request, str(told.get("role") or "")) or None}


def _case(told: dict[str, object], by: str) -> Case:
    fields = Fields(told)
    quantity = fields.count("quantity", 1) if told.get("quantity") is not None else None
    first = fields.count("first", 0) if told.get("first") is not None else None
    line, texts = fields.needed("line"), [fields.text(name) or "" for name in ("reason", "condition", "role")]
    fit(fields)
    return Case(line, texts[0], texts[1], quantity, first, texts[2], by if texts[2] else "")
