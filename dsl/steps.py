"""Documents of kind `process` as they are written: every key of every verb, with its type and its one line of help."""

# ruff: noqa: RUF009 - `key` declares a field, as `dataclasses.field` does
from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from orderloom.dsl.fields import (
    Duration,
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
    Trigger,
    Variants,
    key,
)

PURPOSES = ("order", "fulfillment", "service", "build", "return", "repair", "purchase", "transfer")
NEXT = "next"  #: in `on`, the step below


@dataclass(frozen=True, slots=True, eq=False)
class Retry(Syntax):
    """How often a step is tried again."""

    times: Located[Decimal] = key("times", Number(Decimal(1), Decimal(100), whole=True), "How often at most.", required=True)
    every: Located[timedelta] = key("every", Duration(), "How long to wait before each time.", required=True)


@dataclass(frozen=True, slots=True, eq=False)
class Step(Syntax):
    """What every step has."""

    name: Located[str] = key("step", Name(), "Name of the step, unique in its process.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    status: Located[str] | None = key("status", Text(), "Status of the order or unit from here on.")


_WHEN = "The step is passed over, and the main way taken, unless this is true."
_NEXT = "The step that follows; without it the step below."
_CLOCK = (
    "The step's clock: whole days are days, hours and minutes count the opening hours of the node's calendar; "
    "then the way out is `late`."
)


@dataclass(frozen=True, slots=True, eq=False)
class DoStep(Step):
    """Runs a built-in or plugged-in action."""

    do: Located[str] = key("do", Ref("action"), "The action.", marks=True)
    when: Located[str] | None = key("when", Formula("process", "boolean"), _WHEN)
    on: tuple[Pair[Located[str]], ...] = key("on", MapOf(Ref("step")), "For each outcome, the step that it leads to.")
    retry: Retry | None = key("retry", Section(Retry), "How often a failed action is tried again.")
    next: Located[str] | None = key("next", Ref("step"), _NEXT)


@dataclass(frozen=True, slots=True, eq=False)
class AskStep(Step):
    """Sends a request to a role and waits for one of its replies."""

    ask: Located[str] = key("ask", Ref("role"), "The role that is asked.", marks=True)
    when: Located[str] | None = key("when", Formula("process", "boolean"), _WHEN)
    message: Located[str] = key("message", Ref("message"), "The message, one that the role receives.", required=True)
    within: Located[timedelta] | None = key("within", Duration(), "Time for the reply. " + _CLOCK)
    on: tuple[Pair[Located[str]], ...] = key("on", MapOf(Ref("step")), "For each reply, the step that it leads to.")
    retry: Retry | None = key("retry", Section(Retry), "How often an unanswered request is sent again.")
    next: Located[str] | None = key("next", Ref("step"), _NEXT)


@dataclass(frozen=True, slots=True, eq=False)
class TellStep(Step):
    """Sends a message that needs no reply, at most once per cause."""

    tell: Located[str] = key("tell", Ref("role"), "The role that is told.", marks=True)
    when: Located[str] | None = key("when", Formula("process", "boolean"), _WHEN)
    message: Located[str] = key("message", Ref("message"), "The message, one that the role receives.", required=True)
    next: Located[str] | None = key("next", Ref("step"), _NEXT)


@dataclass(frozen=True, slots=True, eq=False)
class WaitStep(Step):
    """Waits for an event, a date or a duration."""

    wait: Located[str] = key("wait", Trigger(), "An event, a FEEL expression that gives a date, or a duration.", marks=True)
    when: Located[str] | None = key("when", Formula("process", "boolean"), _WHEN)
    until: Located[str] | None = key(
        "until", Formula("process", "date"), "When the wait ends at the latest; `late` is the way out."
    )
    within: Located[timedelta] | None = key("within", Duration(), "How long the wait lasts at most. " + _CLOCK)
    on: tuple[Pair[Located[str]], ...] = key("on", MapOf(Ref("step")), "The step that `late` leads to.")
    next: Located[str] | None = key("next", Ref("step"), _NEXT)


@dataclass(frozen=True, slots=True, eq=False)
class WhenWay(Syntax):
    """A way that is taken when its condition is true."""

    when: Located[str] = key("when", Formula("process", "boolean"), "The condition.", marks=True)
    next: Located[str] = key("next", Ref("step"), "The step that follows when it is true.", required=True)


@dataclass(frozen=True, slots=True, eq=False)
class OtherwiseWay(Syntax):
    """The way that is taken when no condition is true."""

    otherwise: Located[str] = key("otherwise", Ref("step"), "The step that follows when no condition is true.", marks=True)


@dataclass(frozen=True, slots=True, eq=False)
class ChooseStep(Step):
    """Takes the first way whose condition is true."""

    choose: tuple[WhenWay | OtherwiseWay, ...] = key(
        "choose",
        ListOf(Variants((WhenWay, OtherwiseWay), "way")),
        "The ways, tried in order; the last is `otherwise`.",
        marks=True,
    )


@dataclass(frozen=True, slots=True, eq=False)
class DecideStep(Step):
    """Asks a decision; its one output, a text, names the way on."""

    decide: Located[str] = key("decide", Ref("decision"), "The decision.", marks=True)
    when: Located[str] | None = key("when", Formula("process", "boolean"), _WHEN)
    on: tuple[Pair[Located[str]], ...] = key("on", MapOf(Ref("step")), "For each output, the step that it leads to.")
    next: Located[str] | None = key("next", Ref("step"), "The step that follows every output that `on` does not name.")


@dataclass(frozen=True, slots=True, eq=False)
class RaiseStep(Step):
    """Puts an exception into the queue of a role."""

    exception: Located[str] = key("raise", Name(), "Name of the exception.", marks=True)
    to: Located[str] = key("to", Ref("role"), "The role that resolves it.", required=True)
    on: tuple[Pair[Located[str]], ...] = key("on", MapOf(Ref("step")), "The options, each with its step.", required=True)


@dataclass(frozen=True, slots=True, eq=False)
class EndStep(Step):
    """Ends the process with an outcome."""

    end: Located[str] = key("end", Name(), "The outcome.", marks=True)


STEPS = (DoStep, AskStep, TellStep, WaitStep, ChooseStep, DecideStep, RaiseStep, EndStep)
AnyStep = DoStep | AskStep | TellStep | WaitStep | ChooseStep | DecideStep | RaiseStep | EndStep


@dataclass(frozen=True, slots=True, eq=False)
class Process(Syntax):
    """One graph of steps for the order, or for one kind of unit of work. Steps run top to bottom; `next` jumps."""

    name: Located[str] = key("name", Name(), "Name, unique among processes.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    purpose: Located[str] = key(
        "for", OneOf(PURPOSES), "What runs through it: the order, or a kind of unit of work.", required=True
    )
    steps: tuple[AnyStep, ...] = key("steps", ListOf(Variants(STEPS, "verb")), "The steps, first to last.", required=True)
