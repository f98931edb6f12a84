"""Sourcing policies as they are written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from orderloom.dsl.fields import (
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
    key,
    keys,
)

PREFERENCES = ("fewer shipments", "earlier last delivery", "nearer", "node id")
USES = ("in order", "together")
FALLBACKS = ("backorder", "exception", "cancel")


class Pool(Syntax, frozen=True, eq=False):
    """Nodes that may serve."""

    name: Located[str] = key("pool", Name(), "Name of the pool.", required=True)
    nodes: Located[str] = key("nodes", Formula("pool", "boolean"), "Which nodes are in it.", required=True)


class Exclusion(Syntax, frozen=True, eq=False):
    """A condition under which a node may not serve a line, with the reason."""

    when: Located[str] = key(
        "when", Formula("exclusion", "boolean"), "A node is out for a line when this is true.", required=True
    )
    because: Located[str] = key("because", Text(), "The reason that people read.", required=True)


class Limits(Syntax, frozen=True, eq=False):
    """What every plan must keep."""

    shipments: Located[str] | None = key("shipments", Formula("limits", "number"), "The most shipments for one order.")
    late: Located[str] | None = key("late", OneOf(("hard", "soft")), "`hard`: no line later than wanted; `soft`: at its cost.")
    all_or_nothing: Located[str] | None = key(
        "all or nothing", Formula("limits", "boolean"), "Where this is true, the whole order is served now, or nothing of it."
    )
    ship_together: Located[str] | None = key(
        "ship together",
        Formula("group of lines", "string"),
        "The group of a line, null for none; a group leaves in one shipment.",
    )
    deliver_together: Located[str] | None = key(
        "deliver together",
        Formula("group of lines", "string"),
        "The group of a line, null for none; all of a group is delivered on one day.",
    )
    pickup_places: Located[str] | None = key(
        "pickup places", Formula("limits", "number"), "The most nodes that hand over at the counter (method `pickup`)."
    )


class Costs(Syntax, frozen=True, eq=False):
    """The terms of the objective by the thing that each is worked out for, all in the workspace's currency."""

    shipment: tuple[Pair[Located[str]], ...] = key(
        "per shipment", MapOf(Formula("cost of a shipment", "number"), Text()), "Terms for each shipment."
    )
    unit: tuple[Pair[Located[str]], ...] = key(
        "per unit", MapOf(Formula("cost of a unit", "number"), Text()), "Terms for each single item."
    )
    extra_shipment: tuple[Pair[Located[str]], ...] = key(
        "per extra shipment",
        MapOf(Formula("cost of an extra shipment", "number"), Text()),
        "Terms for each shipment after the first.",
    )
    cancelled_unit: tuple[Pair[Located[str]], ...] = key(
        "per cancelled unit",
        MapOf(Formula("cost of a cancelled unit", "number"), Text()),
        "Terms for each single item that has no source.",
    )


class Objective(Syntax, frozen=True, eq=False):
    """How an objective decides: as a goal before cost, or by a price of one unit of it that is added to the cost."""

    goal: Located[Decimal] | None = key(
        "goal", Number(Decimal(1), Decimal(2), whole=True), "Decides before cost does: 1 before 2, both before everything else."
    )
    weight: Located[Decimal] | None = key("weight", Number(Decimal(0)), "What one unit of it costs, in the workspace's currency.")
    at_most: Located[Decimal] | None = key("at most", Number(Decimal(0), whole=True), "No plan may have more of it.")


class Objectives(Syntax, frozen=True, eq=False):
    """What decides between plans. What is not named does not count, but the costs, which always do."""

    fill: Objective | None = key("fill", Section(Objective), "Units that have no source: as few as possible.")
    shipments: Objective | None = key("shipments", Section(Objective), "Shipments: as few as possible.")
    cost: Objective | None = key("cost", Section(Objective), "The sum of `costs`; its weight is 1.")
    days_late: Objective | None = key(
        "days late", Section(Objective), "Days after the day that a line is wanted by, for each unit; `at most` for any unit."
    )
    distance: Objective | None = key(
        "distance", Section(Objective), "Whole miles from node to customer, for each shipment; `at most` for any shipment."
    )

    def named(self) -> Iterator[tuple[str, Objective]]:
        """The objectives that stand here, with the keys by which they do."""
        for each in keys(Objectives):
            if (objective := getattr(self, each.attribute)) is not None:
                yield each.text, objective


class Sourcing(Syntax, frozen=True, eq=False):
    """From where an order is served: pools and exclusions filter, the sum of the costs ranks, preferences break ties."""

    name: Located[str] = key("name", Name(), "Name, unique among sourcing policies.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    promise_by: Located[str] = key("promise by", Ref("promising"), "The promising rules that date a plan.", required=True)
    candidates: tuple[Pool, ...] = key(
        "candidates",
        ListOf(Section(Pool)),
        "Pools; a node is in the first that takes it. `try pools` says whether they are tried in order.",
        required=True,
    )
    try_pools: Located[str] | None = key(
        "try pools",
        OneOf(USES),
        "`in order`, unless said: the fewest of the first pools that serve the whole order; `together`: all at once.",
    )
    exclude: tuple[Exclusion, ...] = key("exclude", ListOf(Section(Exclusion)), "What a node may not serve, and why.")
    limits: Limits | None = key("limits", Section(Limits), "What every plan must keep.")
    minimise: Costs | None = key(
        "minimise", Section(Costs), "The costs; the plan with the least sum wins. In its place: `objectives` with `costs`."
    )
    objectives: Objectives | None = key("objectives", Section(Objectives), "What decides between plans, and how.")
    costs: Costs | None = key("costs", Section(Costs), "The costs of which `objectives` speak.")
    prefer: tuple[Located[str], ...] = key("then prefer", ListOf(OneOf(PREFERENCES)), "What breaks a tie, first to last.")
    fallback: Located[str] | None = key(
        "if nothing fits",
        OneOf(FALLBACKS),
        "What becomes of what has no source; `exception` unless said. `exception`: the order or unit stands in the queue of "
        "operations until it is tried again; `backorder`: it waits and is sourced again every day; `cancel`: it is cancelled.",
    )
