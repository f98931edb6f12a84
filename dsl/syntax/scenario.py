"""Scenarios as they are written."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from orderloom.dsl.fields import (
    DateTime,
    ListOf,
    Located,
    MapOf,
    Number,
    Pair,
    Plain,
    PlainValue,
    Section,
    Syntax,
    Text,
    key,
)

COMMANDS = (
    "capture",
    "draft",
    "submit",
    "interest",
    "plan",
    "event",
    "reply",
    "resolve",
    "task",
    "cancel",
    "hold",
    "release",
    "change",
    "confirm",
    "appease",
    "return",
    "at",
    "time out",
    "supply",
    "receive",
    "count",
    "partners",
    "check",
)
_WHEN = (
    f"What happens, one thing each: {', '.join(COMMANDS)}. "
    "A line of an order that names no method is for `pickup` where the order has a `pickup_node`, else for `ship`."
)


class Given(Syntax, frozen=True, eq=False):
    """What there is before the scenario begins."""

    like: Located[str] | None = key("like", Text(), "The name of a scenario whose givens hold here too.")
    items: PlainValue | None = key("items", Plain(), "Items: a list of records, or a map by id.")
    nodes: PlainValue | None = key("nodes", Plain(), "Nodes: a list of records, or a map by id.")
    stock: PlainValue | None = key("stock", Plain(), "Stock by node and item, or a list of positions.")
    supply: PlainValue | None = key("supply", Plain(), "Supply that is on its way: a list of records.")
    slots: PlainValue | None = key(
        "slots", Plain(), "Slots that are taken by others: by resource and day, `full` or a list such as `[08:00-10:00]`."
    )


class Scenario(Syntax, frozen=True, eq=False):
    """An analyst's test: what is given, what happens, what must be true then."""

    name: Located[str] = key("name", Text(), "Name, unique among scenarios.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    covers: tuple[Located[Decimal], ...] = key("covers", ListOf(Number(whole=True)), "Numbers of the requirements that it shows.")
    clock: Located[datetime] = key("clock", DateTime(), "The moment at which it begins.", required=True)
    given: Given | None = key("given", Section(Given), "What there is before.")
    when: tuple[tuple[Pair[PlainValue], ...], ...] = key("when", ListOf(MapOf(Plain(), Text())), _WHEN, required=True)
    then: tuple[tuple[Pair[PlainValue], ...], ...] = key(
        "then", ListOf(MapOf(Plain(), Text())), "What must be true, one path each, such as `order.status`.", required=True
    )
