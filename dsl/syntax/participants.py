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
    OneOf,
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
from orderloom.dsl.rights import EVERYTHING, FLOWS, RIGHTS, US

#: What a message may ask of money: to set it aside, to take it, to free what is not taken, to give it back.
MONEY = ("authorise", "capture", "release", "refund")


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
    money: Located[str] | None = key(
        "money",
        OneOf(MONEY),
        "What it asks of money; the request then names the amount by tender. `authorise` asks for what the order comes to, "
        "`capture` for what the unit of work or the order comes to, `release` for what was authorised and not captured; "
        "`refund` is sent by itself with everything that is given back.",
    )


_SHOW = (
    "What it sees there: `node`, `available`, `in stock`, `reserved`, `floor`, `dates` (today and the later days on which that "
    "changes), and types of supply such as `on hand`. Without `node` the nodes are shown as one, added up."
)


class StockView(Syntax, frozen=True, eq=False):
    """What a role sees of an item at some nodes."""

    nodes: Located[str] = key(
        "nodes", Formula("stock view", "boolean", listed="node.id"), "The nodes that it is about.", required=True
    )
    show: tuple[Located[str], ...] = key("show", ListOf(Text()), _SHOW, required=True)


_FIELDS = (
    "What it sees of them, besides the id: `status`, `placed at`, `channel`, `customer`, `ship to`, `total`, `lines`, `prices`, "
    "`dates`, `units`, `nodes`, `documents`, `holds`, `exceptions`, `history`, `decisions` (why it was decided so, for "
    "whoever may `inspect`)."
)


class OrderView(Syntax, frozen=True, eq=False):
    """What a role sees of some orders."""

    orders: Located[str] = key("orders", Formula("order view", "boolean"), "The orders that it is about.", required=True)
    units: Located[str] | None = key(
        "units",
        Formula("unit view", "boolean"),
        "The units of work that it sees; of lines, money, holds and history it sees what is of them. Without it, all.",
    )
    show: tuple[Located[str], ...] = key("show", ListOf(Text()), _FIELDS, required=True)


class ExceptionView(Syntax, frozen=True, eq=False):
    """What a role sees of some exceptions."""

    exceptions: Located[str] = key(
        "exceptions", Formula("exception view", "boolean"), "The exceptions that it is about.", required=True
    )
    show: tuple[Located[str], ...] = key(
        "show",
        ListOf(Text()),
        "What it sees of them, besides their ids and orders: `type`, `subject`, `role`, `cause`, `options`, `priority`, "
        "`opened at`, `due at`, `claimed by`, `note`.",
        required=True,
    )


class SavedView(Syntax, frozen=True, eq=False):
    """A part of what the role sees, under a name."""

    orders: Located[str] | None = key("orders", Formula("order view", "boolean"), "Only these orders.")
    nodes: Located[str] | None = key("nodes", Formula("stock view", "boolean", listed="node.id"), "Only stock of these nodes.")
    show: tuple[Located[str], ...] = key("show", ListOf(Text()), "Only these fields; without it, all that the role sees.")


class Role(Syntax, frozen=True, eq=False):
    """What a participant is for others.

    A role of the workspace adds to a role of the same name in a pack: messages, events and saved views add up. A message or view
    of the same name, the title, what it may do and what it sees are the workspace's.
    """

    title: Located[str] | None = key("title", Text(), "What people see.")
    receives: tuple[Pair[Message], ...] = key("receives", MapOf(Section(Message)), "The messages that are sent to it.")
    sends: tuple[Located[str], ...] = key("sends", ListOf(Name()), "The events that it reports by itself.")
    sees_stock: tuple[StockView, ...] = key(
        "sees stock",
        ListOf(Section(StockView)),
        "What it sees of stock. Of several entries that fit a node the first counts; a node that none fits is not seen.",
    )
    may: tuple[Located[str], ...] = key(
        "may",
        ListOf(Name()),
        "What it may do: " + ", ".join(f"`{name}` ({right.does})" for name, right in RIGHTS.items()) + f", or `{EVERYTHING}`. "
        "Where any role says what it may do or see of orders, no role may do anything else.",
    )
    sees_orders: tuple[OrderView, ...] = key(
        "sees orders",
        ListOf(Section(OrderView)),
        "What it sees of orders. Of several entries that fit an order the first counts; an order that none fits is not seen.",
    )
    sees_exceptions: tuple[ExceptionView, ...] = key(
        "sees exceptions",
        ListOf(Section(ExceptionView)),
        "What it sees of exceptions. Of several entries that fit one the first counts; one that none fits is not seen.",
    )
    views: tuple[Pair[SavedView], ...] = key("views", MapOf(Section(SavedView)), "Views that are looked at by name.")


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
        Formula("node", "boolean", listed="node.id"),
        "The nodes that it operates. Of several organizations that fit, the last one is taken; those of packs come first.",
    )
    external: Located[str] | None = key(
        "external",
        OneOf(("true", "false")),
        "`true` for one that is not part of whoever the workspace belongs to: the stock at its nodes is its own, and the two "
        "know of each other what a relation grants.",
    )
    connect: Connection = key("connect", Section(Connection), "How it is reached.", required=True)


class Person(Syntax, frozen=True, eq=False):
    """Somebody who does tasks and decides exceptions."""

    title: Located[str] | None = key("title", Text(), "What people see.")
    roles: tuple[Located[str], ...] = key("roles", ListOf(Ref("role")), "The roles whose work it is theirs to do.", required=True)
    skills: tuple[Located[str], ...] = key("skills", ListOf(Name()), "What they can do that not everybody can.")
    at: Located[str] | None = key("at", Text(), "The node at which they work: `user.node`.")
    of: Located[str] | None = key("of", Name(), f"The organization or division that they belong to. Without it, `{US}`.")


class Relation(Syntax, frozen=True, eq=False):
    """What one organization grants another: `A grants B:` with the flows. What is not granted is denied."""

    nodes: Located[str] | None = key(
        "nodes", Formula("node", "boolean", listed="node.id"), "The nodes whose availability is granted. Without it, all."
    )
    trust: Located[Decimal] | None = key(
        "trust",
        Number(Decimal(0), Decimal(1)),
        "The share of their availability that is counted, rounded down; 1 unless said. Of several relations about a node the "
        "largest share counts.",
    )
    grants: tuple[Pair[PlainValue], ...] = rest(
        Plain(), f"`A grants B`: {', '.join(FLOWS)}, one or a list. `{US}` is whoever the workspace belongs to."
    )


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
    relations: tuple[Relation, ...] = key(
        "relations", ListOf(Section(Relation)), "What organizations and divisions grant each other. They add up."
    )
