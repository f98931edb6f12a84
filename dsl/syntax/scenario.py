"""Scenarios as they are written."""

from __future__ import annotations

from collections.abc import Mapping
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

_HOLD = ("order", "hold", "line", "as", "by", "note", "refused")
_CHANGE = ("order", "what", "as", "by", "version", "preview", "differs", "refused")
_TASK = ("claim", "release", "delegate", "complete", "order", "unit", "by", "to", "outcome", "form", "note", "refused")
_APPEASE = (
    "order", "line", "reason", "condition", "quantity", "first", "as", "by", "policy", "accept", "offered", "refused",
)  # fmt: skip
_RETURN = (
    "order", "as", "by", "preview", "gives", "refused", "brought", "id", "customer", "channel", "line", "quantity", "reason",
    "node", "way", "condition", "serials", "exchange", "currency", "reference",
)  # fmt: skip

#: What may happen, with the keys that each takes; None: it takes something else than keys, or any.
COMMANDS: Mapping[str, tuple[str, ...] | None] = {
    "capture": ("order", "refused", "known as"),
    "draft": ("order", "keep"),
    "submit": ("order",),
    "interest": ("id", "customer", "item", "kind", "channel", "at", "quantity", "price", "note"),
    "plan": ("order", "policy"),
    "event": ("order", "unit", "line", "node", "participant", "name", "data"),
    "reply": ("order", "unit", "message", "number", "reply", "data", "late"),
    "resolve": ("order", "exception", "option", "by", "note", "condition"),
    "task": _TASK,
    "cancel": ("order", "by", "as", "reason", "version", "agreed", "refused"),
    "hold": _HOLD,
    "release": _HOLD,
    "change": _CHANGE,
    "confirm": ("order", "change", "by", "refused"),
    "appease": _APPEASE,
    "return": _RETURN,
    "at": None,
    "time out": ("order", "unit", "step"),
    "supply": ("id", "item", "node", "due on"),
    "receive": ("id", "item", "node", "quantity"),
    "count": ("item", "node", "on hand"),
    "partners": None,
    "check": None,
}

#: What can be looked at: the first word of each path of `then` and of `check`.
LOOKED_AT = (
    "of", "orders", "order", "line", "units", "steps", "statuses", "plan", "options", "declined", "offers", "not offered",
    "promises", "stock", "slots", "messages", "notifications", "documents", "supply orders", "exceptions", "settled", "holds",
    "tasks", "closed tasks", "changes", "appeasements", "returns", "seen", "explain", "sees", "alerts", "alarms", "customer",
    "perfect order",
)  # fmt: skip
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
