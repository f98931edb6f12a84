"""Sourcing policies."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from orderloom.dsl.program.formula import Formula, Origin


class Pool(Struct, frozen=True):
    """Nodes that may serve; a node is in the first pool that takes it."""

    name: str
    nodes: Formula
    origin: Origin


class Exclusion(Struct, frozen=True):
    """A node is out for a line when the condition is true, for the reason that `because` gives."""

    when: Formula
    because: str
    origin: Origin


CostScope = Literal["shipment", "unit", "extra shipment", "cancelled unit"]


class CostTerm(Struct, frozen=True):
    """One term of the objective, in the workspace's currency; worked out once for each thing that `scope` names.

    A term with a `step` is no money but a goal, which counts before it: its formula gives a whole number of such steps.
    """

    name: str
    scope: CostScope
    formula: Formula
    step: Decimal | None = None

    @property
    def notional(self) -> bool:
        """Whether it weighs in the choice without being paid: it speaks of what a unit would be worth elsewhere."""
        return self.formula.shape is not None and ("opportunity_cost",) in self.formula.shape.reads


Preference = Literal["fewer shipments", "earlier last delivery", "nearer", "node id"]
Fallback = Literal["backorder", "exception", "cancel"]


class Sourcing(Struct, frozen=True):
    """A sourcing policy: pools filter, exclusions give reasons, the sum of the terms ranks, preferences break ties.

    A pool is used when those above it cannot serve the whole demand; with `pools_together` all are used at once. Terms that
    are goals decide before the others, those of the largest step first.
    `max_shipments` and `pickup_places` (numbers; None = no limit) and `late` are constraints: with `hard` no plan may deliver
    a line more than `most_days_late` days after its `want_by`, with `soft` lateness is a matter of cost alone. So are
    `all_or_nothing` (where true), and `ship_together` and `deliver_together`, which give a line's group: it leaves in one
    shipment, or arrives on one day.
    """

    name: str
    title: str
    promising: str
    pools: tuple[Pool, ...]
    pools_together: bool
    exclusions: tuple[Exclusion, ...]
    max_shipments: Formula | None
    late: Literal["hard", "soft"]
    most_days_late: int
    all_or_nothing: Formula | None
    ship_together: Formula | None
    deliver_together: Formula | None
    pickup_places: Formula | None
    terms: tuple[CostTerm, ...]
    prefer: tuple[Preference, ...]
    fallback: Fallback
    origin: Origin
