"""Replenishment rules."""

from __future__ import annotations

from orderloom.dsl import program
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.syntax import Purchase, Replenishment, Transfer


def lowered_replenishment(replenishment: Replenishment, formulas: Compiled) -> program.Replenishment:
    return program.Replenishment(
        name=replenishment.name.value,
        title=text(replenishment.title, replenishment.name.value),
        when=formula(replenishment.when, formulas),
        ways=tuple(_way(way, formulas) for way in replenishment.ways),
        approved_by=replenishment.approved_by.value if replenishment.approved_by is not None else None,
        origin=origin(replenishment.name.span),
    )


def _way(way: Purchase | Transfer, formulas: Compiled) -> program.SupplyWay:
    bought = way if isinstance(way, Purchase) else None
    return program.SupplyWay(
        kind="purchase" if bought else "transfer",
        source=way.source.value,
        when=formula(way.when, formulas),
        lead_days=formula(way.lead_days, formulas),
        transit_days=formula(way.transit_days, formulas),
        minimum=formula(bought.minimum, formulas) if bought else None,
        multiple=formula(bought.multiple, formulas) if bought else None,
        price=formulas[bought.price] if bought else None,
        origin=origin(way.source.span),
    )
