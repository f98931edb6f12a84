"""Promising rules as they are written."""

# ruff: noqa: RUF009 - `key` declares a field, as `dataclasses.field` does
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from orderloom.dsl.fields import (
    Formula,
    ListOf,
    Located,
    MapOf,
    Name,
    Number,
    Pair,
    Section,
    Syntax,
    Text,
    key,
)


@dataclass(frozen=True, slots=True, eq=False)
class Supply(Syntax):
    """How much of a type of supply counts, and from when."""

    trust: Located[Decimal] = key("trust", Number(Decimal(0), Decimal(1)), "The part of it that counts, 0 to 1.", required=True)
    days_after_due: Located[Decimal] | None = key(
        "days after due", Number(Decimal(0), Decimal(3650), whole=True), "Days from its due date until it can be shipped."
    )


@dataclass(frozen=True, slots=True, eq=False)
class Service(Syntax):
    """A way from the node to the customer."""

    name: Located[str] = key("service", Name(), "Name of the service.", required=True)
    method: Located[str] = key("method", Name(), "What `unit.method` is for what goes by this service.", required=True)
    when: Located[str] | None = key("when", Formula("service", "boolean"), "When it may be used.")
    transit_days: Located[str] = key(
        "transit days", Formula("service", "number"), "Days from shipping to the customer.", required=True
    )


@dataclass(frozen=True, slots=True, eq=False)
class Promising(Syntax):
    """When a node can ship, and when the customer has it."""

    name: Located[str] = key("name", Name(), "Name, unique among promising rules.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    supply: tuple[Pair[Supply], ...] = key("supply", MapOf(Section(Supply)), "Which types of supply count.", required=True)
    floor: Located[str] | None = key("floor", Formula("floor", "number"), "Quantity that is never promised.")
    lead_days: Located[str] | None = key("lead days", Formula("lead days", "number"), "Working days before a node can begin.")
    processing_days: Located[str] | None = key(
        "processing days", Formula("lead days", "number"), "Working days of work before shipping."
    )
    lane: tuple[Pair[Located[str]], ...] = key(
        "lane", MapOf(Formula("lane"), Name(feel=True)), "Values worked out once for each pair of node and order."
    )
    services: tuple[Service, ...] = key("services", ListOf(Section(Service)), "How goods can reach the customer.", required=True)
