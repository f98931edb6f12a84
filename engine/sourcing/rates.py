"""Rates: what a policy's terms and services ask for, sorted once by what they read. Kept from order to order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial

from msgspec import Struct
from msgspec.structs import astuple

from orderloom.dsl.program import CostTerm, Exclusion, Formula, Promising, Service, Sourcing
from orderloom.engine.sourcing.costs import ZERO, amount, reads, terms_of, total
from orderloom.engine.sourcing.goals import Goals, goals_of
from orderloom.engine.sourcing.holdings import Holdings, holdings_of
from orderloom.engine.sourcing.memory import ROOTS, paths_of, remember, remembering
from orderloom.engine.sourcing.routes import Stand, stands
from orderloom.engine.sourcing.runs import Starts, runs
from orderloom.engine.sourcing.steps import Steps, rising, steps

#: What the same node's lines and services may differ in.
_OWN = frozenset({"line", "item", "position", "service", "left", "purchase_price", "days_late"})
#: What the units of one position may differ in, besides what is remembered of it.
_BEHIND = frozenset({"item", "node", "position", "method", "left", "purchase_price"})
_LINES = ("shipment", "lines")
_DAYS = (("shipment", "days_late"), ("days_late",))
_LINE = frozenset({("line",), ("line", "id"), ("line", "quantity")})
_KEPT = 32  #: policies whose rates, and all that their formulas remember, are kept

Sum = Callable[[Mapping[str, object]], Decimal]


class Load(Struct, frozen=True, gc=False):
    """What the terms of a day's load ask: the least for any unit, and what further units cost more (None: it differs).

    `rising`: that is known, and no unit costs less than the one before it.
    """

    least: Decimal
    surcharge: Steps | None
    rising: bool


NO_LOAD = Load(ZERO, (), True)


class Rates(Struct, frozen=True, eq=False):
    """The documents, with formulas that remember, and their terms.

    `goals` are those of the policy, `notional` the names of terms that nobody pays; `by_day` are the terms that are in proportion
    to days late, `extra` those of a further shipment, `cancelled` those of a unit that is cancelled.
    Of the unit terms, `load` asks for the node's load of the day, `left` for what is left on hand or the unit's purchase price,
    `plain` for none of these; the first two are None where no term does. The terms of `plain` are the `steady` ones. `ladder`
    gives the load's terms for a range of loads, named `load` in its context; None where they ask for what differs between units
    of a day. `left_behind`: those of `left` ask for nothing but what a position is; `ride_counts`: they, or those of `load`,
    ask for the service or for days late; `ride_matters`: they do, or any asks for the service.
    `stand` says how a node stands to an order, `excluded` which exclusion holds first. `timed`: a service's transit
    days ask what is in the shipment. `lines_alike`: no formula tells lines apart that differ in nothing but their id and
    quantity. `holdings` are the positions that are remembered.
    """

    policy: Sourcing
    promising: Promising
    goals: Goals
    notional: tuple[str, ...]
    by_day: tuple[CostTerm, ...]
    extra: tuple[CostTerm, ...]
    cancelled: tuple[CostTerm, ...]
    shipment_terms: tuple[CostTerm, ...]
    unit_terms: tuple[CostTerm, ...]
    steady: tuple[CostTerm, ...]
    plain: Sum
    left: tuple[CostTerm, ...]
    load: tuple[CostTerm, ...]
    ladder: Callable[[Mapping[str, object]], Load] | None
    service_matters: bool
    left_behind: bool
    ride_counts: bool
    ride_matters: bool
    stand: Callable[[Mapping[str, object]], Stand]
    excluded: Callable[[Mapping[str, object]], Exclusion | None]
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
    service = any(reads(term.formula, "service") for term in unit)
    counts = any(reads(term.formula, "service") or reads(term.formula, "days_late") for term in (*left, *load))
    return Rates(
        policy=policy,
        promising=promising,
        goals=goals_of(policy),
        notional=tuple([term.name for term in policy.terms if term.notional]),
        by_day=tuple([term for term in policy.terms if _by_day(term)]),
        extra=terms_of(policy, "extra shipment"),
        cancelled=terms_of(policy, "cancelled unit"),
        shipment_terms=shipment,
        unit_terms=unit,
        steady=steady,
        plain=_sum(steady),
        left=left,
        load=load,
        ladder=None if any(_own(term.formula) for term in load) else _ladder(load),
        service_matters=service,
        left_behind=all(_roots(term.formula) <= _BEHIND for term in left),
        ride_counts=counts,
        ride_matters=service or counts,
        stand=stands(policy, promising),
        excluded=_excluded(policy.exclusions),
        holdings=holdings_of(promising),
        lines_alike=not any(_tells_apart(formula) for formula in formulas_in((policy, promising))),
    )


def _by_day(term: CostTerm) -> bool:
    """Whether it is in proportion to days late, besides what does not depend on them."""
    shape = term.formula.shape
    return shape is not None and term.step is None and shape.linear and not shape.reads.isdisjoint(_DAYS)


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
    surcharge = steps({start: cost - least for start, cost in found.items()})
    return Load(least, surcharge, rising(surcharge))


def _excluded(exclusions: tuple[Exclusion, ...]) -> Callable[[Mapping[str, object]], Exclusion | None]:
    def evaluate(context: Mapping[str, object]) -> Exclusion | None:
        return next((each for each in exclusions if each.when.evaluate(context) is True), None)

    paths = paths_of(each.when for each in exclusions)
    return evaluate if paths is None else remember(evaluate, paths)


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
    elif isinstance(value, Struct):
        yield from formulas_in(astuple(value))


def _own(formula: Formula) -> bool:
    return not _roots(formula).isdisjoint(_OWN)


def _roots(formula: Formula) -> frozenset[str]:
    """The names that the formula reads from its context; all there are where that is not known."""
    return ROOTS if formula.shape is None else ROOTS.intersection(path[0] for path in formula.shape.reads)
