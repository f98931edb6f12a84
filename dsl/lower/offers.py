"""Offers."""

from __future__ import annotations

from orderloom.dsl import program
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.program.offers import BASKET
from orderloom.dsl.syntax.offers import SELLS, Offer, Offers

LIMIT, DAYS = 3, 28


def lowered_offers(written: Offers, formulas: Compiled) -> program.Offers:
    return program.Offers(
        name=written.name.value,
        title=text(written.title, written.name.value),
        when=formula(written.when, formulas),
        limit=int(written.limit.value) if written.limit is not None else LIMIT,
        days=max(1, written.over.value.days) if written.over is not None else DAYS,
        rules=tuple(_rule(each, formulas) for each in written.offers),
        origin=origin(written.name.span),
    )


def _rule(written: Offer, formulas: Compiled) -> program.OfferRule:
    return program.OfferRule(
        name=written.name.value,
        title=text(written.title, written.name.value),
        sells=text(written.sells, SELLS[0]),
        basis=text(written.to, BASKET),
        items=formulas[written.items],
        when=formula(written.when, formulas),
        price=formula(written.price, formulas),
        rank=formula(written.rank, formulas),
        origin=origin(written.name.span),
    )
