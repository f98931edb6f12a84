"""Participants."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct, field

from orderloom.dsl.feel.types import Type
from orderloom.dsl.program.formula import Formula, Origin
from orderloom.dsl.rights import US


class Message(Struct, frozen=True):
    """A message that a role receives; a request has replies, a notice has none. The first reply is the main one.

    `fields` are what may be told with a reply, `money` is what it asks of money.
    """

    name: str
    title: str
    replies: tuple[str, ...] = ()
    fields: Mapping[str, Type] = field(default_factory=dict)
    money: str = ""


#: What a role may see of stock, besides further types of supply: `dates` has the days on which the availability changes.
STOCK_FIELDS = ("node", "on hand", "in transit", "on order", "reserved", "floor", "available", "in stock", "dates")


def named_supply(type: str) -> str:
    """A type of supply as people write it: on hand, in transit."""
    return type.replace("-", " ")


class StockView(Struct, frozen=True):
    """What a role sees of stock at the nodes that fit; `show` has names of fields with spaces, in the order of writing."""

    nodes: Formula
    show: tuple[str, ...]
    origin: Origin


class OrderView(Struct, frozen=True):
    """What a role sees of the orders that fit; of their units of work only those that fit `units`, all where that is None."""

    orders: Formula
    show: tuple[str, ...]
    origin: Origin
    units: Formula | None = None


class ExceptionView(Struct, frozen=True):
    """What a role sees of the exceptions that fit."""

    exceptions: Formula
    show: tuple[str, ...]
    origin: Origin


class SavedView(Struct, frozen=True):
    """A part of what a role sees, under a name: of these orders, or of stock at these nodes, these fields; () for all."""

    name: str
    orders: Formula | None = None
    nodes: Formula | None = None
    show: tuple[str, ...] = ()


class Role(Struct, frozen=True):
    """What a participant is for another: the messages that it receives and the events that it sends.

    `may` has what it may do; it sees of stock, orders and exceptions what the first entry that fits says, and nothing else.
    """

    name: str
    title: str
    receives: Mapping[str, Message]
    sends: tuple[str, ...]
    origin: Origin
    sees_stock: tuple[StockView, ...] = ()
    may: tuple[str, ...] = ()
    sees_orders: tuple[OrderView, ...] = ()
    sees_exceptions: tuple[ExceptionView, ...] = ()
    views: Mapping[str, SavedView] = field(default_factory=dict)


class Relation(Struct, frozen=True):
    """What one organization grants another; of its availability a share, at the nodes that fit, at all where `nodes` is None."""

    granter: str
    grantee: str
    flows: tuple[str, ...]
    origin: Origin
    nodes: Formula | None = None
    trust: Decimal = Decimal(1)


class Organization(Struct, frozen=True):
    """A participant; `nodes` is a condition on `node`, None where the organization operates none.

    A worker has up to `concurrency` calls with it at a time, and sends it up to `rate` messages a second, None for no limit. What
    is at the nodes of an `external` one is its own.
    """

    name: str
    title: str
    roles: tuple[str, ...]
    nodes: Formula | None
    adapter: str
    settings: Mapping[str, object]
    origin: Origin
    concurrency: int = 1
    rate: Decimal | None = None
    external: bool = False


class Person(Struct, frozen=True):
    """Somebody who does tasks and decides exceptions, at a node and for an organization where that is said."""

    name: str
    title: str
    roles: tuple[str, ...]
    skills: tuple[str, ...] = ()
    node: str | None = None
    organization: str = US
