"""Exceptions: what each type of them is, and those that the engine itself raises."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct

from orderloom.dsl.program.formula import Formula, Origin
from orderloom.dsl.program.process import Escalation

OPERATIONS = "operations"  #: whose exceptions are that nobody else owns


class Remedy(Struct, frozen=True):
    """What an option of an exception means: offered where `when` holds, with its cost and date where they can be known."""

    option: str
    title: str
    when: Formula | None = None
    cost: Formula | None = None
    date: Formula | None = None


class ExceptionType(Struct, frozen=True):
    """A type of exceptions. Those of a higher priority come first, then those whose time is out first.

    One is closed by itself, with the option `closes_as`, when `closes_when` holds or the event `closes_on` comes.
    """

    name: str
    title: str
    owner: str | None = None
    priority: Formula | None = None
    within: timedelta | None = None
    escalations: tuple[Escalation, ...] = ()
    remedies: Mapping[str, Remedy] | None = None
    closes_when: Formula | None = None
    closes_on: str | None = None
    closes_as: str | None = None
    origin: Origin | None = None


class EngineType(Struct, frozen=True):
    """A type that the engine raises by itself, with the options that it then has.

    One that `outlives` the work stays open when the order or its unit of work ends: something is owed, or yet to be agreed to.
    """

    title: str
    options: tuple[str, ...]
    outlives: bool = False


#: By name; what a workspace says of such a type in a document of kind `exceptions` goes before.
ENGINE_TYPES: Mapping[str, EngineType] = {
    "no-way-forward": EngineType("The definition gives no way on", ("try-again",)),
    "undeliverable": EngineType("A request could not be delivered", ("try-again",)),
    "wrong-data": EngineType("What somebody told does not fit its fields", ("ask-again", "ignore")),
    "shortage": EngineType("A pick found less than was promised", ("sourced", "short")),
    "change-approval": EngineType("A change is made when somebody agrees", ("approve", "reject")),
    "supply-approval": EngineType("Supply is ordered when somebody agrees", ("approve", "reject")),
    "appeasement-approval": EngineType("An appeasement is granted when somebody agrees", ("approve", "reject"), outlives=True),
    "refund-failed": EngineType("Money could not be given back", ("try-again", "paid-otherwise"), outlives=True),
    "customer-decision": EngineType("Something will be late", ("source-again", "rebook", "wait", "cancel-order")),
}
