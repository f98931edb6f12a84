"""Appeasements."""

from __future__ import annotations

from decimal import Decimal

from orderloom.dsl import program
from orderloom.dsl.fields import Located, Pair, mark
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.syntax.appeasements import Amount, Appeasements, FutureDiscount, GiftCard, Keep, Limit, Percent


def lowered_appeasements(written: Appeasements, formulas: Compiled) -> program.Appeasements:
    return program.Appeasements(
        name=written.name.value,
        title=text(written.title, written.name.value),
        when=formula(written.when, formulas),
        reasons=tuple(reason.value for reason in written.reasons),
        expected={pair.key.value: formulas[pair.value] for pair in written.expected},
        choose=formulas[written.choose],
        offers={pair.key.value: _offer(pair, formulas) for pair in written.offers},
        limits=tuple(_limit(each, formulas) for each in written.limits),
        saves=formula(written.saves, formulas),
        authority=_amounts(written.authority),
        people=_amounts(written.people),
        approve=written.approve.value if written.approve is not None else None,
        origin=origin(written.name.span),
    )


def _offer(pair: Pair[Percent | Amount | GiftCard | FutureDiscount | Keep], formulas: Compiled) -> program.Offer:
    offer = pair.value
    return program.Offer(
        name=pair.key.value,
        title=text(offer.title, pair.key.value),
        kind=mark(type(offer)).text,
        value=formulas[offer.value],
        cost=formula(offer.cost, formulas),
        origin=origin(pair.key.span),
    )


def _limit(limit: Limit, formulas: Compiled) -> program.GrantLimit:
    return program.GrantLimit(
        per=limit.per.value,
        within=limit.within.value if limit.within is not None else None,
        at_most=formula(limit.at_most, formulas),
        times=int(limit.times.value) if limit.times is not None else None,
        origin=origin(limit.per.span),
    )


def _amounts(written: tuple[Pair[Located[Decimal]], ...]) -> dict[str, Decimal]:
    return {pair.key.value: pair.value.value for pair in written}
