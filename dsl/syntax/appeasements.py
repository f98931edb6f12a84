"""Appeasements as they are written: what may be offered in place of a return, and how far who may go."""

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
    Number,
    OneOf,
    Pair,
    Ref,
    Section,
    Syntax,
    Text,
    Variants,
    key,
)

SCOPE = "appeasement"
COST_SCOPE = "cost of an appeasement"
PERS = ("line", "order", "customer")  #: of what a limit is

_FIGURE = Formula(SCOPE, "number")
_TITLE = "What people see."
_COST = "What it costs us, which may be less than its `amount`; the amount unless said."


def _title() -> Located[str] | None:
    found: Located[str] | None = key("title", Text(), _TITLE)
    return found


def _cost() -> Located[str] | None:
    found: Located[str] | None = key("cost", Formula(COST_SCOPE, "number"), _COST)
    return found


class Percent(Syntax, frozen=True, eq=False):
    """A part of the price of the units is given back; the customer keeps them."""

    value: Located[str] = key(
        "percent", Formula(SCOPE, "number", counted="%"), "Percent of the price of the units, less their discount.", marks=True
    )
    title: Located[str] | None = _title()
    cost: Located[str] | None = _cost()


class Amount(Syntax, frozen=True, eq=False):
    """An amount is given back; the customer keeps the units."""

    value: Located[str] = key("amount", _FIGURE, "How much, in the order's currency.", marks=True)
    title: Located[str] | None = _title()
    cost: Located[str] | None = _cost()


class GiftCard(Syntax, frozen=True, eq=False):
    """The customer gets a gift card; the price of the units stays as it is."""

    value: Located[str] = key("gift card", _FIGURE, "What it is worth to the customer.", marks=True)
    title: Located[str] | None = _title()
    cost: Located[str] | None = _cost()


class FutureDiscount(Syntax, frozen=True, eq=False):
    """The customer gets a discount on a later order; the price of the units stays as it is."""

    value: Located[str] = key("future discount", _FIGURE, "What it is worth to the customer.", marks=True)
    title: Located[str] | None = _title()
    cost: Located[str] | None = _cost()


class Keep(Syntax, frozen=True, eq=False):
    """The customer keeps the units and gets back what they cost."""

    value: Located[str] = key("keep the item", _FIGURE, "How much is given back: `refund` is all of it.", marks=True)
    title: Located[str] | None = _title()
    cost: Located[str] | None = _cost()


class Limit(Syntax, frozen=True, eq=False):
    """How much may be granted of a line, of an order, or to a customer within the days before, with what was granted already."""

    per: Located[str] = key("per", OneOf(PERS), "Of what: line, order or customer.", required=True)
    within: Located[timedelta] | None = key(
        "within", Duration(), "For a customer: the time before, in which what was granted counts; all time without it."
    )
    at_most: Located[str] | None = key("at most", _FIGURE, "The most, by what it is worth to the customer.")
    times: Located[Decimal] | None = key("times", Number(Decimal(0), whole=True), "How often at most.")


class Appeasements(Syntax, frozen=True, eq=False):
    """What may be offered to a customer in place of a return, and how far who may go.

    Expressions see the `line`, its `item`, the `reason` and the `condition` that were told, and of the units that are concerned
    the `quantity`, the `price` less their discount, and the `refund` that a return of them would bring. `cost` of an offer sees
    its `amount`, too. Of several documents the first counts of which `when` is true.
    """

    name: Located[str] = key("name", Name(), "Name, unique among documents of this kind.", required=True)
    title: Located[str] | None = _title()
    when: Located[str] | None = key("when", Formula(SCOPE, "boolean"), "For which units it is; for all without it.")
    reasons: tuple[Located[str], ...] = key("reasons", ListOf(Text()), "The reasons that there are; any text without it.")
    expected: tuple[Pair[Located[str]], ...] = key(
        "expected return",
        MapOf(_FIGURE, Text()),
        "What a return is expected to cost, by name; what it brings in is less than 0.",
        required=True,
    )
    choose: Located[str] = key(
        "choose",
        Formula(SCOPE),
        "The names of the offers that are made, best by a decision that is called here: its table must answer every case.",
        required=True,
    )
    offers: tuple[Pair[Percent | Amount | GiftCard | FutureDiscount | Keep], ...] = key(
        "offers",
        MapOf(Variants((Percent, Amount, GiftCard, FutureDiscount, Keep), "kind of offer")),
        "The offers by name.",
        required=True,
    )
    limits: tuple[Limit, ...] = key("limits", ListOf(Section(Limit)), "What must not be exceeded; whoever agrees to it.")
    saves: Located[str] | None = key(
        "saves at least", _FIGURE, "What an offer must save against the return; without it one may cost more."
    )
    authority: tuple[Pair[Located[Decimal]], ...] = key(
        "authority",
        MapOf(Number(Decimal(0)), Ref("role")),
        "By role, up to what amount its people grant an offer by themselves. Other roles grant nothing.",
        required=True,
    )
    people: tuple[Pair[Located[Decimal]], ...] = key(
        "people", MapOf(Number(Decimal(0)), Text()), "By person, the same, in place of what the role has."
    )
    approve: Located[str] | None = key(
        "approve", Ref("role"), "The role that agrees to more, up to its own authority; without it nobody does."
    )
