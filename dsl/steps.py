"""Documents of kind `process` as they are written: every key of every verb, with its type and its one line of help."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from orderloom.dsl.fields import (
    Duration,
    Formula,
    HowMany,
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
from orderloom.dsl.forms import TRUTH, Escalation, FormField

PURPOSES = ("order", "fulfillment", "service", "build", "return", "repair", "purchase", "transfer")
NEXT = "next"  #: in `on`, the step below
_VERBS: list[type[Syntax]] = []  # filled below: steps hold blocks, and blocks steps
BLOCK = ListOf(Variants(_VERBS, "verb"))


class Retry(Syntax, frozen=True, eq=False):
    """How often a step is tried again."""

    times: Located[Decimal] = key("times", Number(Decimal(1), Decimal(100), whole=True), "How often at most.", required=True)
    every: Located[timedelta] = key("every", Duration(), "How long to wait before each time.", required=True)
    backoff: Located[Decimal] | None = key(
        "backoff", Number(Decimal(1), Decimal(10)), "By what each wait is longer than the one before; 1 without it."
    )


class Step(Syntax, frozen=True, eq=False):
    """What every step has."""

    name: Located[str] = key("step", Name(), "Name of the step, unique in its process.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    status: Located[str] | None = key("status", Text(), "Status of the order or unit from here on.")
    milestone: Located[str] | None = key("milestone", Name(), "A milestone that is reached here, for monitors.")


_WHEN = "The step is passed over, and the main way taken, unless this is true."
_NEXT = "The step that follows; without it the step below."
_CLOCK = (
    "The step's clock: whole days are days, hours and minutes count the opening hours of the node's calendar; "
    "then the way out is `late`."
)


class Undo(Syntax, frozen=True, eq=False):
    """What undoes a step: one action, or a block of steps."""

    do: Located[str] | None = key("do", Ref("action"), "The action.")
    steps: tuple[AnyStep, ...] = key("steps", BLOCK, "The steps.")


_UNDO = "What undoes the step, should the order be cancelled or the process take it back, once the step went its main way."
_POINT = (
    "`hard`: once the step went its main way, the order cannot be cancelled any more. "
    "`soft`: only by somebody who agrees to its cost."
)
POINTS = ("hard", "soft")
EVERYTHING = "everything"


class DoStep(Step, frozen=True, eq=False):
    """Runs a built-in or plugged-in action."""

    do: Located[str] = key("do", Ref("action"), "The action.", marks=True)
    when: Located[str] | None = key("when", Formula("process", "boolean"), _WHEN)
    on: tuple[Pair[Located[str]], ...] = key("on", MapOf(Ref("step")), "For each outcome, the step that it leads to.")
    retry: Retry | None = key("retry", Section(Retry), "How often a failed action is tried again.")
    undo: Undo | None = key("undo", Section(Undo, "do"), _UNDO)
    point: Located[str] | None = key("point-of-no-return", OneOf(POINTS), _POINT)
    next: Located[str] | None = key("next", Ref("step"), _NEXT)


class AskStep(Step, frozen=True, eq=False):
    """Sends a request to a role and waits for one of its replies."""

    ask: Located[str] = key("ask", Ref("role"), "The role that is asked.", marks=True)
    when: Located[str] | None = key("when", Formula("process", "boolean"), _WHEN)
    message: Located[str] = key("message", Ref("message"), "The message, one that the role receives.", required=True)
    within: Located[timedelta] | None = key("within", Duration(), "Time for the reply. " + _CLOCK)
    on: tuple[Pair[Located[str]], ...] = key("on", MapOf(Ref("step")), "For each reply, the step that it leads to.")
    retry: Retry | None = key("retry", Section(Retry), "How often an unanswered request is sent again.")
    undo: Undo | None = key("undo", Section(Undo, "do"), _UNDO)
    point: Located[str] | None = key("point-of-no-return", OneOf(POINTS), _POINT)
    next: Located[str] | None = key("next", Ref("step"), _NEXT)


class TellStep(Step, frozen=True, eq=False):
    """Sends a message that needs no reply, at most once per cause."""

    tell: Located[str] = key("tell", Ref("role"), "The role that is told.", marks=True)
    when: Located[str] | None = key("when", Formula("process", "boolean"), _WHEN)
    message: Located[str] = key("message", Ref("message"), "The message, one that the role receives.", required=True)
    undo: Undo | None = key("undo", Section(Undo, "do"), _UNDO)
    point: Located[str] | None = key("point-of-no-return", OneOf(POINTS), _POINT)
    next: Located[str] | None = key("next", Ref("step"), _NEXT)


class WaitStep(Step, frozen=True, eq=False):
    """Waits for an event, a date or a duration."""

    wait: Located[str] = key(
        "wait", Trigger(), "An event, a FEEL expression that gives a date, or a duration, counted as for `within`.", marks=True
    )
    when: Located[str] | None = key("when", Formula("process", "boolean"), _WHEN)
    until: Located[str] | None = key(
        "until", Formula("process", "date"), "When the wait ends at the latest; `late` is the way out."
    )
    within: Located[timedelta] | None = key("within", Duration(), "How long the wait lasts at most. " + _CLOCK)
    on: tuple[Pair[Located[str]], ...] = key(
        "on",
        MapOf(Ref("step")),
        "The step that `late` leads to; where an event is waited for, also other events, of which the first that comes ends the "
        "wait, each with its step.",
    )
    point: Located[str] | None = key("point-of-no-return", OneOf(POINTS), _POINT)
    next: Located[str] | None = key("next", Ref("step"), _NEXT)


class TaskStep(Step, frozen=True, eq=False):
    """Gives work to people: somebody of a role claims it, fills in the form, and completes it with an outcome."""

    task: Located[str] = key("task", Name(), "Name of the kind of work.", marks=True)
    to: Located[str] = key("to", Ref("role"), "The role whose people do it.", required=True)
    when: Located[str] | None = key("when", Formula("process", "boolean"), _WHEN)
    skill: Located[str] | None = key("skill", Name(), "A skill that whoever does it must have.")
    form: tuple[Pair[FormField], ...] = key(
        "form",
        MapOf(Section(FormField, short="type"), Name(feel=True)),
        "The fields that the person fills in; expressions of the process see them as `answer.FIELD`, null until then.",
    )
    due: Located[str] | None = key("due", Formula("process", "date"), "When it is to be done at the latest.")
    within: Located[timedelta] | None = key(
        "within",
        Duration(),
        "How long people have for it, counted as for `ask`. Where `on` has `late`, that way is taken then; "
        "without it the task stays and is overdue.",
    )
    escalate: tuple[Escalation, ...] = key("escalate", ListOf(Section(Escalation)), "Where it goes when it is not done, in turn.")
    on: tuple[Pair[Located[str]], ...] = key(
        "on", MapOf(Ref("step")), "The outcomes from which the person chooses, each with its step; without any it is `done`."
    )
    next: Located[str] | None = key("next", Ref("step"), _NEXT)


class WhenWay(Syntax, frozen=True, eq=False):
    """A way that is taken when its condition is true."""

    when: Located[str] = key("when", Formula("process", "boolean"), "The condition.", marks=True)
    next: Located[str] = key("next", Ref("step"), "The step that follows when it is true.", required=True)


class OtherwiseWay(Syntax, frozen=True, eq=False):
    """The way that is taken when no condition is true."""

    otherwise: Located[str] = key("otherwise", Ref("step"), "The step that follows when no condition is true.", marks=True)


class ChooseStep(Step, frozen=True, eq=False):
    """Takes the first way whose condition is true."""

    choose: tuple[WhenWay | OtherwiseWay, ...] = key(
        "choose",
        ListOf(Variants((WhenWay, OtherwiseWay), "way")),
        "The ways, tried in order; the last is `otherwise`.",
        marks=True,
    )


class DecideStep(Step, frozen=True, eq=False):
    """Asks a decision; its one output, a text, names the way on."""

    decide: Located[str] = key("decide", Ref("decision"), "The decision.", marks=True)
    when: Located[str] | None = key("when", Formula("process", "boolean"), _WHEN)
    on: tuple[Pair[Located[str]], ...] = key("on", MapOf(Ref("step")), "For each output, the step that it leads to.")
    next: Located[str] | None = key("next", Ref("step"), "The step that follows every output that `on` does not name.")


class RaiseStep(Step, frozen=True, eq=False):
    """Puts an exception into the queue of a role."""

    exception: Located[str] = key("raise", Name(), "Name of the exception.", marks=True)
    to: Located[str] | None = key(
        "to", Ref("role"), "The role that resolves it; without it the owner that a document of kind `exceptions` names."
    )
    on: tuple[Pair[Located[str]], ...] = key("on", MapOf(Ref("step")), "The options, each with its step.", required=True)


class TakeBackStep(Step, frozen=True, eq=False):
    """Undoes what was done, the last first, by the `undo` of each step: in the order's process that of all units of work, too."""

    take_back: Located[str] = key(
        "take-back", Text(), "`everything`, or a step of the process: what was done from that step on.", marks=True
    )
    when: Located[str] | None = key("when", Formula("process", "boolean"), _WHEN)
    next: Located[str] | None = key("next", Ref("step"), _NEXT)


