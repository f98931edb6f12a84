"""Types of exceptions."""

from __future__ import annotations

from orderloom.dsl import program
from orderloom.dsl.fields import Pair
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.task import lowered_escalations
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.syntax.exceptions import ExceptionType, Remedy
from orderloom.dsl.triggers import event_of


def lowered_exception(pair: Pair[ExceptionType], formulas: Compiled) -> program.ExceptionType:
    name, kind = pair.key.value, pair.value
    usual = program.ENGINE_TYPES.get(name)
    return program.ExceptionType(
        name=name,
        title=text(kind.title, usual.title if usual is not None else name),
        owner=kind.owner.value if kind.owner is not None else None,
        priority=formula(kind.priority, formulas),
        within=kind.within.value if kind.within is not None else None,
        escalations=lowered_escalations(kind.escalate),
        remedies={each.key.value: _remedy(each, formulas) for each in kind.remedies},
        closes_when=formulas.get(kind.closes_when) if kind.closes_when is not None else None,
        closes_on=event_of(kind.closes_when.value) if kind.closes_when is not None else None,
        closes_as=kind.closes_as.value if kind.closes_as is not None else None,
        origin=origin(pair.key.span),
    )


def _remedy(pair: Pair[Remedy], formulas: Compiled) -> program.Remedy:
    written = pair.value
    return program.Remedy(
        pair.key.value,
        text(written.title, pair.key.value),
        formula(written.when, formulas),
        formula(written.cost, formulas),
        formula(written.date, formulas),
    )
