"""The documents of the language as they are written: every key of every kind, with its type and its one line of help.

`steps.py` has the kind `process`.
"""

# ruff: noqa: RUF009 - `key` declares a field, as `dataclasses.field` does
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from orderloom.dsl.fields import (
    Allowed,
    Date,
    DateTime,
    Formula,
    Hours,
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
    Weekdays,
    WrittenType,
    key,
    rest,
)
from orderloom.dsl.leaves import OpenHours
from orderloom.dsl.steps import Process

LANGUAGE = 1  #: the version of the language that this compiler reads


# --- decision --------------------------------------------------------------------------------------------------------

HITS = (
    "unique", "any", "priority", "first", "rule order", "output order",
    "collect", "collect sum", "collect min", "collect max", "collect count",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Decision(Syntax):
    """A decision table or a FEEL expression. With `given`, expressions call it by its name, like a function.

    `where` names what the logic needs on its way: a part of it, a list, a function, the answer of another decision.
    """

    name: Located[str] = key("name", Name(), "Name, unique among decisions.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    given: tuple[Pair[WrittenType], ...] = key("given", MapOf(TypeText(), Name(feel=True)), "Parameters with their types.")
    where: tuple[Pair[Located[str]], ...] = key(
        "where", MapOf(Formula("decision"), Name(feel=True)), "Values by name, worked out first; each sees those above it."
    )
    hit: Located[str] | None = key("hit", OneOf(HITS), "Which matching rows count, as in DMN; `unique` unless said.")
    inputs: tuple[Pair[Located[str]], ...] = key(
        "inputs", MapOf(Formula("decision"), Name(feel=True)), "The table's input columns; without them the parameters."
    )
    outputs: tuple[Pair[WrittenType], ...] = key(
        "outputs", MapOf(TypeText(), Name(feel=True)), "The output columns with their types."
    )
    allowed: tuple[Pair[WrittenType], ...] = key(
        "allowed",
        MapOf(Allowed(), Name(feel=True)),
        "By column, the only values that occur; those of an output stand in the order of their priority.",
    )
    default: tuple[Pair[Located[str]], ...] = key(
        "default",
        MapOf(Formula("decision"), Name(feel=True)),
        "By output, what holds where no row answers; null where nothing does.",
    )
    table: Located[str] | None = key("table", Text(), "The rows as a text table: inputs || outputs | note.")
    rows: tuple[tuple[Located[str], ...], ...] = key("rows", ListOf(ListOf(Text())), "The rows as lists of cells.")
    file: Located[str] | None = key("file", Text(), "A CSV or XLSX file with the rows, relative to this file.")
    value: Located[str] | None = key("value", Formula("decision"), "One FEEL expression instead of a table.")


# --- sourcing --------------------------------------------------------------------------------------------------------

PREFERENCES = ("fewer shipments", "earlier last delivery", "nearer", "node id")
FALLBACKS = ("backorder", "exception", "cancel")


@dataclass(frozen=True, slots=True, eq=False)
class Pool(Syntax):
    """Nodes that may serve."""

    name: Located[str] = key("pool", Name(), "Name of the pool.", required=True)
    nodes: Located[str] = key("nodes", Formula("pool", "boolean"), "Which nodes are in it.", required=True)


@dataclass(frozen=True, slots=True, eq=False)
class Exclusion(Syntax):
    """A condition under which a node may not serve a line, with the reason."""

    when: Located[str] = key(
        "when", Formula("exclusion", "boolean"), "A node is out for a line when this is true.", required=True
    )
    because: Located[str] = key("because", Text(), "The reason that people read.", required=True)


@dataclass(frozen=True, slots=True, eq=False)
class Limits(Syntax):
    """What every plan must keep."""

    shipments: Located[str] | None = key("shipments", Formula("limits", "number"), "The most shipments for one order.")
    late: Located[str] | None = key("late", OneOf(("hard", "soft")), "`hard`: no line later than wanted; `soft`: at its cost.")


@dataclass(frozen=True, slots=True, eq=False)
class Costs(Syntax):
    """The terms of the objective by the thing that each is worked out for, all in the workspace's currency."""

    shipment: tuple[Pair[Located[str]], ...] = key(
        "per shipment", MapOf(Formula("cost of a shipment", "number"), Text()), "Terms for each shipment."
    )
    unit: tuple[Pair[Located[str]], ...] = key(
        "per unit", MapOf(Formula("cost of a unit", "number"), Text()), "Terms for each single item."
    )
    extra_shipment: tuple[Pair[Located[str]], ...] = key(
        "per extra shipment",
        MapOf(Formula("cost of an extra shipment", "number"), Text()),
        "Terms for each shipment after the first.",
    )
    cancelled_unit: tuple[Pair[Located[str]], ...] = key(
        "per cancelled unit",
        MapOf(Formula("cost of a cancelled unit", "number"), Text()),
        "Terms for each single item that has no source.",
    )


@dataclass(frozen=True, slots=True, eq=False)
class Sourcing(Syntax):
    """From where an order is served: pools and exclusions filter, the sum of the costs ranks, preferences break ties."""

    name: Located[str] = key("name", Name(), "Name, unique among sourcing policies.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    promise_by: Located[str] = key("promise by", Ref("promising"), "The promising rules that date a plan.", required=True)
    candidates: tuple[Pool, ...] = key(
        "candidates",
        ListOf(Section(Pool)),
        "Pools, tried in order: one is used when those above cannot serve all.",
        required=True,
    )
    exclude: tuple[Exclusion, ...] = key("exclude", ListOf(Section(Exclusion)), "What a node may not serve, and why.")
    limits: Limits | None = key("limits", Section(Limits), "What every plan must keep.")
    minimise: Costs = key("minimise", Section(Costs), "The costs; the plan with the least sum wins.", required=True)
    prefer: tuple[Located[str], ...] = key("then prefer", ListOf(OneOf(PREFERENCES)), "What breaks a tie, first to last.")
    fallback: Located[str] | None = key(
        "if nothing fits",
        OneOf(FALLBACKS),
        "What becomes of what has no source; `exception` unless said. `exception`: the order or unit stands in the queue of "
        "operations until it is tried again; `backorder`: it waits and is sourced again every day; `cancel`: it is cancelled.",
    )


# --- promising -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Supply(Syntax):
    """How much of a type of supply counts, and from when."""

    trust: Located[Decimal] = key("trust", Number(Decimal(0), Decimal(1)), "The part of it that counts, 0 to 1.", required=True)
    days_after_due: Located[Decimal] | None = key(
        "days after due", Number(Decimal(0), Decimal(3650), whole=True), "Days from its due date until it can be shipped."
    )


@dataclass(frozen=True, slots=True, eq=False)
class Service(Syntax):
    """A way from the node to the customer."""

    name: Located[str] = key("service", Name(), "Name of the service.", required=True)
    method: Located[str] = key("method", Name(), "What `unit.method` is for what goes by this service.", required=True)
    when: Located[str] | None = key("when", Formula("service", "boolean"), "When it may be used.")
    transit_days: Located[str] = key(
        "transit days", Formula("service", "number"), "Days from shipping to the customer.", required=True
    )


@dataclass(frozen=True, slots=True, eq=False)
class Promising(Syntax):
    """When a node can ship, and when the customer has it."""

    name: Located[str] = key("name", Name(), "Name, unique among promising rules.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    supply: tuple[Pair[Supply], ...] = key("supply", MapOf(Section(Supply)), "Which types of supply count.", required=True)
    floor: Located[str] | None = key("floor", Formula("floor", "number"), "Quantity that is never promised.")
    lead_days: Located[str] | None = key("lead days", Formula("lead days", "number"), "Working days before a node can begin.")
    processing_days: Located[str] | None = key(
        "processing days", Formula("lead days", "number"), "Working days of work before shipping."
    )
    lane: tuple[Pair[Located[str]], ...] = key(
        "lane", MapOf(Formula("lane"), Name(feel=True)), "Values worked out once for each pair of node and order."
    )
    services: tuple[Service, ...] = key("services", ListOf(Section(Service)), "How goods can reach the customer.", required=True)


# --- participants ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Message(Syntax):
    """A message to a role: a request when it has replies, else a notice."""

    title: Located[str] | None = key("title", Text(), "What people see.")
    replies: tuple[Located[str], ...] = key(
        "replies", ListOf(Name()), "The replies; the first is the main one. None for a notice."
    )


@dataclass(frozen=True, slots=True, eq=False)
class Role(Syntax):
    """What a participant is for others.

    A role of the workspace adds to a role of the same name in a pack: messages and events add up. A message of the same name
    and the title are the workspace's.
    """

    title: Located[str] | None = key("title", Text(), "What people see.")
    receives: tuple[Pair[Message], ...] = key("receives", MapOf(Section(Message)), "The messages that are sent to it.")
    sends: tuple[Located[str], ...] = key("sends", ListOf(Name()), "The events that it reports by itself.")


@dataclass(frozen=True, slots=True, eq=False)
class Connection(Syntax):
    """How an organization is reached."""

    adapter: Located[str] = key("adapter", Name(), "The adapter that reaches the organization.", required=True)
    settings: tuple[Pair[PlainValue], ...] = rest(Plain(), "Settings of the adapter.")


@dataclass(frozen=True, slots=True, eq=False)
class Organization(Syntax):
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


@dataclass(frozen=True, slots=True, eq=False)
class Participants(Syntax):
    """Who takes part, what each role receives and sends, and how each organization is reached."""

    name: Located[str] = key("name", Name(), "Name, unique among documents of this kind.", required=True)
    roles: tuple[Pair[Role], ...] = key(
        "roles", MapOf(Section(Role)), "The roles by name. A role adds to one of the same name in a pack."
    )
    organizations: tuple[Organization, ...] = key("organizations", ListOf(Section(Organization)), "The organizations.")


# --- attributes, calendar --------------------------------------------------------------------------------------------

_FIELDS = MapOf(TypeText(), Name(feel=True))


@dataclass(frozen=True, slots=True, eq=False)
class Attributes(Syntax):
    """The user's own typed fields. Expressions may use them, and imports check them."""

    name: Located[str] = key("name", Name(), "Name, unique among documents of this kind.", required=True)
    order: tuple[Pair[WrittenType], ...] = key("order", _FIELDS, "Fields of an order.")
    line: tuple[Pair[WrittenType], ...] = key("line", _FIELDS, "Fields of a line.")
    item: tuple[Pair[WrittenType], ...] = key("item", _FIELDS, "Fields of an item.")
    node: tuple[Pair[WrittenType], ...] = key("node", _FIELDS, "Fields of a node.")
    position: tuple[Pair[WrittenType], ...] = key("position", _FIELDS, "Fields of an item's stock at a node.")
    customer: tuple[Pair[WrittenType], ...] = key("customer", _FIELDS, "Fields of a customer.")
    ship_to: tuple[Pair[WrittenType], ...] = key("ship_to", _FIELDS, "Fields of an address.")


@dataclass(frozen=True, slots=True, eq=False)
class Calendar(Syntax):
    """Working hours of a node."""

    name: Located[str] = key("name", Name(), "Name, unique among calendars.", required=True)
    timezone: Located[str] = key("timezone", Text(), "Time zone, as in `America/Chicago`.", required=True)
    hours: tuple[Pair[Located[OpenHours]], ...] = key(
        "hours",
        MapOf(Hours(), Weekdays()),
        "Hours by weekday, as in `mon-fri: 08:00-17:00`; other days are closed.",
        required=True,
    )
    closed: tuple[Located[date], ...] = key("closed", ListOf(Date()), "Single days that are closed.")


# --- scenario --------------------------------------------------------------------------------------------------------

COMMANDS = ("capture", "plan", "event", "reply", "resolve", "cancel", "at", "time out", "partners", "check")
_WHEN = (
    f"What happens, one thing each: {', '.join(COMMANDS)}. "
    "A line of an order that names no method is for `pickup` where the order has a `pickup_node`, else for `ship`."
)


@dataclass(frozen=True, slots=True, eq=False)
class Given(Syntax):
    """What there is before the scenario begins."""

    like: Located[str] | None = key("like", Text(), "The name of a scenario whose givens hold here too.")
    items: PlainValue | None = key("items", Plain(), "Items: a list of records, or a map by id.")
    nodes: PlainValue | None = key("nodes", Plain(), "Nodes: a list of records, or a map by id.")
    stock: PlainValue | None = key("stock", Plain(), "Stock by node and item, or a list of positions.")
    supply: PlainValue | None = key("supply", Plain(), "Supply that is on its way: a list of records.")


@dataclass(frozen=True, slots=True, eq=False)
class Scenario(Syntax):
    """An analyst's test: what is given, what happens, what must be true then."""

    name: Located[str] = key("name", Text(), "Name, unique among scenarios.", required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    covers: tuple[Located[Decimal], ...] = key("covers", ListOf(Number(whole=True)), "Numbers of the requirements that it shows.")
    clock: Located[datetime] = key("clock", DateTime(), "The moment at which it begins.", required=True)
    given: Given | None = key("given", Section(Given), "What there is before.")
    when: tuple[tuple[Pair[PlainValue], ...], ...] = key("when", ListOf(MapOf(Plain(), Text())), _WHEN, required=True)
    then: tuple[tuple[Pair[PlainValue], ...], ...] = key(
        "then", ListOf(MapOf(Plain(), Text())), "What must be true, one path each, such as `order.status`.", required=True
    )


# --- workspace -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Manifest(Syntax):
    """`orderloom.yaml`: what the workspace is called and what it builds on."""

    language: Located[Decimal] = key("orderloom", Number(whole=True), f"Version of the language: {LANGUAGE}.", required=True)
    workspace: Located[str] = key("workspace", Name(), "Name of the workspace.", required=True)
    packs: tuple[Located[str], ...] = key("packs", ListOf(Ref("pack")), "Shipped packs that it builds on.")
    currency: Located[str] = key("currency", Text(), "ISO 4217 code of the currency of all costs and prices.", required=True)
    timezone: Located[str] = key("timezone", Text(), "Time zone of days and of clocks without a node.", required=True)


KINDS: dict[str, type[Syntax]] = {
    "process": Process,
    "decision": Decision,
    "sourcing": Sourcing,
    "promising": Promising,
    "participants": Participants,
    "attributes": Attributes,
    "calendar": Calendar,
    "scenario": Scenario,
}

Body = Process | Decision | Sourcing | Promising | Participants | Attributes | Calendar | Scenario
