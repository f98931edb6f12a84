"""Participants as they are written."""

from __future__ import annotations

from decimal import Decimal

from orderloom.dsl.fields import (
    Formula,
    ListOf,
    Located,
    MapOf,
    Name,
    Number,
    Pair,
    Plain,
    PlainValue,
    Ref,
    Section,
    Syntax,
    Text,
    TypeText,
    WrittenType,
    key,
    rest,
)


class Message(Syntax, frozen=True, eq=False):
    """A message to a role: a request when it has replies, else a notice."""

    title: Located[str] | None = key("title", Text(), "What people see.")
    replies: tuple[Located[str], ...] = key(
        "replies", ListOf(Name()), "The replies; the first is the main one. None for a notice."
    )
    fields: tuple[Pair[WrittenType], ...] = key(
        "fields",
        MapOf(TypeText(), Name(feel=True)),
        "What replies may tell, each with its type; what does not fit is refused.",
    )


_SHOW = (
    "What it sees there: `node`, `available`, `in stock`, `reserved`, `floor`, `dates` (today and the later days on which that "
    "changes), and types of supply such as `on hand`. Without `node` the nodes are shown as one, added up."
)


class StockView(Syntax, frozen=True, eq=False):
    """What a role sees of an item at some nodes."""

    nodes: Located[str] = key("nodes", Formula("stock view", "boolean"), "The nodes that it is about.", required=True)
    show: tuple[Located[str], ...] = key("show", ListOf(Text()), _SHOW, required=True)


class Role(Syntax, frozen=True, eq=False):
    """What a participant is for others.

    A role of the workspace adds to a role of the same name in a pack: messages and events add up. A message of the same name,
    the title and what it sees of stock are the workspace's.
    """

    title: Located[str] | None = key("title", Text(), "What people see.")
    receives: tuple[Pair[Message], ...] = key("receives", MapOf(Section(Message)), "The messages that are sent to it.")
    sends: tuple[Located[str], ...] = key("sends", ListOf(Name()), "The events that it reports by itself.")
    sees_stock: tuple[StockView, ...] = key(
        "sees stock",
        ListOf(Section(StockView)),
        "What it sees of stock. Of several entries that fit a node the first counts; a node that none fits is not seen.",
    )


class Connection(Syntax, frozen=True, eq=False):
    """How an organization is reached."""

    adapter: Located[str] = key("adapter", Name(), "The adapter that reaches the organization.", required=True)
    concurrency: Located[Decimal] | None = key(
        "concurrency",
        Number(Decimal(1), Decimal(64), whole=True),
        "How many calls a worker has with it at a time; without it, one.",
    )
    rate: Located[Decimal] | None = key(
        "rate", Number(Decimal("0.01"), Decimal(100_000)), "How many messages a worker sends it in a second at most."
    )
    settings: tuple[Pair[PlainValue], ...] = rest(Plain(), "Settings of the adapter.")


class Organization(Syntax, frozen=True, eq=False):
    """A participant."""

    name: Located[str] = key("name", Name(), "Name, unique among organizations.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    roles: tuple[Located[str], ...] = key("roles", ListOf(Ref("role")), "What it is for others.", required=True)
    operates: Located[str] | None = key(
        "operates",
        Formula("node", "boolean"),
        "The nodes that it operates. Of several organizations that fit, the last one is taken; those of packs come first.",
    )
    connect: Connection = key("connect", Section(Connection), "How it is reached.", required=True)


class Person(Syntax, frozen=True, eq=False):
    """Somebody who does tasks and decides exceptions."""

    title: Located[str] | None = key("title", Text(), "What people see.")
    roles: tuple[Located[str], ...] = key("roles", ListOf(Ref("role")), "The roles whose work it is theirs to do.", required=True)
    skills: tuple[Located[str], ...] = key("skills", ListOf(Name()), "What they can do that not everybody can.")


class Participants(Syntax, frozen=True, eq=False):
    """Who takes part, what each role receives and sends, and how each organization is reached."""

    name: Located[str] = key("name", Name(), "Name, unique among documents of this kind.", required=True)
    roles: tuple[Pair[Role], ...] = key(
        "roles", MapOf(Section(Role)), "The roles by name. A role adds to one of the same name in a pack."
    )
    organizations: tuple[Organization, ...] = key("organizations", ListOf(Section(Organization)), "The organizations.")
    people: tuple[Pair[Person], ...] = key(
        "people",
        MapOf(Section(Person)),
        "The people by the name under which they work. Without any, whoever comes may do every task; else only who has its role.",
    )
