"""Orders over HTTP: captured, listed, shown, explained, cancelled."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from orderloom.adapters.api.answers import Problem, answer, granted
from orderloom.adapters.api.bodies import Records, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.drafts import ORDER, Traceparent, in_trace
from orderloom.adapters.api.pages import Limit
from orderloom.adapters.api.rights import gate_for, may_capture, sees
from orderloom.adapters.seen import listed
from orderloom.engine.desk.names import unknown_name
from orderloom.engine.seen import Seen
from orderloom.engine.store import queries
from orderloom.engine.store.queries import PAGE, WholeOrder
from orderloom.engine.store.search import Asked, find

Moment = Annotated[datetime | None, Query(description="A moment such as 2026-03-01T00:00:00Z.")]
As = Annotated[str | None, Query(alias="as", description="As whom: a role, a person or an organization; for the operator.")]
LONGEST = 10  #: digits of a version; no order has seen more


def orders(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["orders"])
    _capturing(route, desk)
    _finding(route, desk)
    _showing(route, desk)
    return route


def _capturing(route: APIRouter, desk: Desk) -> None:
    @route.post("/orders", openapi_extra=body_of("order", ORDER))
    def capture(records: Records, request: Request, traceparent: Traceparent = None) -> Response:
        """Take orders in. An order is known by its id, and by its number within its channel; again it is `unchanged`."""
        may_capture(request, records)
        return desk.take_in("orders", in_trace(records, traceparent), who=request.state.who, sees=sees(request))


def _finding(route: APIRouter, desk: Desk) -> None:
    @route.get("/orders")
    def list_orders(
        request: Request, status: str | None = None, channel: str | None = None, customer: str | None = None,
        hold: str | None = None, number: str | None = None, item: str | None = None, email: str | None = None,
        phone: str | None = None, text: str = "",
        since: Moment = None, until: Moment = None, after: str = "", limit: Limit = PAGE,
        role: As = None, view: str | None = None,
    ) -> Response:  # fmt: skip
        """List or find orders, by id; `next`, where it is there, is the `after` of the next page.

        `number` is the channel's own, `text` are words of the customer's name or of the address, all of which must be there.
        """
        granted(unknown_name(desk.store, desk.program, hold=hold), 422)
        placed = {"since": aware(since), "until": aware(until)}
        asked = Asked(status, channel, customer, hold, number, item, email, phone, text, **placed)
        if (gate := gate_for(desk, request, role)) is not None:
            return answer(_page(listed(gate, desk.store, asked, after, limit + 1, granted(gate.saved(view), 422)), limit))
        found = find(desk.store, asked, after, limit + 1)
        page = {"orders": found[:limit]}
        return answer(page | {"next": found[limit - 1].id} if len(found) > limit else page)


def _showing(route: APIRouter, desk: Desk) -> None:
    @route.get("/orders/{order}")
    def show(order: str, request: Request, role: As = None, view: str | None = None) -> Response:
        """Show an order, or what a role sees of it. Its `ETag` is the version that a request to change it may name."""
        found = queries.order(desk.store, order)
        gate = gate_for(desk, request, role, found.summary.customer if found else None)
        if gate is not None:
            granted(gate.may_see(order))
        found = found_order(desk, order)
        if gate is not None:
            return answer(granted(gate.order(found, granted(gate.saved(view), 422)), 403), headers=tag(found))
        return answer({"summary": found.summary, "state": found.state, "messages": found.messages}, headers=tag(found))

    @route.get("/orders/{order}/explain")
    def explain(order: str, request: Request) -> Response:
        """Explain an order: the decisions on record, what happened, and its exceptions; each where the role sees it."""
        found, gate = found_order(desk, order), request.state.gate
        if gate is not None:
            return answer(granted(gate.explained(found)), headers=tag(found))
        return answer({"records": found.records, "history": found.history, "exceptions": found.exceptions}, headers=tag(found))


def aware(moment: datetime | None) -> datetime | None:
    """A moment in UTC where it names no zone."""
    return moment if moment is None or moment.tzinfo else moment.replace(tzinfo=UTC)


def _page(found: list[Seen], limit: int) -> dict[str, object]:
    page: dict[str, object] = {"orders": found[:limit]}
    return page | {"next": found[limit - 1]["order"]} if len(found) > limit else page


def found_order(desk: Desk, order: str) -> WholeOrder:
    """The order; ends the request where there is none."""
    found = queries.order(desk.store, order)
    if found is None:
        raise Problem(404, f"there is no order {order}")
    return found


def tag(found: WholeOrder) -> dict[str, str]:
    """The header with the order's version."""
    return {"ETag": f'"{found.state.sequence if found.state else 0}"'}


def version_in(if_match: str | None) -> int | None:
    """The version that a request has seen."""
    if if_match in (None, "*"):
        return None
    text = str(if_match).removeprefix("W/").strip('"')
    if not (text.isdecimal() and text.isascii() and len(text) < LONGEST):
        raise Problem(422, f"If-Match must be the ETag of the order, not {if_match}")
    return int(text)
