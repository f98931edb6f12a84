"""Orders that are not placed yet over HTTP: drafts kept and submitted, promises offered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from msgspec.structs import replace

from orderloom.adapters.api.answers import Problem, answer, granted, outcomes
from orderloom.adapters.api.bodies import OneRecord, Record, Records, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.rights import may_capture, may_for, sees
from orderloom.adapters.imports.drafts import drafts as drafts_until
from orderloom.adapters.imports.drafts import submitted
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.orders import order_of
from orderloom.adapters.imports.records import take_in
from orderloom.dsl.leaves import duration
from orderloom.engine.promises.options import Menu, options
from orderloom.engine.shell.foresight import opportunity_costs
from orderloom.engine.trace import is_traceparent

ORDER: dict[str, object] = {
    "id": "W1", "channel": "web", "placed_at": "2026-03-02T09:00:00Z", "customer": {"id": "C1"},
    "ship_to": {"zip": "10001", "country": "US"}, "lines": [{"id": "1", "item": "TEE", "quantity": 1, "unit_price": "29.00"}],
}  # fmt: skip

Traceparent = Annotated[str | None, Header(description="W3C Trace Context: the trace that the orders are captured in.")]


def drafts(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["orders"])

    @route.post("/orders/{order}/submit")
    def submit(order: str, request: Request) -> Response:
        """Submit a draft: what it holds is its own, and what it does not hold any more is planned anew."""
        receipt = granted(submitted(desk.store, desk.version(), order, desk.now(), request.state.who), 409)
        return answer({"order": receipt.order, "repeated": receipt.repeated}, 202)

    @route.post("/drafts", openapi_extra=body_of("order", ORDER))
    def keep(
        records: Records, request: Request, hold: Annotated[str, Query(alias="keep")] = "PT30M", traceparent: Traceparent = None
    ) -> Response:
        """Keep orders as drafts, and hold what they would take for so long."""
        may_capture(request, records)
        held, now = duration(hold), desk.now()
        if held is None:
            raise Problem(422, f"keep must be a duration such as PT30M, not {hold}")
        kind = drafts_until(desk.store, desk.version(), now, now + held, request.state.who, sees(request))
        return outcomes(take_in(in_trace(records, traceparent), kind, desk.known()))

    @route.post("/promises/options", openapi_extra=body_of("order", ORDER, many=False))
    def offer(told: OneRecord, request: Request) -> Response:
        """Offer promises for an order that is not placed yet: dates, prices and plans. Nothing is reserved."""
        fields = Fields(told)
        order, now = order_of(fields, desk.known()), desk.now()
        if fields.problems:
            raise Problem(422, "; ".join(fields.problems))
        may_for(request, "quote", order)
        items = {line.item for line in order.lines}
        with desk.store.reading() as connection:
            prices = opportunity_costs(connection, desk.store.shard, items)
        with desk.lookup() as lookup:
            world = replace(lookup.world(items), opportunity_costs=prices)
        offered = options(order, world, now)
        return answer(offered if request.state.gate is None else _to_outsiders(offered))

    return route


def in_trace(records: list[Record], traceparent: str | None) -> list[Record]:
    """Orders in the trace of their request, where they name none; a malformed one counts as none, as the standard has it."""
    if traceparent is None or not is_traceparent(traceparent):
        return records
    return [{"traceparent": traceparent} | record for record in records]


def _to_outsiders(found: Menu) -> dict[str, object]:
    """What is offered, without the plans behind it and what they cost us."""
    shown = ("option", "ways", "deliver_by", "lines", "price")
    return {"options": [{name: getattr(each, name) for name in shown} for each in found.offered]}
