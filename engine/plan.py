"""What sourcing decides: an allocation plan with its cost, and why everything else lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct


class PlannedWork(Struct, frozen=True, gc=False):
    """A piece of work on every unit of an allocation: the day on which it begins, what the customer pays for one unit."""

    work: str
    on: date
    fee: Decimal | None = None


class Allocation(Struct, frozen=True, omit_defaults=True, gc=False):
    """Units of a line, pegged to a supply of the shipment's node, and what is done to them there before they ship."""

    line: str
    item: str
    quantity: int
    supply: str
    supply_type: str
    work: tuple[PlannedWork, ...] = ()


def fees(parts: Iterable[tuple[tuple[PlannedWork, ...], int]]) -> dict[str, Decimal]:
    """What the customer pays for the work on so many units, by its name."""
    found: dict[str, Decimal] = {}
    for work, units in parts:
        for each in work:
            if each.fee is not None:
                found[each.work] = found.get(each.work, Decimal(0)) + each.fee * units
    return found


class PlannedShipment(Struct, frozen=True, gc=False):
    """What one node sends on one day by one service; `costs` by term. `supply_type` is the latest supply that it waits for."""

    node: str
    service: str
    method: str
    supply_type: str
    release_at: datetime
    ship_on: date
    deliver_on: date
    allocations: tuple[Allocation, ...]
    costs: dict[str, Decimal]
    derivation: tuple[str, ...]  # how the dates came about, a sentence each
    after: tuple[str, ...] = ()  # the lines that it follows


class Unfilled(Struct, frozen=True, gc=False):
    """Units of a line for which the plan has no source, and why."""

    line: str
    item: str
    quantity: int
    because: str


class Candidate(Struct, frozen=True, omit_defaults=True, gc=False):
    """A node that was considered and is not (or only partly) in the plan: why it lost, and which rule said so (`origin`).

    `cost` is what the best plan that gives it as much as possible would cost; None when it may not serve.
    """

    node: str
    because: str
    pool: str | None = None
    line: str | None = None
    cost: Decimal | None = None
    origin: str | None = None


class Alternative(Struct, frozen=True, gc=False):
    """A whole plan that was worked out and lost: its shipments in words, its cost, last delivery, and why it lost."""

    shipments: tuple[str, ...]
    cost: Decimal
    last_delivery: date
    because: str


class Plan(Struct, frozen=True, omit_defaults=True, gc=False):
    """The plan of an order by one sourcing policy. `outcome` is sourced, partly or nothing.

    `cost` is the sum of `terms`; those named in `notional` weigh in the choice, but nobody pays them. `clash` names the
    constraints that nothing could meet, `relaxations` what would help and what it would cost. `flips` says by how much the
    objective would have to change for another plan to win. Where the search was cut short, it is not `optimal`, and `gap` is what
    a better plan could save at most. `goals` has what was compared before cost, the first first. `broken` says what
    could not be worked out where units have no source: perhaps they would have one.
    """

    policy: str
    origin: str
    outcome: str
    shipments: tuple[PlannedShipment, ...]
    unfilled: tuple[Unfilled, ...]
    cost: Decimal
    terms: dict[str, Decimal]
    candidates: tuple[Candidate, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    clash: tuple[str, ...] = ()
    relaxations: tuple[str, ...] = ()
    flips: tuple[str, ...] = ()
    optimal: bool = True
    notional: tuple[str, ...] = ()
    gap: Decimal = Decimal(0)
    goals: dict[str, int] = {}
    broken: tuple[str, ...] = ()

    @property
    def fees(self) -> dict[str, Decimal]:
        """What the customer pays for work on the units, by its name; no cost, and no part of any."""
        return fees((part.work, part.quantity) for shipment in self.shipments for part in shipment.allocations)

    @property
    def paid(self) -> dict[str, Decimal]:
        """The terms that are money."""
        return {name: cost for name, cost in self.terms.items() if name not in self.notional}
