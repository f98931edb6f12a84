"""What the compiler hands to the engine: definitions with every name resolved, frozen, with a content digest.

Nothing here knows how the text was written, except for `Origin`, the place that a run-time explanation points back to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Literal

from orderloom.dsl.feel.types import Type
from orderloom.dsl.shape import Shape
from orderloom.dsl.tables import Table

LATE = "late"  #: the way out that every clock adds to its step


@dataclass(frozen=True, slots=True)
class Origin:
    """A place in the analyst's files; lines and columns count from 1."""

    path: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Formula:
    """A FEEL expression of a definition, compiled. Calling it never raises; what FEEL cannot work out is None.

    `shape` says what it depends on, None when that is not known.
    """

    text: str
    origin: Origin
    evaluate: Callable[[Mapping[str, object]], object] = field(compare=False, repr=False)
    shape: Shape | None = field(default=None, compare=False, repr=False)

    def __call__(self, context: Mapping[str, object]) -> object:
        return self.evaluate(context)


# --- processes -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Do:
    """Runs a built-in or plugged-in action; its outcome names the way on."""

    action: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Sends a request to whoever has the role, and waits for one of the message's replies."""

    role: str
    message: str


@dataclass(frozen=True, slots=True)
class Tell:
    """Sends a one-way message."""

    role: str
    message: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Waits for an event, for a moment (a date or date-time), or for a duration; exactly one of the first three is set.

    `deadline` ends a wait for an event with the way out `late`.
    """

    event: str | None = None
    moment: Formula | None = None
    duration: timedelta | None = None
    deadline: Formula | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One way of a `choose` step; `when` is None for `otherwise`."""

    when: Formula | None
    next: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Choose:
    """Takes the first way whose condition is true."""

    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Decide:
    """Asks a decision; its one output, a text, names the way on."""

    decision: str


@dataclass(frozen=True, slots=True)
class Raise:
    """Puts an exception into the queue of a role; the option that is taken there names the way on."""

    exception: str
    role: str


@dataclass(frozen=True, slots=True)
class End:
    """Ends the instance with an outcome."""

    outcome: str


Verb = Do | Ask | Tell | Wait | Choose | Decide | Raise | End


@dataclass(frozen=True, slots=True)
class Retry:
    """How often an `ask` that stays unanswered, or an action that fails, is tried again, and after how long."""

    times: int
    every: timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `ways` has every outcome with the name of the step that it leads to; `next` is the main way on.

    `end` steps and `choose` steps have no `next`. `within` is the clock of the step, on the node's calendar.
    """

    name: str
    verb: Verb
    origin: Origin
    next: str | None = None
    ways: Mapping[str, str] = field(default_factory=dict)
    when: Formula | None = None
    status: str | None = None
    within: timedelta | None = None
    retry: Retry | None = None
    title: str | None = None


Purpose = Literal["order", "fulfillment", "service", "build", "return", "repair", "purchase", "transfer"]


@dataclass(frozen=True, slots=True)
class Process:
    """A graph of steps for one kind of unit of work or for the order; `first` names the step at which it starts."""

    name: str
    title: str
    purpose: Purpose
    steps: Mapping[str, Step]
    first: str
    origin: Origin


# --- decisions -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision table or a FEEL expression.

    `given` are the parameters of a decision that expressions call by name; without them its inputs are read from the
    scope in which it is asked. `where` names values that are worked out first, in order, each with those before it.
    `inputs` holds a formula for each column of the table, in order.
    """

    name: str
    title: str
    given: Mapping[str, Type]
    inputs: Mapping[str, Formula]
    logic: Table | Formula
    origin: Origin
    where: Mapping[str, Formula] = field(default_factory=dict)

    def seen(self, context: Mapping[str, object]) -> Mapping[str, object]:
        """What the inputs and the logic see: the context, and the values of `where`."""
        if not self.where:
            return context
        seen = dict(context)
        for name, formula in self.where.items():
            seen[name] = formula(seen)
        return seen

    def row_origin(self, rows: Sequence[int]) -> str:
        """Where the first of these rows of the table stands, as file:line or file:cell; without one, that of the decision."""
        place = self.logic.rows[rows[0]].place if rows and isinstance(self.logic, Table) else ""
        return place or str(self.origin)

    def __call__(self, context: Mapping[str, object]) -> object:
        """The answer: in the scope of a process, or with the values of `given`."""
        seen = self.seen(context)
        if isinstance(self.logic, Formula):
            return self.logic(seen)
        return self.logic.decide([formula(seen) for formula in self.inputs.values()], seen).value


# --- sourcing and promising ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pool:
    """Nodes that may serve; a pool is used when the pools above it cannot serve the whole demand."""

    name: str
    nodes: Formula
    origin: Origin


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A node is out for a line when the condition is true, for the reason that `because` gives."""

    when: Formula
    because: str
    origin: Origin


CostScope = Literal["shipment", "unit", "extra shipment", "cancelled unit"]


@dataclass(frozen=True, slots=True)
class CostTerm:
    """One term of the objective, in the workspace's currency; worked out once for each thing that `scope` names."""

    name: str
    scope: CostScope
    formula: Formula

    @property
    def notional(self) -> bool:
        """Whether it weighs in the choice without being paid: it speaks of what a unit would be worth elsewhere."""
        return self.formula.shape is not None and ("opportunity_cost",) in self.formula.shape.reads


Preference = Literal["fewer shipments", "earlier last delivery", "nearer", "node id"]
Fallback = Literal["backorder", "exception", "cancel"]


@dataclass(frozen=True, slots=True)
class Sourcing:
    """A sourcing policy: pools filter, exclusions give reasons, the sum of the terms ranks, preferences break ties.

    `max_shipments` (a number; None = no limit) and `late` are constraints: with `hard` no plan may deliver a line after its
    `want_by`, with `soft` lateness is a matter of cost alone.
    """

    name: str
    title: str
    promising: str
    pools: tuple[Pool, ...]
    exclusions: tuple[Exclusion, ...]
    max_shipments: Formula | None
    late: Literal["hard", "soft"]
    terms: tuple[CostTerm, ...]
    prefer: tuple[Preference, ...]
    fallback: Fallback
    origin: Origin


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


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working hours by weekday (Monday first; None = closed) in a time zone, and single days that are closed."""

    name: str
    timezone: str
    hours: tuple[tuple[time, time] | None, ...]
    closed: frozenset[date]
    origin: Origin


# --- participants --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Message:
    """A message that a role receives; a request has replies, a notice has none. The first reply is the main one."""

    name: str
    title: str
    replies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Role:
    """What a participant is for another: the messages that it receives and the events that it sends."""

    name: str
    title: str
    receives: Mapping[str, Message]
    sends: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Organization:
    """A participant; `nodes` is a condition on `node`, None where the organization operates none."""

    name: str
    title: str
    roles: tuple[str, ...]
    nodes: Formula | None
    adapter: str
    settings: Mapping[str, object]
    origin: Origin


# --- the whole -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Program:
    """Everything that a workspace defines, checked. Equal definitions have equal digests, wherever they stand.

    `attributes` has the user's own typed fields by entity (order, line, item, node, position, customer, ship_to, unit).
    """

    workspace: str
    currency: str
    timezone: str
    processes: Mapping[str, Process]
    decisions: Mapping[str, Decision]
    sourcing: Mapping[str, Sourcing]
    promising: Mapping[str, Promising]
    calendars: Mapping[str, Calendar]
    roles: Mapping[str, Role]
    organizations: Mapping[str, Organization]
    attributes: Mapping[str, Mapping[str, Type]]
    digest: str
