"""Promising rules as they are written."""

from __future__ import annotations

from decimal import Decimal

from orderloom.dsl.fields import (
    Formula,
    ListOf,
    Located,
    MapOf,
    Name,
    Number,
    Pair,
    Ref,
    Section,
    Syntax,
    Text,
    key,
)
from orderloom.dsl.syntax.options import PromiseOption, Slip

ZERO = Decimal(0)


class Supply(Syntax, frozen=True, eq=False):
    """How much of a type of supply counts, and from when."""

    trust: Located[str] = key(
        "trust", Formula("trust", "number", ZERO, Decimal(1)), "The part of it that counts, 0 to 1.", required=True
    )
    days_after_due: Located[Decimal] | None = key(
        "days after due", Number(Decimal(0), Decimal(3650), whole=True), "Days from its due date until it can be shipped."
    )


class Work(Syntax, frozen=True, eq=False):
    """A value-added service: what may be done to an item before it ships."""

    name: Located[str] = key("work", Name(), "Name of the work, as `line.services` asks for it.", required=True)
    nodes: Located[str] | None = key("nodes", Formula("pool", "boolean"), "Where it can be done; everywhere without it.")
    processing_days: Located[str] | None = key(
        "processing days", Formula("lead days", "number", ZERO), "Working days that it takes, added to those of the node."
    )
    capacity: Located[str] | None = key(
        "capacity", Formula("capacity", "number", ZERO), "Units that a node may begin on one day; no limit without it."
    )
    fee: Located[str] | None = key("fee", Formula("fee", "number", ZERO), "What the customer pays for one unit.")


class Service(Syntax, frozen=True, eq=False):
    """A way from the node to the customer."""

    name: Located[str] = key("service", Name(), "Name of the service.", required=True)
    method: Located[str] = key("method", Name(), "What `unit.method` is for what goes by this service.", required=True)
    when: Located[str] | None = key("when", Formula("service", "boolean"), "When it may be used.")
    transit_days: Located[str] = key(
        "transit days", Formula("service", "number"), "Days from shipping to the customer.", required=True
    )
    delivers_on: Located[str] | None = key(
        "delivers on", Ref("calendar"), "Calendar of the carrier: it delivers on the next day that is open; every day without it."
    )


class Promising(Syntax, frozen=True, eq=False):
    """When a node can ship, and when the customer has it."""

    name: Located[str] = key("name", Name(), "Name, unique among promising rules.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    supply: tuple[Pair[Supply], ...] = key("supply", MapOf(Section(Supply)), "Which types of supply count.", required=True)
    stock_classes: tuple[Pair[Located[str]], ...] = key(
        "stock classes", MapOf(Formula("stock class", "boolean")), "Which stock classes count, and when; `good` without it."
    )
    floor: Located[str] | None = key("floor", Formula("floor", "number", ZERO), "Quantity that is never promised.")
    lead_days: Located[str] | None = key(
        "lead days", Formula("lead days", "number", ZERO), "Working days before a node can begin."
    )
    work: tuple[Work, ...] = key("work", ListOf(Section(Work)), "What may be done to an item before it ships.")
    processing_days: Located[str] | None = key(
        "processing days", Formula("lead days", "number", ZERO), "Working days of work before shipping."
    )
    capacity: Located[str] | None = key(
        "capacity", Formula("capacity", "number", ZERO), "Units that a node may ship on one day; no limit without it."
    )
    lane: tuple[Pair[Located[str]], ...] = key(
        "lane", MapOf(Formula("lane"), Name(feel=True)), "Values worked out once for each pair of node and order."
    )
    services: tuple[Service, ...] = key("services", ListOf(Section(Service)), "How goods can reach the customer.", required=True)
    options: tuple[PromiseOption, ...] = key(
        "options", ListOf(Section(PromiseOption)), "What a customer may choose from before the order is placed."
    )
    jeopardy: Located[str] | None = key(
        "jeopardy", Ref("jeopardy"), "Rules of what is done when something will be late, in place of `if supply slips`."
    )
    slip: Slip | None = key("if supply slips", Section(Slip), "What becomes of promises whose supply comes on another day.")