class EndStep(Step, frozen=True, eq=False):
    """Ends the process with an outcome."""

    end: Located[str] = key("end", Name(), "The outcome.", marks=True)


_JOIN = "How many must be over before it goes on: all, any or a number; the others are ended then. All where nothing is said."
_BLOCK_CLOCK = _CLOCK + " All that still runs of it is ended then."


class ParallelStep(Step, frozen=True, eq=False):
    """Runs branches beside each other. A branch is over behind its last step, or where a way leads to `join`."""

    parallel: tuple[Pair[tuple[AnyStep, ...]], ...] = key(
        "parallel", MapOf(BLOCK), "The branches, each with its steps; no way leads into a branch or out of it.", marks=True
    )
    join: Located[int | str] | None = key("join", HowMany(), _JOIN)
    when: Located[str] | None = key("when", Formula("process", "boolean"), _WHEN)
    within: Located[timedelta] | None = key("within", Duration(), "Time until the join. " + _BLOCK_CLOCK)
    on: tuple[Pair[Located[str]], ...] = key("on", MapOf(Ref("step")), "The step that `late` leads to.")
    next: Located[str] | None = key("next", Ref("step"), _NEXT)


class EachStep(Step, frozen=True, eq=False):
    """Runs a block once for every element of a list, beside each other; an empty list goes on at once."""

    each: Located[str] = key("each", Formula("process", "list"), "The list.", marks=True)
    element: Located[str] = key(
        "as", Name(feel=True), "The name by which expressions of the block see the element.", required=True
    )
    steps: tuple[AnyStep, ...] = key("steps", BLOCK, "The block; no way leads into it or out of it.", required=True)
    join: Located[int | str] | None = key("join", HowMany(), _JOIN)
    when: Located[str] | None = key("when", Formula("process", "boolean"), _WHEN)
    within: Located[timedelta] | None = key("within", Duration(), "Time until the join. " + _BLOCK_CLOCK)
    on: tuple[Pair[Located[str]], ...] = key("on", MapOf(Ref("step")), "The step that `late` leads to.")
    next: Located[str] | None = key("next", Ref("step"), _NEXT)


