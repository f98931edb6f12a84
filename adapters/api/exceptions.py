"""Exceptions over HTTP: listed, claimed and decided, one or many."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from orderloom.adapters.api.answers import Problem, answer, fit, granted
from orderloom.adapters.api.bodies import OneRecord, body_of
from orderloom.adapters.api.desk import Desk
from orderloom.adapters.api.pages import After, Limit, page
from orderloom.adapters.condition import meant
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.paging import QUEUE, seen_rows
from orderloom.engine.desk.gate import Gate
from orderloom.engine.desk.names import unknown_name
from orderloom.engine.shell.asking import resolve
from orderloom.engine.shell.bulk import Choice, resolve_all
from orderloom.engine.shell.people import claim_work
from orderloom.engine.store import queries
from orderloom.engine.store.queries import PAGE, ExceptionKey, ExceptionLine

CHOICE: dict[str, object] = {"option": "ask-again", "note": "called the store"}
CHOICES: dict[str, object] = {"type": "unfillable", "option": "try-again", "where": "order.total < 100", "dry_run": True}


def exceptions(desk: Desk) -> APIRouter:
    """The routes."""
    route = APIRouter(tags=["exceptions"])
    for add in (_listing, _deciding_many, _claiming, _deciding):  # of paths that fit a request the first counts
        add(route, desk)
    return route


def _listing(route: APIRouter, desk: Desk) -> None:
    @route.get("/exceptions")
    def list_exceptions(
        request: Request, role: str | None = None, settled: bool = False, type: str | None = None, person: str | None = None,
        after: After = None, limit: Limit = PAGE,
    ) -> Response:  # fmt: skip
        """List exceptions: the highest priority first, then what is due first; `next` is the `after` of the next page."""
        granted(unknown_name(desk.store, desk.program, role=role, type=type, person=person), 422)
        gate: Gate | None = request.state.gate
        key, begins = queries.key_of_exception, (after, QUEUE)

        def ask(behind: ExceptionKey | None, many: int) -> tuple[ExceptionLine, ...]:
            return queries.exceptions(desk.store, role, settled, behind, many, type, person)

        if gate is None:
            return page("exceptions", lambda behind: ask(behind, limit + 1), key, begins, limit)
        see = gate.exceptions
        return page(
            "exceptions", lambda behind: seen_rows(ask, key, see, behind, limit), lambda row: key(row[0]), begins, limit,
            lambda row: row[1],
        )  # fmt: skip


def _deciding_many(route: APIRouter, desk: Desk) -> None:
    @route.post("/exceptions/resolve", openapi_extra=body_of("choices", CHOICES, many=False))
    def decide_many(told: OneRecord, request: Request) -> Response:
        """Take one option of all open exceptions of a type (`role` and `where` say of which); `dry_run` only counts them."""
        fields, now = Fields(told), desk.now()
        kind, option, where = fields.needed("type"), fields.needed("option"), fields.text("where")
        choice = Choice(
            kind, option, str(request.state.caller), fields.text("note") or "", fields.text("role"), request.state.who.role
        )
        dry = fields.truth("dry_run")
        fit(fields)
        granted(unknown_name(desk.store, desk.program, type=kind, role=choice.role), 422)
        chosen = granted(meant(desk.store, desk.program, now, where or None, request.state.gate), 422)
        found = resolve_all(desk.store, choice, now, chosen, desk.program.people, dry)
        return answer({"taken": found.taken, "refused": found.refused}, 202)


def _claiming(route: APIRouter, desk: Desk) -> None:
    @route.post("/exceptions/{exception:path}/claim")
    def claim(exception: str, request: Request) -> Response:
        """Claim an exception, so that nobody else decides it."""
        refused = claim_work(
            desk.store, exception, str(request.state.caller), desk.now(), desk.program.people, request.state.who.role
        )
        if refused is not None:
            raise Problem(409, refused.because)
        return answer({"exception": exception, "by": str(request.state.caller)}, 202)


def _deciding(route: APIRouter, desk: Desk) -> None:
    @route.post("/orders/{order}/exceptions/{exception:path}", openapi_extra=body_of("choice", CHOICE, many=False))
    def decide(order: str, exception: str, told: OneRecord, request: Request) -> Response:
        """Take one of the options of an open exception; a worker then goes on with the order."""
        fields = Fields(told)
        option, note = fields.needed("option"), fields.text("note") or ""
        fit(fields)
        by, people, role = str(request.state.caller), desk.program.people, request.state.who.role
        refused = resolve(desk.store, order, exception, option, by, desk.now(), note, people, role)
        if refused is not None:
            raise Problem(409, refused.because)
        return answer({"order": order, "exception": exception, "option": option}, 202)
