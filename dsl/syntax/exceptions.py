"""Exceptions as they are written."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from orderloom.dsl.fields import (
    Duration,
    Formula,
    ListOf,
    Located,
    MapOf,
    Name,
    Pair,
    Ref,
    Section,
    Syntax,
    Text,
    Trigger,
    key,
)
from orderloom.dsl.forms import Escalation

SCOPE = "exception"


class Remedy(Syntax, frozen=True, eq=False):
    """What an option means, for whoever has to decide."""

    title: Located[str] | None = key("title", Text(), "What people see.")
    when: Located[str] | None = key(
        "when", Formula(SCOPE, "boolean"), "It is offered only if this is true; where no option would be left, all are offered."
    )
    cost: Located[str] | None = key("cost", Formula(SCOPE, "number"), "What it costs, as far as that can be known.")
    date: Located[str] | None = key("date", Formula(SCOPE, "date"), "When the customer has it then, as far as that can be known.")


class ExceptionType(Syntax, frozen=True, eq=False):
    """A type of exceptions: whose they are, how urgent, what may be done."""

    title: Located[str] | None = key("title", Text(), "What people see.")
    owner: Located[str] | None = key("owner", Ref("role"), "The role that resolves it where no step says so; else `operations`.")
    priority: Located[str] | None = key(
        "priority",
        Formula(SCOPE, "number", Decimal(-9), Decimal(9)),
        "From -9 to 9, as for orders; the highest comes first in the queue, then what is due first.",
    )
    within: Located[timedelta] | None = key(
        "within", Duration(), "How long the owner has, counted as for `ask`; then it is late."
    )
    escalate: tuple[Escalation, ...] = key("escalate", ListOf(Section(Escalation)), "Where it goes when nobody decides, in turn.")
    remedies: tuple[Pair[Remedy], ...] = key("remedies", MapOf(Section(Remedy)), "Of its options, what each means.")
    closes_when: Located[str] | None = key(
        "closes-when",
        Trigger(SCOPE, "boolean"),
        "An event, or a condition looked at whenever something happens to the order: it is settled by itself then.",
    )
    closes_as: Located[str] | None = key("closes-as", Name(), "The option that is taken then; the first one without it.")


class Exceptions(Syntax, frozen=True, eq=False):
    """What types of exceptions there are. A type of the workspace replaces one of the same name in a pack."""

    name: Located[str] = key("name", Name(), "Name, unique among documents of this kind.", required=True)
    types: tuple[Pair[ExceptionType], ...] = key("types", MapOf(Section(ExceptionType)), "The types by name.", required=True)
