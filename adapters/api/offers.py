"""Offers over HTTP: what may be sold with an order, or in place of a line."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from orderloom.adapters.api.answers import Problem, answer, fit
from orderloom.adapters.api.bodies import OneRecord, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.drafts import ORDER
from orderloom.adapters.api.orders import found_order
from orderloom.adapters.api.rights import may_for
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.orders import order_of
from orderloom.engine.desk.offering import offered


def offers(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["orders"])

    @route.get("/orders/{order}/offers")
    def offers_with(order: str) -> Response:
        """What may be offered with an order or a draft: each offer with its price and date, and why others are not made."""
        found = found_order(desk, order)
        if found.state is None:
            raise Problem(409, f"order {order} waits for a worker")
        with desk.lookup() as lookup:
            return answer(offered(desk.store, found.state.order, lookup.world, desk.now()))

    @route.post("/offers", openapi_extra=body_of("order", ORDER, many=False))
    def offers_for(told: OneRecord, request: Request) -> Response:
        """What may be offered with an order that is not placed yet; it is made of what the customer did before."""
        fields = Fields(told)
        order = order_of(fields, desk.known())
        fit(fields)
        may_for(request, "offer", order)
        with desk.lookup() as lookup:
            return answer(offered(desk.store, order, lookup.world, desk.now()))

    return route
