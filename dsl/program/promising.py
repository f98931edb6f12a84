"""Promising rules."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct, field

from orderloom.dsl.program.formula import Formula, Origin
from orderloom.dsl.program.options import PromiseOption, Slip


class SupplyRule(Struct, frozen=True):
    """How much of a supply type counts, 0 to 1, and how many days after its due date it can be shipped."""

    type: str
    trust: Decimal | Formula
    days_after_due: int
    origin: Origin


class ClassRule(Struct, frozen=True):
    """When a stock class counts: always where `when` is None."""

    stock_class: str
    when: Formula | None
    origin: Origin


#: What counts where a document names no stock classes.
GOOD_ALONE: Mapping[str, ClassRule] = {"good": ClassRule("good", None, Origin("built in", 1))}


class Work(Struct, frozen=True):
    """A value-added service that a line may ask for: where it can be done, how long it takes, how many units a node does a day.

    `fee` is for one unit. Without `nodes` every node can do it; without `capacity` a node can do any number.
    """

    name: str
    nodes: Formula | None
    processing_days: Formula | None
    capacity: Formula | None
    fee: Formula | None
    origin: Origin


class Service(Struct, frozen=True):
    """A way from the node to the customer: a carrier's service or a hand-over at the counter.

    `delivers_on` names the calendar of the days on which it delivers; None: every day.
    """

    name: str
    method: str
    when: Formula | None
    transit_days: Formula
    origin: Origin
    delivers_on: str | None = None


class Promising(Struct, frozen=True):
    """How a date is promised.

    start = first working day of the node on or after max(order day, or the next one past the cut-off; supply date) and
    `lead_days` working days later; ship = start + the days of all `work` asked for + `processing_days` working days; deliver =
    ship + transit days, or the next day on which the service delivers. No node ships more than `capacity` units on one day.
    `lane` names values that are worked out once for each pair of node and order, in the order given. Work follows in the order
    of the document, whatever the order in which a line asks for it.
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
    stock_classes: Mapping[str, ClassRule] = field(default_factory=lambda: GOOD_ALONE)
    work: tuple[Work, ...] = ()
    capacity: Formula | None = None
    options: tuple[PromiseOption, ...] = ()
    slip: Slip = field(default_factory=Slip)
    jeopardy: str | None = None  #: name of the rules that count in place of `slip`

    @property
    def has_capacities(self) -> bool:
        """Whether what other orders ship or have done on a day can leave no room."""
        return self.capacity is not None or any(work.capacity is not None for work in self.work)
