"""Appeasements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from msgspec import Struct

from orderloom.dsl.program.formula import Formula, Origin

#: Kinds of offers. What is given back of the price is credited; the others are a document of their own.
CREDITED = ("percent", "amount", "keep the item")
KINDS = (*CREDITED, "gift card", "future discount")


class Offer(Struct, frozen=True):
    """`value` is a percentage where `kind` is percent, else the amount; it costs the amount where `cost` is None."""

    name: str
    title: str
    kind: str
    value: Formula
    cost: Formula | None
    origin: Origin


class GrantLimit(Struct, frozen=True):
    """No more than `at_most`, and no more `times`, per line, order or customer; `within` the time before, or ever."""

    per: str
    within: timedelta | None
    at_most: Formula | None
    times: int | None
    origin: Origin


class Appeasements(Struct, frozen=True):
    """A policy of offers in place of a return: `expected` has what that would cost, by name. Without `reasons` any will do.

    What goes beyond the `authority` of a role, or of one of the `people`, needs the agreement of the role `approve`.
    """

    name: str
    title: str
    when: Formula | None
    reasons: tuple[str, ...]
    expected: Mapping[str, Formula]
    choose: Formula
    offers: Mapping[str, Offer]
    limits: tuple[GrantLimit, ...]
    saves: Formula | None
    authority: Mapping[str, Decimal]
    people: Mapping[str, Decimal]
    approve: str | None
    origin: Origin
