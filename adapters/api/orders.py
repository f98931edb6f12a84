"""Orders over HTTP: captured, listed, shown, explained, cancelled."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from orderloom.adapters.api.answers import Problem, answer
from orderloom.adapters.api.bodies import OneRecord, Records, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.drafts import ORDER, Traceparent, in_trace
from orderloom.adapters.imports.fields import Fields
from orderloom.engine.shell.inbox import cancel
from orderloom.engine.store import queries
from orderloom.engine.store.queries import PAGE, WholeOrder

Limit = Annotated[int, Query(ge=1, le=1000)]


def orders(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["orders"])

    @route.post("/orders", openapi_extra=body_of("order", ORDER))
    def capture(records: Records, traceparent: Traceparent = None) -> Response:
        """Take orders in. An order is known by its id, and by its number within its channel; again it is `unchanged`."""
        return desk.take_in("orders", in_trace(records, traceparent))

    @route.get("/orders")
    def list_orders(
        status: str | None = None, channel: str | None = None, customer: str | None = None, hold: str | None = None,
        after: str = "", limit: Limit = PAGE,
    ) -> Response:  # fmt: skip
        """List orders by id; `next`, where it is there, is the `after` of the next page."""
        found = queries.orders(desk.store, status, channel, customer, after, limit + 1, hold)
        page = {"orders": found[:limit]}
        return answer(page | {"next": found[limit - 1].id} if len(found) > limit else page)

    @route.get("/orders/{order}")
    def show(order: str) -> Response:
        """Show an order. Its `ETag` is the version that a request to change it may name."""
        found = _found(desk, order)
        return answer({"summary": found.summary, "state": found.state, "messages": found.messages}, headers=_tag(found))

    @route.get("/orders/{order}/explain")
    def explain(order: str) -> Response:
        """Explain an order: the decisions on record, what happened, and its exceptions."""
        found = _found(desk, order)
        return answer({"records": found.records, "history": found.history, "exceptions": found.exceptions}, headers=_tag(found))

    @route.post("/orders/{order}/cancel", openapi_extra=body_of("reason", {"reason": "ordered twice"}, many=False))
    def cancel_order(order: str, told: OneRecord, request: Request, if_match: Annotated[str | None, Header()] = None) -> Response:
        """Ask to cancel an order. With `If-Match` it is refused where the order has changed since that version."""
        version = _version(if_match)
        by = str(request.state.caller)
        before = _found(desk, order)
        refused = cancel(desk.store, order, by, desk.now(), Fields(told).text("reason") or "", version)
        if refused is not None:
            now = _found(desk, order)
            since = [line for line in now.history if version is not None and line.sequence > version]
            status = 412 if since else 409
            raise Problem(status, refused.because, _tag(now), status_now=now.summary.status, since=since)
        return answer({"order": order, "status": before.summary.status}, 202)

    return route


def _found(desk: Desk, order: str) -> WholeOrder:
    found = queries.order(desk.store, order)
    if found is None:
        raise Problem(404, f"there is no order {order}")
    return found


def _tag(found: WholeOrder) -> dict[str, str]:
    return {"ETag": f'"{found.state.sequence if found.state else 0}"'}


def _version(if_match: str | None) -> int | None:
    if if_match in (None, "*"):
        return None
    text = str(if_match).removeprefix("W/").strip('"')
    if not text.isdigit():
        raise Problem(422, f"If-Match must be the ETag of the order, not {if_match}")
    return int(text)
