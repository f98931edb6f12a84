"""What is answered: JSON as the store's own codec writes it, and problems in the form of RFC 9457."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.records import Outcome
from orderloom.engine.refused import Refused
from orderloom.engine.store.trouble import Moved, trouble

T = TypeVar("T")


class Problem(Exception):
    """Ends a request with this status and sentence; `more` is added to the body."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None, **more: object) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.more = status, detail, headers, more


def answer(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The value as JSON; decimals are texts, so that nobody reads them as floats."""
    return Response(msgspec.json.encode(value), status, headers, "application/json")


def outcomes(found: Sequence[Outcome]) -> Response:
    """What became of records: 200 where all are in, 422 where none is, else 207."""
    rejected = sum(each.verdict == "rejected" for each in found)
    status = 200 if not rejected else 422 if rejected == len(found) else 207
    return answer({"rejected": rejected, "results": found}, status)


def granted(found: T | Refused, status: int = 404) -> T:
    """What was asked for; ends the request where it was refused."""
    if isinstance(found, Refused):
        raise Problem(status, found.because)
    return found


def fit(fields: Fields) -> None:
    """Ends the request where what was told does not fit."""
    if fields.problems:
        raise Problem(422, "; ".join(fields.problems))


def handle_problems(app: FastAPI) -> None:
    """Makes a problem of whatever ends a request; of a fault of ours only its kind is told."""
    app.add_exception_handler(Problem, _told)
    app.add_exception_handler(HTTPException, _told)
    app.add_exception_handler(RequestValidationError, _told)
    app.add_exception_handler(DBAPIError, _told)
    app.add_exception_handler(Moved, _told)
    app.add_exception_handler(Exception, _told)


async def _told(_request: Request, fault: Exception) -> Response:
    return problem_response(_problem_of(fault))


def problem_response(problem: Problem) -> Response:
    """The problem as it is answered."""
    body = {"status": problem.status, "detail": problem.detail, **problem.more}
    return Response(msgspec.json.encode(body), problem.status, problem.headers, "application/problem+json")


def _problem_of(fault: Exception) -> Problem:
    if isinstance(fault, Problem):
        return fault
    if isinstance(fault, HTTPException):
        return Problem(fault.status_code, str(fault.detail), dict(fault.headers or {}))
    if isinstance(fault, RequestValidationError):
        return Problem(422, "; ".join(f"{each['loc'][-1]}: {each['msg']}" for each in fault.errors()))
    if trouble(fault):
        return Problem(503, "the store cannot be used at the moment", {"Retry-After": "5"})
    return Problem(500, f"a fault of orderloom, not of this request: {type(fault).__name__}")
