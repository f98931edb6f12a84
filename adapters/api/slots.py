"""Slots of resources over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Response

from orderloom.adapters.api.answers import answer, granted
from orderloom.adapters.api.desk import Desk
from orderloom.engine.desk.slots import MOST_DAYS, free_slots


def slots(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["promises"])

    @route.get("/slots")
    def list_slots(
        service: str | None = None, skill: str | None = None, region: str | None = None,
        first: Annotated[date | None, Query(alias="from")] = None, days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 14,
    ) -> Response:  # fmt: skip
        """List the slots in which resources have room: so many `days` `from` a day on, today unless said."""
        found = free_slots(desk.store, desk.program, desk.now(), days, service, skill, region, first)
        return answer({"slots": granted(found, 422)})

    return route
