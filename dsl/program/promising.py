"""Promising rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from orderloom.dsl.program.formula import Formula, Origin


@dataclass(frozen=True, slots=True)
class SupplyRule:
    """How much of a supply type counts, and how many days after its due date it can be shipped."""

    type: str
    trust: Decimal
    days_after_due: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class Service:
    """A way from the node to the customer: a carrier's service or a hand-over at the counter."""

    name: str
    method: str
    when: Formula | None
    transit_days: Formula
    origin: Origin


@dataclass(frozen=True, slots=True)
class Promising:
    """How a date is promised.

    start = first working day of the node on or after max(order day, or the next one past the cut-off; supply date) and
    `lead_days` working days later; ship = start + `processing_days` working days; deliver = ship + transit days.
    `lane` names values that are worked out once for each pair of node and order, in the order given.
    """

    name: str
    title: str
    supply: Mapping[str, SupplyRule]
    floor: Formula | None
    lead_days: Formula | None
    processing_days: Formula | None
    lane: Mapping[str, Formula]
    services: tuple[Service, ...]
    origin: Origin
