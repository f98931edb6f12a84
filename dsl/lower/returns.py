"""Policies of returns."""

from __future__ import annotations

from orderloom.dsl import program
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.syntax.returns import Blind, NotTaken, Returns


def lowered_returns(policy: Returns, formulas: Compiled) -> program.Returns:
    return program.Returns(
        name=policy.name.value,
        title=text(policy.title, policy.name.value),
        when=formula(policy.when, formulas),
        window=policy.window.value if policy.window is not None else None,
        reasons=tuple(each.value for each in policy.reasons),
        conditions=tuple(each.value for each in policy.conditions),
        places={pair.key.value: formulas[pair.value] for pair in policy.places},
        refuse=tuple(_not_taken(each, formulas) for each in policy.refuse),
        serials=formula(policy.serials, formulas),
        shipping=formula(policy.shipping, formulas),
        fees={pair.key.value: formulas[pair.value] for pair in policy.fees},
        exchange=tuple(each.value for each in policy.exchange),
        disposition=policy.disposition.value,
        process=policy.process.value,
        origin=origin(policy.name.span),
        pricing=tuple(each.value for each in policy.pricing),
        blind=_blind(policy.blind, formulas) if policy.blind is not None else None,
    )


def _not_taken(each: NotTaken, formulas: Compiled) -> program.NotTaken:
    return program.NotTaken(formulas[each.when], each.because.value, origin(each.when.span))


def _blind(each: Blind, formulas: Compiled) -> program.Blind:
    return program.Blind(
        each.price.value, formula(each.when, formulas), text(each.because, "it is not taken back without its order")
    )
