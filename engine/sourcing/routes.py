"""Routes: the services of a lane that may be used there, with costs and days as far as the lane alone decides them.

With the node's pool and its lane's terms it is all one memory: lanes that read alike are worked out once, whatever the order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import CostTerm, Formula, Promising, Service, Sourcing
from orderloom.dsl.shape import Path
from orderloom.engine.promising.lanes import Terms, days_of, terms_of_lane
from orderloom.engine.sourcing.costs import Linear, Unknown, linear, terms_of
from orderloom.engine.sourcing.memory import paths_of, remember

Context = Mapping[str, object]

_STEADY = frozenset({("shipment", "weight"), ("shipment", "quantity")})
_SERVICE: Path = ("service",)


class Route(Struct, frozen=True, gc=False):
    """A service. `asks`: its condition asks what is in the shipment; else it holds. `timed`: so do its days of transit.

    `linewise`: its condition holds for a shipment just when it holds for each of its lines. `transit` is None where the shipment
    decides it, or where it cannot be worked out. `freight` is what a shipment costs, or why nobody knows; None where that depends
    on its days or is not exact. `any_day`: it delivers on any day. Its own `bit` is in `worse` of each route after it
    that costs more whatever is sent; it is the `last` where all of those do.
    """

    service: Service
    asks: bool
    linewise: bool
    timed: bool
    transit: timedelta | None
    freight: Linear | Unknown | None
    any_day: bool
    bit: int
    worse: int = 0
    last: bool = False


class Stand(NamedTuple):
    """How a node stands to an order: the index of the first pool that takes it (None: none does), its terms, its routes."""

    pool: int | None
    terms: Terms
    routes: tuple[Route, ...]


class _Rules(Struct, frozen=True, eq=False):
    policy: Sourcing
    promising: Promising
    freight: tuple[CostTerm, ...] | None


def stands(policy: Sourcing, promising: Promising) -> Callable[[Context], Stand]:
    """How nodes stand to orders, remembered where all that it depends on can be."""
    rules = _Rules(policy, promising, _exact(terms_of(policy, "shipment")))

    def stand(context: Context) -> Stand:
        pools = enumerate(policy.pools)
        pool = next((index for index, pool in pools if pool.nodes.evaluate(context) is True), None)
        if pool is None:
            return Stand(None, Terms(0, 0, None), ())
        return Stand(pool, terms_of_lane(promising, context), _ranked(list(_routes(context, rules))))

    paths = paths_of(_read(rules))
    return stand if paths is None else remember(stand, tuple(path for path in paths if path != _SERVICE and path not in _STEADY))


def _read(rules: _Rules) -> Iterator[Formula]:
    """Every formula that has a part in how a node stands."""
    yield from (pool.nodes for pool in rules.policy.pools)
    promising = rules.promising
    yield from (each for each in (promising.lead_days, promising.processing_days, promising.capacity) if each)
    for service in promising.services:
        if service.when and not asks(service.when):
            yield service.when
        if not asks(service.transit_days):
            yield service.transit_days
    yield from (term.formula for term in rules.freight or ())


def _routes(context: Context, rules: _Rules) -> Iterator[Route]:
    for service in rules.promising.services:
        seen = {**context, "service": service.name}
        taken, timed = service.when is not None and asks(service.when), asks(service.transit_days)
        if taken or service.when is None or service.when.evaluate(seen) is True:
            days = None if timed else days_of(service.transit_days.evaluate(seen))
            transit = None if days is None else timedelta(days)
            freight, any_day = _freight(rules.freight, seen), service.delivers_on is None
            yield Route(service, taken, _linewise(service), timed, transit, freight, any_day, 0)


def _ranked(routes: Sequence[Route]) -> tuple[Route, ...]:
    """The routes, each with those before it that beat it."""
    worse = [_worse(route, routes[:index]) for index, route in enumerate(routes)]
    last = [all(more >> index & 1 for more in worse[index + 1 :]) for index in range(len(routes))]
    return tuple([replace(each, bit=1 << n, worse=worse[n], last=last[n]) for n, each in enumerate(routes)])


def _worse(route: Route, before: Sequence[Route]) -> int:
    return sum([1 << index for index, other in enumerate(before) if beats(other.freight, route.freight)])


def beats(one: Linear | Unknown | None, other: Linear | Unknown | None) -> bool:
    """Whether the first costs less whatever is sent."""
    if not isinstance(one, Linear) or not isinstance(other, Linear) or not (one.exact and other.exact):
        return False
    return one.constant < other.constant and one.per_weight <= other.per_weight and one.per_unit <= other.per_unit


def _linewise(service: Service) -> bool:
    return service.when is None or (service.when.shape is not None and service.when.shape.linewise)


def _freight(terms: tuple[CostTerm, ...] | None, seen: Context) -> Linear | Unknown | None:
    try:
        return None if terms is None else linear(terms, seen, (), date.min, date.min)
    except Unknown as unknown:  # which counts only where something can go
        return unknown


def _exact(terms: tuple[CostTerm, ...]) -> tuple[CostTerm, ...] | None:
    """The terms, None where what they come to depends on days or is not linear in weight and units."""
    paths = paths_of(term.formula for term in terms)
    if paths is None or not all(term.formula.shape and term.formula.shape.linear for term in terms):
        return None
    return None if any(path[0] == "shipment" and path not in _STEADY for path in paths) else terms


def asks(formula: Formula) -> bool:
    """Whether the formula may ask what is in the shipment."""
    return formula.shape is None or any(path[0] == "shipment" for path in formula.shape.reads)
