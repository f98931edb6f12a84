"""Policies of returns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct

from orderloom.dsl.program.formula import Formula, Origin


class NotTaken(Struct, frozen=True):
    """Goods for which `when` holds are not taken back, `because`."""

    when: Formula
    because: str
    origin: Origin


class Blind(Struct, frozen=True):
    """Goods whose order nobody knows, where `when` holds: a credit of the lowest price of orders placed in the last `price`."""

    price: timedelta
    when: Formula | None
    because: str


class Returns(Struct, frozen=True):
    """What is taken back of orders for which `when` holds; `places` are nodes by the way back.

    An empty tuple of reasons or conditions allows any. The roles of `pricing` may name prices of what goods are exchanged for.
    """

    name: str
    title: str
    when: Formula | None
    window: timedelta | None
    reasons: tuple[str, ...]
    conditions: tuple[str, ...]
    places: Mapping[str, Formula]
    refuse: tuple[NotTaken, ...]
    serials: Formula | None
    shipping: Formula | None
    fees: Mapping[str, Formula]
    exchange: tuple[str, ...]
    disposition: str
    process: str
    origin: Origin
    blind: Blind | None = None
    pricing: tuple[str, ...] = ()