class RunStep(Step, frozen=True, eq=False):
    """Runs another process for the same order or unit of work, and waits until that has ended."""

    run: Located[str] = key("run", Ref("process"), "The process.", marks=True)
    when: Located[str] | None = key("when", Formula("process", "boolean"), _WHEN)
    within: Located[timedelta] | None = key("within", Duration(), "Time until it ends. " + _BLOCK_CLOCK)
    on: tuple[Pair[Located[str]], ...] = key("on", MapOf(Ref("step")), "For each of its ends, the step that it leads to.")
    next: Located[str] | None = key("next", Ref("step"), _NEXT)


STEPS = (
    DoStep,
    AskStep,
    TellStep,
    WaitStep,
    TaskStep,
    ChooseStep,
    DecideStep,
    RaiseStep,
    TakeBackStep,
    EndStep,
    ParallelStep,
    EachStep,
    RunStep,
)
_VERBS += STEPS
AnyStep = (
    DoStep | AskStep | TellStep | WaitStep | TaskStep | ChooseStep | DecideStep | RaiseStep | TakeBackStep | EndStep
    | ParallelStep | EachStep | RunStep
)  # fmt: skip


class Handler(Syntax, frozen=True, eq=False):
    """What every handler has: steps in which the process goes on, wherever it stands; what it waits for is over then."""

    when: Located[str] | None = key("when", Formula("process", "boolean"), "These steps are taken only where this is true.")
    beside: Located[str] | None = key("beside", OneOf(TRUTH), "With `true` these steps run beside the others, which go on.")
    steps: tuple[AnyStep, ...] = key(
        "steps",
        BLOCK,
        "The steps; without `beside`, `next` may lead back to a step of the process.",
        required=True,
    )


class OnEvent(Handler, frozen=True, eq=False):
    """What is done when an event comes, as often as it comes."""

    on: Located[str] = key("on", Ref("event"), "The event.", marks=True)


class AfterTime(Handler, frozen=True, eq=False):
    """What is done once the process has run for so long, and has not ended."""

    after: Located[timedelta] = key(
        "after",
        Duration(),
        "How long after the process began; whole days are days, hours and minutes the opening hours of the node's calendar.",
        marks=True,
    )


class AtMoment(Handler, frozen=True, eq=False):
    """What is done once at a moment, where the process has not ended by then."""

    at: Located[str] = key(
        "at",
        Formula("process", "date"),
        "The date, such as `unit.release_at`; it is asked again whenever anything happens, and counts from when it is known.",
        marks=True,
    )


HANDLERS = (OnEvent, AfterTime, AtMoment)
AnyHandler = OnEvent | AfterTime | AtMoment


class Process(Syntax, frozen=True, eq=False):
    """One graph of steps for the order, or for one kind of unit of work. Steps run top to bottom; `next` jumps."""

    name: Located[str] = key("name", Name(), "Name, unique among processes.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    purpose: Located[str] = key(
        "for", OneOf(PURPOSES), "What runs through it: the order, or a kind of unit of work.", required=True
    )
    steps: tuple[AnyStep, ...] = key("steps", BLOCK, "The steps, first to last.", required=True)
    handlers: tuple[AnyHandler, ...] = key(
        "handlers",
        ListOf(Variants(HANDLERS, "trigger")),
        "What is done about events that may come at any time, where the first that fits is taken, and on the process's time.",
    )
