"""Objectives of a sourcing policy, as the terms and the limits that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from orderloom.dsl.fields import Located
from orderloom.dsl.formulas import origin
from orderloom.dsl.functions import distance_in_miles
from orderloom.dsl.program import CostScope, CostTerm, Exclusion, Formula
from orderloom.dsl.shape import Path, Shape
from orderloom.dsl.syntax import Objectives

#: What the goals count in, the last one first: each more than all that comes after it (see `engine.sourcing.goals`).
STEPS = (Decimal(10**8), Decimal(10**14))

Context = Mapping[str, object]


class _Measure(NamedTuple):
    """What an objective counts, where it is counted, and what of the context tells it."""

    scope: CostScope
    count: Callable[[Context], int]
    reads: frozenset[Path]


def goals_and_weights(objectives: Objectives | None) -> Iterator[CostTerm]:
    """The terms of all objectives but cost."""
    named = [] if objectives is None else [(name, each) for name, each in objectives.named() if name in _MEASURES]
    goals = sorted(each.goal.value for _, each in named if each.goal is not None)
    for name, each in named:
        if each.goal is not None:
            step = STEPS[len(goals) - 1 - goals.index(each.goal.value)]
            yield CostTerm(name, _MEASURES[name].scope, _times(name, step, each.goal), step)
        elif each.weight is not None:
            yield CostTerm(name, _MEASURES[name].scope, _times(name, each.weight.value, each.weight))


def most_shipments(objectives: Objectives | None) -> Formula | None:
    """The limit of shipments."""
    if objectives is None or objectives.shipments is None or objectives.shipments.at_most is None:
        return None
    written = objectives.shipments.at_most
    return Formula(f"{written.value}", origin(written.span), lambda _: written.value, Shape(frozenset(), True, True))


def most_days_late(objectives: Objectives | None) -> int | None:
    """The limit of days that a line may be late."""
    if objectives is None or objectives.days_late is None or objectives.days_late.at_most is None:
        return None
    return int(objectives.days_late.at_most.value)


def too_far(objectives: Objectives | None) -> Iterator[Exclusion]:
    """The limit of distance, as nodes that are out for every line."""
    if objectives is not None and objectives.distance is not None and objectives.distance.at_most is not None:
        written = objectives.distance.at_most
        when = Formula(
            f"distance > {written.value}", origin(written.span), lambda c: _miles(c) > written.value, Shape(_PLACES, False, True)
        )
        yield Exclusion(when, f"it is more than {written.value} miles away", when.origin)


def _times(name: str, price: Decimal, written: Located[Decimal]) -> Formula:
    measure = _MEASURES[name]
    shape = Shape(measure.reads, linear=True, linewise=True)
    return Formula(f"{name} * {price}", origin(written.span), lambda context: measure.count(context) * price, shape)


def _days_late(context: Context) -> int:
    days = context["days_late"]
    return int(days) if isinstance(days, (int, Decimal)) else 0


def _miles(context: Context) -> int:
    """Whole miles; a place that nobody knows counts as near."""
    order = context["order"]
    miles = distance_in_miles(context["node"], order.get("ship_to") if isinstance(order, Mapping) else None)
    return 0 if miles is None else round(miles)


_ENDS: tuple[Path, ...] = (("node",), ("order", "ship_to"))
_PLACES = frozenset((*end, degrees) for end in _ENDS for degrees in ("lat", "lon"))
_MEASURES = {
    "fill": _Measure("cancelled unit", lambda _: 1, frozenset()),
    "shipments": _Measure("shipment", lambda _: 1, frozenset()),
    "days late": _Measure("unit", _days_late, frozenset({("days_late",)})),
    "distance": _Measure("shipment", _miles, _PLACES),
}
