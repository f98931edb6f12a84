"""Jeopardy rules: how bad a projected lateness is, and what may be done about it."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from orderloom.dsl.program.formula import Origin
from orderloom.dsl.program.options import Jeopardy

RemedyKind = Literal["source again", "rebook", "wait"]


class Severity(Struct, frozen=True):
    """How bad it is to be late by `first` to `last` days; None: by any more."""

    severity: Jeopardy
    first: int
    last: int | None
    origin: Origin


class JeopardyRemedy(Struct, frozen=True):
    """What may be done by itself; `most_days_later` is None where the line's own limit is the only one.

    The role `tell` gets `message` about the unit of work that is given up or moves.
    """

    kind: RemedyKind
    most_extra_cost: Decimal
    most_days_later: int | None
    tell: str | None
    message: str | None
    origin: Origin


class JeopardyRules(Struct, frozen=True):
    """Severities by days, remedies with their budgets, and who is asked where none of them fits."""

    name: str
    title: str
    severities: tuple[Severity, ...]
    remedies: tuple[JeopardyRemedy, ...]
    day_costs: Decimal
    ask: str
    origin: Origin

    def jeopardy(self, days_late: int) -> Jeopardy | None:
        """How bad so many days are; None where it is no matter."""
        for each in self.severities:
            if each.first <= days_late and (each.last is None or days_late <= each.last):
                return each.severity
        return None
