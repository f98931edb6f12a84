"""A tariff: what the trips of one order are worked out from, besides the lane. Sorted once by what the terms read."""

from __future__ import annotations

from msgspec import Struct

from orderloom.dsl.program import CostTerm, Formula, Promising, Service, Sourcing
from orderloom.engine.sourcing.costs import reads, terms_of
from orderloom.engine.sourcing.demand import Want
from orderloom.engine.stock import Stock

#: What the same node's lines and services may differ in.
_OWN = frozenset({"line", "item", "position", "service", "left", "days_late"})


class Tariff(Struct, frozen=True, eq=False):
    """Services, terms and demand.

    Of the unit terms, `load_terms` ask for the node's load of the day, `left_terms` for what is left on hand, `plain_terms`
    for neither. `load_alike`: the load terms ask for nothing that differs between units of a day.
    `taken_by_shipment` and `timed_by_shipment` name the services whose condition, and whose transit days, ask what is in the
    shipment. `late` is as in the policy.
    """

    services: tuple[Service, ...]
    shipment_terms: tuple[CostTerm, ...]
    unit_terms: tuple[CostTerm, ...]
    plain_terms: tuple[CostTerm, ...]
    left_terms: tuple[CostTerm, ...]
    load_terms: tuple[CostTerm, ...]
    load_alike: bool
    service_matters: bool
    taken_by_shipment: frozenset[str]
    timed_by_shipment: frozenset[str]
    late: str
    wants: tuple[Want, ...]
    quantity: int
    stock: Stock


def tariff(policy: Sourcing, promising: Promising, wants: tuple[Want, ...], stock: Stock) -> Tariff:
    """The tariff of an order."""
    unit = terms_of(policy, "unit")
    load = tuple(term for term in unit if reads(term.formula, "load"))
    left = tuple(term for term in unit if reads(term.formula, "left") and term not in load)
    return Tariff(
        services=promising.services,
        shipment_terms=terms_of(policy, "shipment"),
        unit_terms=unit,
        plain_terms=tuple(term for term in unit if term not in load and term not in left),
        left_terms=left,
        load_terms=load,
        load_alike=not any(_own(term.formula) for term in load),
        service_matters=any(reads(term.formula, "service") for term in unit),
        taken_by_shipment=frozenset(each.name for each in promising.services if each.when and _asks(each.when)),
        timed_by_shipment=frozenset(each.name for each in promising.services if _asks(each.transit_days)),
        late=policy.late,
        wants=wants,
        quantity=sum(want.quantity for want in wants),
        stock=stock,
    )


def _asks(formula: Formula) -> bool:
    return formula.shape is None or any(path[0] == "shipment" for path in formula.shape.reads)


def _own(formula: Formula) -> bool:
    return formula.shape is None or any(path[0] in _OWN for path in formula.shape.reads)
