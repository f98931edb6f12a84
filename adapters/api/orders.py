"""Orders over HTTP: captured, listed, shown, explained, cancelled; drafts kept and submitted; promises offered."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response

from orderloom.adapters.api.answers import Problem, answer, granted, outcomes
from orderloom.adapters.api.bodies import OneRecord, Record, Records, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.imports.drafts import drafts, submitted
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.orders import order_of
from orderloom.adapters.imports.records import take_in
from orderloom.dsl.leaves import duration
from orderloom.engine.promises.options import options
from orderloom.engine.shell.foresight import opportunity_costs
from orderloom.engine.shell.inbox import cancel
from orderloom.engine.store import queries
from orderloom.engine.store.queries import PAGE, WholeOrder
from orderloom.engine.trace import is_traceparent

ORDER: dict[str, object] = {
    "id": "W1", "channel": "web", "placed_at": "2026-03-02T09:00:00Z", "customer": {"id": "C1"},
    "ship_to": {"zip": "10001", "country": "US"}, "lines": [{"id": "1", "item": "TEE", "quantity": 1, "unit_price": "29.00"}],
}  # fmt: skip

Limit = Annotated[int, Query(ge=1, le=1000)]
Traceparent = Annotated[str | None, Header(description="W3C Trace Context: the trace that the orders are captured in.")]


def orders(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["orders"])

    @route.post("/orders", openapi_extra=body_of("order", ORDER))
    def capture(records: Records, traceparent: Traceparent = None) -> Response:
        """Take orders in. An order is known by its id, and by its number within its channel; again it is `unchanged`."""
        return desk.take_in("orders", _in_trace(records, traceparent))

    @route.get("/orders")
    def list_orders(
        status: str | None = None, channel: str | None = None, customer: str | None = None, after: str = "", limit: Limit = PAGE
    ) -> Response:
        """List orders by id; `next`, where it is there, is the `after` of the next page."""
        found = queries.orders(desk.store, status, channel, customer, after, limit + 1)
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

    @route.post("/orders/{order}/submit")
    def submit(order: str) -> Response:
        """Submit a draft: what it holds is its own, and what it does not hold any more is planned anew."""
        receipt = granted(submitted(desk.store, desk.program.digest, order, desk.now()), 409)
        return answer({"order": receipt.order, "repeated": receipt.repeated}, 202)

    @route.post("/drafts", openapi_extra=body_of("order", ORDER))
    def keep(records: Records, hold: Annotated[str, Query(alias="keep")] = "PT30M", traceparent: Traceparent = None) -> Response:
        """Keep orders as drafts, and hold what they would take for so long."""
        held, now = duration(hold), desk.now()
        if held is None:
            raise Problem(422, f"keep must be a duration such as PT30M, not {hold}")
        kind = drafts(desk.store, desk.program.digest, now, now + held)
        return outcomes(take_in(_in_trace(records, traceparent), kind, desk.known()))

    @route.post("/promises/options", openapi_extra=body_of("order", ORDER, many=False))
    def offer(told: OneRecord) -> Response:
        """Offer promises for an order that is not placed yet: dates, prices and plans. Nothing is reserved."""
        fields = Fields(told)
        order, now = order_of(fields, desk.known()), desk.now()
        if fields.problems:
            raise Problem(422, "; ".join(fields.problems))
        items = {line.item for line in order.lines}
        with desk.lookup() as lookup, desk.store.reading() as connection:
            prices = opportunity_costs(connection, desk.store.shard, items)
            world = replace(lookup.world(items), opportunity_costs=prices)
        return answer(options(order, world, now))

    return route


def _in_trace(records: list[Record], traceparent: str | None) -> list[Record]:
    """Orders in the trace of their request, where they name none; a malformed one counts as none, as the standard has it."""
    if traceparent is None or not is_traceparent(traceparent):
        return records
    return [{"traceparent": traceparent} | record for record in records]


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
