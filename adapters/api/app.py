"""The application: routes, who may call, and how much at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.metadata import version

from fastapi import Depends, FastAPI, Request, Response

from orderloom.adapters.api.answers import Problem, answer, handle_problems, problem_response
from orderloom.adapters.api.appeasements import appeasements
from orderloom.adapters.api.changes import changes
from orderloom.adapters.api.customers import customers
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.drafts import drafts
from orderloom.adapters.api.exceptions import exceptions
from orderloom.adapters.api.holds import holds
from orderloom.adapters.api.keys import Keys
from orderloom.adapters.api.offers import offers
from orderloom.adapters.api.orders import orders
from orderloom.adapters.api.participants import participants
from orderloom.adapters.api.repairs import repairs
from orderloom.adapters.api.returns import returns
from orderloom.adapters.api.rights import admitting
from orderloom.adapters.api.slots import slots
from orderloom.adapters.api.stock import stock
from orderloom.adapters.api.tasks import tasks
from orderloom.engine.access.who import OPERATOR, Who

AT_ONCE = 64  #: requests under way; more are asked to come again, before the store drowns

OPEN = frozenset({"/health", "/openapi.json", "/docs"})  #: paths that need no key

Next = Callable[[Request], Awaitable[Response]]


def make_app(desk: Desk, keys: Keys, at_once: int = AT_ONCE) -> FastAPI:
    """The application that serves a store to whoever has one of the keys."""
    title = f"Orderloom: {desk.program.workspace}"
    app = FastAPI(title=title, version=version("orderloom"), description=__doc__ or "", redoc_url=None)
    handle_problems(app)
    under_way = 0

    @app.middleware("http")
    async def admit(request: Request, go_on: Next) -> Response:
        nonlocal under_way
        caller = keys.caller(request.headers.get("authorization"))
        if caller is None and request.url.path not in OPEN:
            unknown = Problem(401, "a key is needed: Authorization: Bearer KEY", {"WWW-Authenticate": "Bearer"})
            return problem_response(unknown)
        if "\0" in request.url.path or b"%00" in request.scope["query_string"]:
            return problem_response(Problem(422, "the address contains a NUL character"))
        if under_way >= at_once:
            return problem_response(Problem(503, "too many requests are under way", {"Retry-After": "1"}))
        request.state.caller, request.state.acts_as = caller, keys.acts_as(caller or "")
        request.state.who = Who(caller or "") if keys.digests else OPERATOR
        under_way += 1
        try:
            return await go_on(request)
        finally:
            under_way -= 1

    @app.get("/health", tags=["health"])
    def health() -> Response:
        """Whether the store answers, and the time by its clock."""
        return answer({"workspace": desk.program.workspace, "now": desk.now()})

    for routes in (
        orders,
        customers,
        offers,
        changes,
        returns,
        repairs,
        appeasements,
        holds,
        drafts,
        stock,
        slots,
        participants,
        exceptions,
        tasks,
    ):
        app.include_router(routes(desk), dependencies=[Depends(admitting(desk))])
    return app
