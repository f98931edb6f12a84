"""Promising rules."""

from __future__ import annotations

from decimal import Decimal

from orderloom.dsl import program
from orderloom.dsl.fields import Located, Pair
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.leaves import number
from orderloom.dsl.lower.options import lowered_option, lowered_slip
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.syntax import Promising, Service, Supply, Work


def lowered_promising(promising: Promising, formulas: Compiled) -> program.Promising:
    return program.Promising(
        name=promising.name.value,
        title=text(promising.title, promising.name.value),
        supply={pair.key.value: _supply(pair, formulas) for pair in promising.supply},
        stock_classes={pair.key.value: _stock_class(pair, formulas) for pair in promising.stock_classes} or program.GOOD_ALONE,
        floor=formula(promising.floor, formulas),
        lead_days=formula(promising.lead_days, formulas),
        work=tuple(_work(work, formulas) for work in promising.work),
        processing_days=formula(promising.processing_days, formulas),
        capacity=formula(promising.capacity, formulas),
        lane={pair.key.value: formulas[pair.value] for pair in promising.lane},
        services=tuple(_service(service, formulas) for service in promising.services),
        options=tuple(lowered_option(option, formulas) for option in promising.options),
        slip=lowered_slip(promising.slip),
        jeopardy=promising.jeopardy.value if promising.jeopardy is not None else None,
        origin=origin(promising.name.span),
    )


def _supply(pair: Pair[Supply], formulas: Compiled) -> program.SupplyRule:
    supply = pair.value
    days = supply.days_after_due
    return program.SupplyRule(
        pair.key.value, _trust(supply.trust, formulas), int(days.value) if days is not None else 0, origin(pair.key.span)
    )


def _trust(trust: Located[str], formulas: Compiled) -> Decimal | program.Formula:
    """The number where one is written: most are, and it is read for every supply of every order."""
    known = number(trust.node)
    return formulas[trust] if known is None else known


def _stock_class(pair: Pair[Located[str]], formulas: Compiled) -> program.ClassRule:
    always = pair.value.value == "true"
    return program.ClassRule(pair.key.value, None if always else formulas[pair.value], origin(pair.key.span))


def _work(work: Work, formulas: Compiled) -> program.Work:
    return program.Work(
        name=work.name.value,
        nodes=formula(work.nodes, formulas),
        processing_days=formula(work.processing_days, formulas),
        capacity=formula(work.capacity, formulas),
        fee=formula(work.fee, formulas),
        origin=origin(work.name.span),
    )


def _service(service: Service, formulas: Compiled) -> program.Service:
    return program.Service(
        name=service.name.value,
        method=service.method.value,
        when=formula(service.when, formulas),
        transit_days=formulas[service.transit_days],
        origin=origin(service.name.span),
        delivers_on=service.delivers_on.value if service.delivers_on is not None else None,
    )
