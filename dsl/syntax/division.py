"""Divisions as they are written: what is theirs, and where their rules differ from those that they inherit."""

from __future__ import annotations

from orderloom.dsl.fields import (
    Formula,
    Located,
    MapOf,
    Name,
    NodeSet,
    Pair,
    Plain,
    PlainValue,
    Ref,
    Section,
    Syntax,
    Text,
    key,
)

Nodes = Located[str] | tuple[Located[str], ...] | None  #: a condition, or names; () and None where there is nothing


class DivisionNodes(Syntax, frozen=True, eq=False):
    """Which nodes are its own, and which of those that it inherits it goes without."""

    own: Nodes = key("own", NodeSet(), "Its own nodes; stock of other divisions is used only under a relation.")
    without: Nodes = key(
        "without",
        NodeSet(),
        "Nodes that it does not use, of those that it inherits; the name of a pool of its sourcing stands for all of that pool.",
    )


class Division(Syntax, frozen=True, eq=False):
    """A part of the company with rules of its own: those that it inherits, but for what it overrides."""

    name: Located[str] = key("name", Name(), "Name, unique among divisions; `division` of an order.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    extends: Located[str] | None = key(
        "extends", Ref("division"), "The division whose rules it inherits; those of the workspace without it."
    )
    orders: Located[str] | None = key(
        "orders", Formula("division", "boolean"), "Orders that belong to it without saying so in `division`."
    )
    nodes: DivisionNodes | None = key("nodes", Section(DivisionNodes), "Its nodes.")
    override: tuple[Pair[PlainValue], ...] = key(
        "override",
        MapOf(Plain(), Text()),
        "Values of its own for keys of other documents, by kind, name and key, as in `sourcing.cheapest.limits.shipments`; "
        "the name may be left out where the kind has one document.",
    )
