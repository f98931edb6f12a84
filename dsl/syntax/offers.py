"""Offers as they are written: what is sold with something, or in its place."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from orderloom.dsl.fields import Duration, Formula, ListOf, Located, Name, Number, OneOf, Section, Syntax, Text, key

SELLS = ("cross-sell", "up-sell")
BASES = ("basket", "history", "interests")
_ITEMS = "The ids of the items that go with `basis`, such as `goes with(basis.id)`: one, or a list of them."
_RANK = "What is offered first: the highest. Without it, and among equals, the order of the rules and of their items."


class Offer(Syntax, frozen=True, eq=False):
    """A rule: what may be offered to whom. What cannot be promised now, or is in the order already, is not offered."""

    name: Located[str] = key("offer", Name(), "Its name.", marks=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    sells: Located[str] | None = key(
        "sells", OneOf(SELLS), "`cross-sell`, unless said: one more item. `up-sell`: in place of a line, as many as the line has."
    )
    to: Located[str] | None = key(
        "with",
        OneOf(BASES),
        "What `basis` is: each item of the order (`basket`, unless said), of the customer's earlier orders (`history`), or "
        "each that he was interested in (`interests`).",
    )
    items: Located[str] = key("items", Formula("offer"), _ITEMS, required=True)
    when: Located[str] | None = key("when", Formula("offered item", "boolean"), "Whether it is offered.")
    price: Located[str] | None = key(
        "price", Formula("offered item", "number"), "The price of one unit; none is told without it."
    )
    rank: Located[str] | None = key("rank", Formula("offered item", "number"), _RANK)


class Offers(Syntax, frozen=True, eq=False):
    """What is offered with an order or a draft: by association, history, availability, and stock that moves slowly."""

    name: Located[str] = key("name", Name(), "Name, unique among documents of this kind.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    when: Located[str] | None = key("when", Formula("limits", "boolean"), "For which orders; for all of them unless said.")
    limit: Located[Decimal] | None = key(
        "limit", Number(Decimal(1), Decimal(100), whole=True), "How many at most; 3 unless said."
    )
    over: Located[timedelta] | None = key(
        "over", Duration(), "The whole days over which `velocity` and `cover` look back; P28D unless said."
    )
    offers: tuple[Offer, ...] = key("offers", ListOf(Section(Offer)), "The rules.", required=True)
