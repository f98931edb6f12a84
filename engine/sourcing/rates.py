"""Rates: what a policy's terms and services ask for, sorted once by what they read. Kept from order to order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from msgspec import Struct

from orderloom.dsl.program import CostTerm, Formula, Promising, Service, Sourcing
from orderloom.engine.sourcing.costs import ZERO, Linear, amount, linear, reads, terms_of, total
from orderloom.engine.sourcing.holdings import Holdings, holdings_of
from orderloom.engine.sourcing.memory import paths_of, remember, remembering
from orderloom.engine.sourcing.runs import Starts, runs
from orderloom.engine.sourcing.steps import Steps, steps

#: What the same node's lines and services may differ in.
_OWN = frozenset({"line", "item", "position", "service", "left", "purchase_price", "days_late"})
_STEADY = frozenset({("shipment", "weight"), ("shipment", "quantity")})
_LINES = ("shipment", "lines")
_LINE = frozenset({("line",), ("line", "id"), ("line", "quantity")})
_KEPT = 32  #: policies whose rates, and all that their formulas remember, are kept

Sum = Callable[[Mapping[str, object]], Decimal]


class Load(NamedTuple):
    """What the terms of a day's load ask: the least for any unit, and what further units cost more (None: it differs)."""

    least: Decimal
    surcharge: Steps | None


NO_LOAD = Load(ZERO, ())


class Rates(Struct, frozen=True, eq=False):
    """The documents, with formulas that remember, and their terms.

    Of the unit terms, `load` asks for the node's load of the day, `left` for what is left on hand or the unit's purchase price,
    `plain` for none of these; the first two are None where no term does. The terms of `plain` are the `steady` ones. `ladder`
    gives the load's terms for a range of loads, named `load` in its context; None where they ask for what differs between units
    of a day.
    `freight` is `linear` of the shipment terms with known weights, None where it depends on days or is not exact.
    `taken_by_shipment` and `timed_by_shipment` name the services whose condition, and whose transit days, ask what is in the
    shipment. `lines_alike`: no formula tells lines apart that differ in nothing but their id and quantity. `holdings` are the
    positions that are remembered.
    """

    policy: Sourcing
    promising: Promising
    shipment_terms: tuple[CostTerm, ...]
    unit_terms: tuple[CostTerm, ...]
    steady: tuple[CostTerm, ...]
    freight: Callable[[dict[str, object]], Linear] | None
    plain: Sum
    left: tuple[CostTerm, ...]
    load: tuple[CostTerm, ...]
    ladder: Callable[[Mapping[str, object]], Load] | None
    service_matters: bool
    taken_by_shipment: frozenset[str]
    timed_by_shipment: frozenset[str]
    lines_alike: bool
    holdings: Holdings | None

    @property
    def services(self) -> tuple[Service, ...]:
        """The ways to the customer."""
        return self.promising.services


_known: dict[tuple[int, int], tuple[Sourcing, Promising, Rates]] = {}


def rates_of(policy: Sourcing, promising: Promising) -> Rates:
    """The rates, kept by the identity of the documents, so that the next order finds what this one has worked out."""
    key = (id(policy), id(promising))
    known = _known.get(key)
    if known is None:
        if len(_known) >= _KEPT:
            _known.clear()
        known = _known[key] = (policy, promising, rates(*remembering(policy, promising)))  # the originals keep their ids
    return known[2]


def rates(policy: Sourcing, promising: Promising) -> Rates:
    """The rates of a policy and the promise that goes with it."""
    shipment, unit = terms_of(policy, "shipment"), terms_of(policy, "unit")
    load = tuple(term for term in unit if reads(term.formula, "load"))
    left = tuple(term for term in unit if _differs(term.formula) and term not in load)
    steady = tuple(term for term in unit if term not in load and term not in left)
    return Rates(
        policy=policy,
        promising=promising,
        shipment_terms=shipment,
        unit_terms=unit,
        freight=_freight(shipment),
        steady=steady,
        plain=_sum(steady),
        left=left,
        load=load,
        ladder=None if any(_own(term.formula) for term in load) else _ladder(load),
        service_matters=any(reads(term.formula, "service") for term in unit),
        taken_by_shipment=frozenset(each.name for each in promising.services if each.when and _asks(each.when)),
        timed_by_shipment=frozenset(each.name for each in promising.services if _asks(each.transit_days)),
        holdings=holdings_of(promising),
        lines_alike=not any(_tells_apart(formula) for formula in formulas_in((policy, promising))),
    )


def _differs(formula: Formula) -> bool:
    """Whether it asks for what differs between units of one line."""
    return reads(formula, "left") or reads(formula, "purchase_price")


def _sum(terms: tuple[CostTerm, ...]) -> Sum:
    paths = paths_of(term.formula for term in terms)
    if len(terms) == 1:  # which remembers by itself
        return partial(amount, terms[0])
    return partial(total, terms) if paths is None else remember(partial(total, terms), paths)


def _ladder(terms: tuple[CostTerm, ...]) -> Callable[[Mapping[str, object]], Load]:
    def evaluate(context: Mapping[str, object]) -> Load:
        loads = context["load"]
        assert isinstance(loads, range)
        return load_of(runs(terms, context, "load", loads))

    paths = paths_of(term.formula for term in terms)
    return evaluate if paths is None else remember(evaluate, paths)


def load_of(found: Starts) -> Load:
    """The load whose further units cost this much, each the same for all lines."""
    least = min(found.values())
    return Load(least, steps({start: cost - least for start, cost in found.items()}))


def _freight(terms: tuple[CostTerm, ...]) -> Callable[[dict[str, object]], Linear] | None:
    paths = paths_of(term.formula for term in terms)
    if paths is None or not all(term.formula.shape and term.formula.shape.linear for term in terms):
        return None
    if any(path[0] == "shipment" and path not in _STEADY for path in paths):
        return None

    def evaluate(context: Mapping[str, object]) -> Linear:
        return linear(terms, context, (), date.min, date.min)

    return remember(evaluate, tuple(path for path in paths if path not in _STEADY))


def _asks(formula: Formula) -> bool:
    return formula.shape is None or any(path[0] == "shipment" for path in formula.shape.reads)


def _tells_apart(formula: Formula) -> bool:
    """Whether the formula may see the id or the quantity of a line, or how many lines a shipment has."""
    if formula.shape is None or not formula.shape.reads.isdisjoint(_LINE):
        return True
    return _LINES in formula.shape.reads and not formula.shape.linewise


def formulas_in(value: object) -> Iterator[Formula]:
    """Every formula of a definition, at any depth."""
    if isinstance(value, Formula):
        yield value
    elif isinstance(value, Mapping):
        yield from formulas_in(tuple(value.values()))
    elif isinstance(value, tuple):
        for each in value:
            yield from formulas_in(each)
    elif is_dataclass(value):
        yield from formulas_in(tuple(getattr(value, field.name) for field in fields(value)))


def _own(formula: Formula) -> bool:
    return formula.shape is None or any(path[0] in _OWN for path in formula.shape.reads)
