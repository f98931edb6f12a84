"""Returns as they are written: what is taken back, until when, where, for how much, and what becomes of it."""

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
    Ref,
    Section,
    Syntax,
    Text,
    key,
)

SCOPE = "return"
EXCHANGES = ("regular", "advance")
#: What may become of what came back: what a disposition's column `next` may say.
NEXT_STEPS = ("restock", "transfer", "vendor", "repair", "charity", "dispose")


class NotTaken(Syntax, frozen=True, eq=False):
    """What is not taken back."""

    when: Located[str] = key("when", Formula(SCOPE, "boolean"), "It is refused when this is true.", required=True)
    because: Located[str] = key("because", Text(), "The reason that the customer is told.", required=True)


class Blind(Syntax, frozen=True, eq=False):
    """What is taken back although nobody knows the order that it was bought with; store credit is given for it, never money."""

    price: Located[timedelta] = key(
        "lowest price of",
        Duration(),
        "The credit is the lowest price, less discount, at which orders of so long have sold the item; others are refused.",
        required=True,
    )
    when: Located[str] | None = key("when", Formula(SCOPE, "boolean"), "What is taken back so; all unless said.")
    because: Located[str] | None = key("because", Text(), "The reason that the customer is told where that does not hold.")


class Returns(Syntax, frozen=True, eq=False):
    """A policy of returns. That of an order is the first whose `when` holds, in the order in which they stand."""

    name: Located[str] = key("name", Name(), "Name, unique among policies of returns.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    when: Located[str] | None = key(
        "when", Formula("policy of returns", "boolean"), "The orders that it is for; all unless said."
    )
    window: Located[timedelta] | None = key(
        "window", Duration(), "How long after delivery or pick-up goods are taken back, in whole days; for ever unless said."
    )
    reasons: tuple[Located[str], ...] = key("reasons", ListOf(Text()), "The reasons that may be given; any unless said.")
    conditions: tuple[Located[str], ...] = key(
        "conditions", ListOf(Text()), "The conditions in which goods may be, as asked and as inspected; any unless said."
    )
    places: tuple[Pair[Located[str]], ...] = key(
        "places",
        MapOf(Formula(SCOPE, "boolean")),
        "The ways back, such as store, dealer or parcel, each with the nodes that take goods by it.",
        required=True,
    )
    refuse: tuple[NotTaken, ...] = key("refuse", ListOf(Section(NotTaken)), "What is not taken back, and why.")
    serials: Located[str] | None = key(
        "serials", Formula(SCOPE, "list"), "The serial numbers that were sold with the line, where its goods have any."
    )
    shipping: Located[str] | None = key(
        "refund shipping", Formula(SCOPE, "boolean"), "Whether the goods' share of shipping is given back, too; not unless said."
    )
    fees: tuple[Pair[Located[str]], ...] = key(
        "fees", MapOf(Formula(SCOPE, "number")), "What is kept back of the refund, by what it is for."
    )
    exchange: tuple[Located[str], ...] = key(
        "exchange",
        ListOf(OneOf(EXCHANGES)),
        "Which exchanges there are. `regular`: the other goods leave once these have come; `advance`: at once.",
    )
    pricing: tuple[Located[str], ...] = key(
        "prices by",
        ListOf(Ref("role")),
        "The roles that may name the price of what goods are exchanged for. Others get the same item at its price, and any other "
        "at the `unit_price` that the item has.",
    )
    blind: Blind | None = key("blind", Section(Blind), "What is taken back without its order; nothing unless said.")
    disposition: Located[str] = key(
        "disposition",
        Ref("decision"),
        "The decision that says what becomes of the goods: `next` (restock, transfer, vendor, repair, charity or dispose), "
        "`node` (null: where they are), and, if need be, `stock_class` and `code`.",
        required=True,
    )
    process: Located[str] = key("process", Ref("process"), "The process that a return follows.", required=True)
