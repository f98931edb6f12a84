"""Replenishment rules as they are written."""

from __future__ import annotations

from orderloom.dsl.fields import Formula, ListOf, Located, Name, Ref, Syntax, Text, Variants, key

_FIGURE = Formula("replenishment", "number")
_WHEN = "The way is open when this is true; always without it."
_LEAD = "Working days of that node from the order until the goods leave it; 0 unless said."
_TRANSIT = "Calendar days on the road; the goods are received on the receiving node's first working day from then. 0 unless said."


class Purchase(Syntax, frozen=True, eq=False):
    """Buys from a vendor, as many as are wanted."""

    source: Located[str] = key("purchase from", Text(), "The node that is the vendor.", marks=True)
    when: Located[str] | None = key("when", Formula("replenishment", "boolean"), _WHEN)
    lead_days: Located[str] | None = key("lead days", _FIGURE, _LEAD)
    transit_days: Located[str] | None = key("transit days", _FIGURE, _TRANSIT)
    minimum: Located[str] | None = key("minimum", _FIGURE, "The least quantity of a purchase order; 1 unless said.")
    multiple: Located[str] | None = key("multiple", _FIGURE, "A purchase order's quantity is a multiple of this; 1 unless said.")
    price: Located[str] = key("price", _FIGURE, "Price of a unit, which expressions see as `purchase_price`.", required=True)


class Transfer(Syntax, frozen=True, eq=False):
    """Takes what another node can promise: it is reserved there and expected here."""

    source: Located[str] = key("transfer from", Text(), "The node that gives from its stock.", marks=True)
    when: Located[str] | None = key("when", Formula("replenishment", "boolean"), _WHEN)
    lead_days: Located[str] | None = key("lead days", _FIGURE, _LEAD)
    transit_days: Located[str] | None = key("transit days", _FIGURE, _TRANSIT)


class Replenishment(Syntax, frozen=True, eq=False):
    """How a node gets what it lacks: supply that is planned, until an order or a shortage makes it real."""

    name: Located[str] = key("name", Name(), "Name, unique among replenishment rules.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    when: Located[str] | None = key(
        "when", Formula("replenishment", "boolean"), "Which items at which nodes it is for; all without it."
    )
    ways: tuple[Purchase | Transfer, ...] = key(
        "ways", ListOf(Variants((Purchase, Transfer), "way of replenishment")), "Ways to get supply.", required=True
    )
    approved_by: Located[str] | None = key(
        "approved by", Ref("role"), "The role that approves each order of supply; without it they are made by themselves."
    )
