"""Processes: graphs of steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Literal

from msgspec import Struct, field

from orderloom.dsl.feel.types import Type
from orderloom.dsl.program.formula import Formula, Origin

LATE = "late"  #: the way out that every clock adds to its step
DONE = "done"  #: the outcome of a task whose step names none
JOIN = "join"  #: the way out of a block: what it leads to is told by the step that holds the block


class Do(Struct, frozen=True):
    """Runs a built-in or plugged-in action; its outcome names the way on."""

    action: str


class Ask(Struct, frozen=True):
    """Sends a request to whoever has the role, and waits for one of the message's replies."""

    role: str
    message: str


class Tell(Struct, frozen=True):
    """Sends a one-way message."""

    role: str
    message: str


class Wait(Struct, frozen=True):
    """Waits for an event, for a moment (a date or date-time), or for a duration; exactly one of the first three is set.

    `deadline` ends a wait for an event with the way out `late`.
    """

    event: str | None = None
    moment: Formula | None = None
    duration: timedelta | None = None
    deadline: Formula | None = None


class Way(Struct, frozen=True):
    """One way of a `choose` step; `when` is None for `otherwise`."""

    when: Formula | None
    next: str
    origin: Origin


class Choose(Struct, frozen=True):
    """Takes the first way whose condition is true."""

    ways: tuple[Way, ...]


class Decide(Struct, frozen=True):
    """Asks a decision; its one output, a text, names the way on."""

    decision: str


class Raise(Struct, frozen=True):
    """Puts an exception into the queue of a role; the option that is taken there names the way on.

    Where `role` is None, its owner is that of the exception's type.
    """

    exception: str
    role: str | None


class FormField(Struct, frozen=True):
    """A field that a person fills in."""

    name: str
    title: str
    type: Type
    required: bool


class Escalation(Struct, frozen=True):
    """After this time, counted from the beginning, the role has it; once more `every` so long, where that is set."""

    after: timedelta
    role: str
    every: timedelta | None = None


class Task(Struct, frozen=True):
    """Work for somebody of a role, who has the skill where one is named; the outcome that is chosen names the way on.

    `due` is the moment by which it is to be done, besides the step's clock.
    """

    name: str
    role: str
    skill: str | None = None
    outcomes: tuple[str, ...] = (DONE,)
    form: tuple[FormField, ...] = ()
    due: Formula | None = None
    escalations: tuple[Escalation, ...] = ()


class TakeBack(Struct, frozen=True):
    """Undoes what was done, the last first: from the step `since` on, everything without one."""

    since: str | None = None


class End(Struct, frozen=True):
    """Ends the instance with an outcome."""

    outcome: str


class Branch(Struct, frozen=True):
    """A block of steps that runs beside others; `first` names its first step."""

    name: str
    first: str


class Parallel(Struct, frozen=True):
    """Runs branches beside each other, and goes on when `join` of them are over; None for all."""

    branches: tuple[Branch, ...]
    join: int | None = None


class Each(Struct, frozen=True):
    """Runs a block once for every element of a list, beside each other; expressions there see the element as `name`."""

    items: Formula
    name: str
    first: str
    join: int | None = None


class Run(Struct, frozen=True):
    """Runs another process for the same order or unit of work, and waits; its end names the way on."""

    process: str


Verb = Do | Ask | Tell | Wait | Task | Choose | Decide | Raise | TakeBack | End | Parallel | Each | Run


class Retry(Struct, frozen=True):
    """How often an `ask` that stays unanswered, or an action that fails, is tried again, and after how long.

    Each wait is `backoff` times as long as the one before.
    """

    times: int
    every: timedelta
    backoff: Decimal = Decimal(1)


class Step(Struct, frozen=True):
    """One step. `ways` has every outcome with the name of the step that it leads to; `next` is the main way on.

    `end` steps and `choose` steps have no `next`. `within` is the clock of the step, on the node's calendar. `block` names the
    block that it stands in, `STEP.BRANCH` or `STEP` by the step that holds it; the last way on in a block leads to `JOIN`. `undo`
    names the step at which it begins to be undone. Behind a `point` that is hard nothing can be cancelled, behind a soft one
    only where that is agreed. Whoever enters it has reached its `milestone`.
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
    block: str = ""
    undo: str = ""
    point: Point | None = None
    milestone: str | None = None


class Handler(Struct, frozen=True):
    """What a process does about an event, or once so long `after` it began, or `at` a moment; `first` names its first step.

    Without an event exactly one of the last two is set. It counts where `when` holds. One that runs `beside` leaves the process
    where it is; any other ends what it waits for. `block` names the block of its steps.
    """

    event: str
    first: str
    origin: Origin
    block: str
    when: Formula | None = None
    beside: bool = False
    after: timedelta | None = None
    at: Formula | None = None


Point = Literal["hard", "soft"]
Purpose = Literal["order", "fulfillment", "service", "build", "return", "repair", "purchase", "transfer"]


class Process(Struct, frozen=True):
    """A graph of steps for one kind of unit of work or for the order; `first` names the step at which it starts.

    `steps` has those of its blocks, too: their names are unique in the process.
    """

    name: str
    title: str
    purpose: Purpose
    steps: Mapping[str, Step]
    first: str
    origin: Origin
    answers: Mapping[str, Type] = field(default_factory=dict)  #: the fields of its forms, by name
    handlers: tuple[Handler, ...] = ()
    replies: Mapping[str, Type] = field(default_factory=dict)  #: what partners tell with their replies, by name
