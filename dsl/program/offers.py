"""Offers."""

from __future__ import annotations

from msgspec import Struct

from orderloom.dsl.program.formula import Formula, Origin

UP_SELL = "up-sell"
BASKET, HISTORY, INTERESTS = "basket", "history", "interests"


class OfferRule(Struct, frozen=True):
    """What may be offered with each `basis`: an item of the basket, of earlier orders, of interests. An up-sell replaces one."""

    name: str
    title: str
    sells: str
    basis: str
    items: Formula
    when: Formula | None
    price: Formula | None
    rank: Formula | None
    origin: Origin


class Offers(Struct, frozen=True):
    """Rules of which at most `limit` offers are made; velocity and cover look back over `days`."""

    name: str
    title: str
    when: Formula | None
    limit: int
    days: int
    rules: tuple[OfferRule, ...]
    origin: Origin
