"""Promising rules."""

from __future__ import annotations

from orderloom.dsl import program
from orderloom.dsl.fields import Pair
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.syntax import Promising, Supply


def lowered_promising(promising: Promising, formulas: Compiled) -> program.Promising:
    return program.Promising(
        name=promising.name.value,
        title=text(promising.title, promising.name.value),
        supply={pair.key.value: _supply(pair) for pair in promising.supply},
        floor=formula(promising.floor, formulas),
        lead_days=formula(promising.lead_days, formulas),
        processing_days=formula(promising.processing_days, formulas),
        lane={pair.key.value: formulas[pair.value] for pair in promising.lane},
        services=tuple(
            program.Service(
                s.name.value, s.method.value, formula(s.when, formulas), formulas[s.transit_days], origin(s.name.span)
            )
            for s in promising.services
        ),
        origin=origin(promising.name.span),
    )


def _supply(pair: Pair[Supply]) -> program.SupplyRule:
    supply = pair.value
    days = supply.days_after_due
    return program.SupplyRule(
        pair.key.value, supply.trust.value, int(days.value) if days is not None else 0, origin(pair.key.span)
    )
