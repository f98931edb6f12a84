"""Jeopardy rules."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from orderloom.dsl import program
from orderloom.dsl.formulas import origin
from orderloom.dsl.lower.values import text
from orderloom.dsl.program.jeopardy import RemedyKind
from orderloom.dsl.syntax.jeopardy import Jeopardy, Remedy, Severity


def lowered_jeopardy(rules: Jeopardy) -> program.JeopardyRules:
    return program.JeopardyRules(
        name=rules.name.value,
        title=text(rules.title, rules.name.value),
        severities=tuple(_severity(each) for each in rules.severities),
        remedies=tuple(_remedy(each) for each in rules.remedies),
        day_costs=rules.day_costs.value if rules.day_costs is not None else Decimal(0),
        ask=rules.ask.value,
        origin=origin(rules.name.span),
    )


def _severity(each: Severity) -> program.Severity:
    last = int(each.last.value) if each.last is not None else None
    name = cast(program.Jeopardy, each.severity.value)
    return program.Severity(name, int(each.first.value), last, origin(each.severity.span))


def _remedy(each: Remedy) -> program.JeopardyRemedy:
    cost = each.most_extra_cost.value if each.most_extra_cost is not None else Decimal(0)
    days = int(each.most_days_later.value) if each.most_days_later is not None else None
    told, message = (written.value if written is not None else None for written in (each.tell, each.message))
    return program.JeopardyRemedy(cast(RemedyKind, each.remedy.value), cost, days, told, message, origin(each.remedy.span))
