"""The user's own events as they are written."""

from __future__ import annotations

from orderloom.dsl.fields import (
    Formula,
    Located,
    MapOf,
    Name,
    OneOf,
    Pair,
    Ref,
    Section,
    Syntax,
    Text,
    TypeText,
    WrittenType,
    key,
)

#: What an event may be about; a line, a unit, a node or a participant is always one of the order's.
ABOUT = ("order", "line", "unit", "node", "participant")


class Start(Syntax, frozen=True, eq=False):
    """The process that an event starts: a process for the order runs beside the order's own, any other for a new unit of work."""

    process: Located[str] = key("process", Ref("process"), "The process.", required=True)
    when: Located[str] | None = key("when", Formula("event", "boolean"), "The process starts only where this is true.")
    node: Located[str] | None = key(
        "node", Formula("event", "string"), "Where the new unit of work is done; without it, where the event happened."
    )


class Event(Syntax, frozen=True, eq=False):
    """Something that may happen to an order, which steps wait for and handlers take up.

    Participants report it; with `from` it comes of another event, with `when` alone of a change of the order.
    """

    name: Located[str] = key("name", Name(), "Name, unique among events.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    about: Located[str] = key("about", OneOf(ABOUT), "What it happens to.", required=True)
    fields: tuple[Pair[WrittenType], ...] = key(
        "fields", MapOf(TypeText(), Name(feel=True)), "What is told of it, each with its type; expressions see `event.FIELD`."
    )
    source: Located[str] | None = key(
        "from", Ref("event"), "The reported event that becomes this one where `when` is true; its fields are those of this one."
    )
    when: Located[str] | None = key(
        "when",
        Formula("event", "boolean"),
        "With `from`, which of those events; without it, it happens when this comes true.",
    )
    starts: Start | None = key("starts", Section(Start, "process"), "A process that it starts.")
