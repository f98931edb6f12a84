"""Replenishment rules."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from orderloom.dsl.program.formula import Formula, Origin


class SupplyWay(Struct, frozen=True):
    """One way in which a node gets supply: bought from the vendor `source`, or transferred from the stock of the node `source`.

    The goods leave the source `lead_days` of its working days after the order, are `transit_days` calendar days on the road, and
    are received on the receiving node's first working day from then. Days are 0 and `minimum` and `multiple` 1 where they are
    None; a transfer has no `price`.
    """

    kind: Literal["purchase", "transfer"]
    source: str
    when: Formula | None
    lead_days: Formula | None
    transit_days: Formula | None
    minimum: Formula | None
    multiple: Formula | None
    price: Formula | None
    origin: Origin


class Replenishment(Struct, frozen=True):
    """How the nodes for which `when` holds get the items for which it holds; `approved_by` is the role that has to agree."""

    name: str
    title: str
    when: Formula | None
    ways: tuple[SupplyWay, ...]
    approved_by: str | None
    origin: Origin
