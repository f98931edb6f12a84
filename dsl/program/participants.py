"""Participants."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct, field

from orderloom.dsl.feel.types import Type
from orderloom.dsl.program.formula import Formula, Origin


class Message(Struct, frozen=True):
    """A message that a role receives; a request has replies, a notice has none. The first reply is the main one.

    `fields` are what may be told with a reply.
    """

    name: str
    title: str
    replies: tuple[str, ...] = ()
    fields: Mapping[str, Type] = field(default_factory=dict)


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


class Role(Struct, frozen=True):
    """What a participant is for another: the messages that it receives and the events that it sends.

    `sees_stock` is what it may know of stock: the first entry that fits a node says so, and nothing else is seen.
    """

    name: str
    title: str
    receives: Mapping[str, Message]
    sends: tuple[str, ...]
    origin: Origin
    sees_stock: tuple[StockView, ...] = ()


class Organization(Struct, frozen=True):
    """A participant; `nodes` is a condition on `node`, None where the organization operates none.

    A worker has up to `concurrency` calls with it at a time, and sends it up to `rate` messages a second, None for no limit.
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


class Person(Struct, frozen=True):
    """Somebody who does tasks and decides exceptions."""

    name: str
    title: str
    roles: tuple[str, ...]
    skills: tuple[str, ...] = ()
