"""Jeopardy rules as they are written: how bad a projected lateness is, and what may be done about it."""

from __future__ import annotations

from decimal import Decimal

from orderloom.dsl.fields import ListOf, Located, Name, Number, OneOf, Ref, Section, Syntax, Text, key

SEVERITIES = ("LOW", "MEDIUM", "HIGH")
REMEDIES = ("source again", "rebook", "wait")
_DAYS = Number(Decimal(1), Decimal(3650), whole=True)


class Severity(Syntax, frozen=True, eq=False):
    """How bad it is to be so many days late."""

    severity: Located[str] = key("severity", OneOf(SEVERITIES), "How bad it is.", required=True)
    first: Located[Decimal] = key("from", _DAYS, "The fewest days late for which it counts.", required=True)
    last: Located[Decimal] | None = key("to", _DAYS, "The most days late for which it counts; any number unless said.")


class Remedy(Syntax, frozen=True, eq=False):
    """What may be done by itself, and within which budget."""

    remedy: Located[str] = key(
        "remedy",
        OneOf(REMEDIES),
        "`source again`: other sources that keep the promise. `rebook`: another slot for what follows. `wait`: the new date.",
        required=True,
    )
    most_extra_cost: Located[Decimal] | None = key(
        "most extra cost", Number(Decimal(0)), "The most that it may cost more than what was planned; 0 unless said."
    )
    most_days_later: Located[Decimal] | None = key(
        "most days later",
        Number(Decimal(0), Decimal(3650), whole=True),
        "The most days by which the customer's date may move; any number unless said. A line's `want_by` is always kept.",
    )
    tell: Located[str] | None = key(
        "tell",
        Ref("role"),
        "The role that is told: after `source again` of the unit of work that is given up, else of the one that moves.",
    )
    message: Located[str] | None = key("message", Ref("message"), "The message by which it is told.")


class Jeopardy(Syntax, frozen=True, eq=False):
    """What a slip puts at risk: its severity by the days that something would be late, and the remedies."""

    name: Located[str] = key("name", Name(), "Name, unique among jeopardy rules.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    severities: tuple[Severity, ...] = key("severities", ListOf(Section(Severity)), "How bad it is, by days.", required=True)
    remedies: tuple[Remedy, ...] = key(
        "remedies", ListOf(Section(Remedy)), "What is done by itself: of what fits its budget the cheapest, then the earliest."
    )
    day_costs: Located[Decimal] | None = key(
        "a day later costs", Number(Decimal(0)), "What a day weighs beside money when remedies are ranked; 0 unless said."
    )
    ask: Located[str] = key("ask", Ref("role"), "Whose queue gets what no remedy settles, to ask the customer.", required=True)
