"""Monitors as they are written."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from orderloom.dsl.fields import (
    Duration,
    Formula,
    ListOf,
    Located,
    Name,
    Number,
    OneOf,
    Ref,
    Section,
    Syntax,
    Text,
    Variants,
    key,
)

#: What a stock monitor's conditions may be about, besides the item, and the node of a position.
FIGURES = ("available", "on_hand", "velocity", "cover")
#: Those of them that look back over a window.
MOVING = ("velocity", "cover")

OF_STOCK, OF_ORDERS, EVENTS = ("item", "position"), ("order", "line", "unit"), "events"
SCOPE, SCOPE_OF_EVENTS = "monitored", "monitored event"
MOST_EVENTS = 100  #: of one pattern
SEEN = "seen"  #: the way out of an exception that names none

_POINT = "a milestone, `status X`, `hold X`, `exception X`, or an event."
_HOURS = "Hours of this calendar alone count; without it all of them."


class Milestone(Syntax, frozen=True, eq=False):
    """A milestone, and the moment before which it is to be reached: so long before or after a date or another milestone."""

    milestone: Located[str] = key("milestone", Text(), "What is to be reached: " + _POINT, required=True)
    before: Located[timedelta] | None = key("before", Duration(), "How long before the date.")
    after: Located[timedelta] | None = key("after", Duration(), "How long after the date, or after the milestone `of`.")
    date: Located[str] | None = key("date", Formula(SCOPE, "date"), "The date, such as `promised_on`; a day is its first moment.")
    of: Located[str] | None = key("of", Text(), "The other milestone, from which `after` counts.")
    calendar: Located[str] | None = key("calendar", Ref("calendar"), _HOURS)


class Stay(Syntax, frozen=True, eq=False):
    """A status or a hold in which something is for too long."""

    status: Located[str] | None = key("status", Text(), "The status.")
    hold: Located[str] | None = key("hold", Text(), "The hold.")
    for_: Located[timedelta] = key("for", Duration(), "From how long on.", required=True)
    calendar: Located[str] | None = key("calendar", Ref("calendar"), _HOURS)


class Occurs(Syntax, frozen=True, eq=False):
    """Something that happens."""

    event: Located[str] = key("event", Text(), "What happens: " + _POINT, marks=True)
    where: Located[str] | None = key("where", Formula(SCOPE_OF_EVENTS, "boolean"), "Which of them count; all without it.")
    count: Located[Decimal] | None = key(
        "count", Number(Decimal(1), Decimal(MOST_EVENTS), whole=True), "How many of them; one unless said."
    )


class Absent(Syntax, frozen=True, eq=False):
    """Something that does not happen between what stands before it and what stands after it, or until the window is over."""

    event: Located[str] = key("no", Text(), "What does not happen: " + _POINT, marks=True)
    where: Located[str] | None = key("where", Formula(SCOPE_OF_EVENTS, "boolean"), "Which of them count; all without it.")


class Pattern(Syntax, frozen=True, eq=False):
    """Events one after the other, within a window, of the same customer, address, item, node, order ..."""

    of: Located[str] | None = key(
        "of",
        OneOf(OF_ORDERS),
        "Whose events these are: what happens to orders (unless said otherwise), to lines, or to units of work.",
    )
    within: Located[timedelta] | None = key("within", Duration(), "The window, which begins with the first event.")
    same: tuple[Located[str], ...] = key(
        "same",
        ListOf(Formula(SCOPE_OF_EVENTS)),
        "What the events have in common, such as `order.customer.id`. Of a list the event counts for each of its values.",
    )
    events: tuple[Occurs | Absent, ...] = key(
        "events", ListOf(Variants((Occurs, Absent), "event")), "The events, in this order.", required=True
    )


class Raise(Syntax, frozen=True, eq=False):
    """What a monitor raises. Of stock it is an alert; else an event, a message, an exception, or several of them."""

    alert: Located[str] | None = key("alert", Name(), "The alert's name, which expressions see in `item.alerts`.")
    event: Located[str] | None = key("event", Ref("event"), "An event that is declared; steps wait for it, handlers take it up.")
    notify: Located[str] | None = key("notify", Ref("role"), "The role that is told.")
    message: Located[str] | None = key("message", Ref("message"), "The message by which it is told.")
    exception: Located[str] | None = key("exception", Name(), "The type of an exception.")
    to: Located[str] | None = key("to", Ref("role"), "Whose exception it is, where its type does not say so.")
    options: tuple[Located[str], ...] = key(
        "options", ListOf(Name()), "The ways out of the exception; the order waits for none of them. `seen` alone unless said."
    )


class Monitor(Syntax, frozen=True, eq=False):
    """Watches the availability of items, milestones and statuses of orders, or patterns over many events."""

    name: Located[str] = key("name", Name(), "Name, unique among monitors.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    watch: Located[str] = key(
        "watch",
        OneOf((*OF_STOCK, *OF_ORDERS, EVENTS)),
        "`item`: all nodes of an item together. `position`: each node of an item by itself. `order`, `line`, `unit`: each by "
        "itself. `events`: what happens to any order.",
        required=True,
    )
    active: Located[str] | None = key("active", OneOf(("true", "false")), "`false` switches it off.")
    nodes: Located[str] | None = key("nodes", Formula("node", "boolean"), "Of stock: the nodes that count; all without it.")
    method: Located[str] | None = key("method", Text(), "Of stock: the way to the customer for which units are available.")
    when: Located[str] | None = key("when", Formula("monitor", "boolean"), "Of stock: the alert is raised when this is true.")
    until: Located[str] | None = key(
        "until", Formula("monitor", "boolean"), "Of stock: a raised alert is cleared when this is true, and not before."
    )
    over: Located[timedelta] | None = key(
        "over", Duration(), "Of stock: the whole days over which `velocity` and `cover` look back."
    )
    where: Located[str] | None = key("where", Formula(SCOPE, "boolean"), "Which orders, lines or units count; all without it.")
    missing: Milestone | None = key("not-reached", Section(Milestone), "A milestone that is not reached by then.")
    late: Milestone | None = key("reached", Section(Milestone), "A milestone that is reached, and later than that.")
    stays: Stay | None = key("stays", Section(Stay), "A status or a hold in which it is for so long.")
    pattern: Pattern | None = key("pattern", Section(Pattern), "What happens to any orders.")
    raises: Raise = key("raise", Section(Raise, "alert"), "What is raised; a name alone is that of an alert.", required=True)
