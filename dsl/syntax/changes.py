"""Changes as they are written: who may change what of an order, until when, and at what price."""

from __future__ import annotations

from datetime import timedelta

from orderloom.dsl.fields import (
    Duration,
    Formula,
    ListOf,
    Located,
    MapOf,
    Name,
    OneOf,
    Pair,
    Syntax,
    Text,
    key,
)

#: What may be changed. `cancel` keeps the line and what it says; `remove-line` takes it out of the order.
WHATS = (
    "add-line", "remove-line", "quantity-up", "quantity-down", "item", "address", "method", "date", "attributes", "cancel",
)  # fmt: skip
LEVELS = ("order", "line", "unit")
ANSWERS = ("refuse", "approval", "price", "allow")  #: of several that apply the first counts
INPUTS = ("what", "level", "status", "role")
OUTPUTS = ("answer", "because", "price", "approve")

_TABLE = (
    "The rows as a text table, with the columns `what`, `level`, `status` and `role`, those of `inputs`, and, after ||, `answer` "
    "(allow, refuse, price or approval), `because` (why it is refused), `price` (FEEL: what the customer pays for the change), "
    "`approve` (the role that has to agree). Columns that say nothing may be left out."
)


class Changes(Syntax, frozen=True, eq=False):
    """Who may change what of an order, in which status.

    `what` is add-line, remove-line, quantity-up, quantity-down, item, address, method, date, attributes or cancel; `level` says
    of what: order, line or unit (of work). `status` is that of each unit of work that the change concerns; where there is none,
    that of the order. Where several rows or documents speak, the strictest answer counts. Every case must have an answer.
    """

    name: Located[str] = key("name", Name(), "Name, unique among documents of this kind.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    keep: Located[timedelta] | None = key(
        "keep", Duration(), "How long a preview stands, with what it would take reserved; PT15M unless said."
    )
    until: tuple[Pair[Located[str]], ...] = key(
        "until",
        MapOf(Text(), Name()),
        "For what is changed (`cancel`, `address` ...), the status from which on it is refused, whatever the table says.",
    )
    hit: Located[str] | None = key("hit", OneOf(("unique", "first")), "Which matching rows count; `unique` unless said.")
    inputs: tuple[Pair[Located[str]], ...] = key(
        "inputs", MapOf(Formula("change"), Name(feel=True)), "Further input columns, each with what it looks at."
    )
    table: Located[str] | None = key("table", Text(), _TABLE)
    rows: tuple[tuple[Located[str], ...], ...] = key(
        "rows", ListOf(ListOf(Text())), "The rows as lists of cells, with all of these columns, the further ones after `role`."
    )
    file: Located[str] | None = key("file", Text(), "A CSV or XLSX file with the rows, relative to this file, with all columns.")
