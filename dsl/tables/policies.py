"""Hit policies: from the rows that matched to the table's value (DMN 1.5, 8.2.10 and 8.2.11)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from operator import add


class Policy(StrEnum):
    UNIQUE = "unique"
    ANY = "any"
    FIRST = "first"
    PRIORITY = "priority"
    RULE_ORDER = "rule order"
    OUTPUT_ORDER = "output order"
    COLLECT = "collect"
    SUM = "collect sum"
    MIN = "collect min"
    MAX = "collect max"
    COUNT = "collect count"


#: Several rows may match, and the value is a list of all their outputs.
LISTS = frozenset({Policy.RULE_ORDER, Policy.OUTPUT_ORDER, Policy.COLLECT})
#: The order of the output's allowed values decides.
RANKED = frozenset({Policy.PRIORITY, Policy.OUTPUT_ORDER})
#: The value is one figure.
FIGURES = frozenset({Policy.SUM, Policy.MIN, Policy.MAX})


def total(values: Sequence[object]) -> object:
    """The sum of numbers, or of durations of one kind; null as soon as one value is something else."""
    if {type(value) for value in values} <= {int, Decimal}:
        return reduce(add, values)
    return None


def smallest(values: Sequence[object]) -> object:
    return _extreme(values, min)


def largest(values: Sequence[object]) -> object:
    return _extreme(values, max)


def _extreme(values: Sequence[object], pick: Callable[..., object]) -> object:
    """Null unless the values can be compared with each other."""
    kinds = {Decimal if type(value) is int else type(value) for value in values}
    if len(kinds) != 1 or kinds & {bool, type(None), dict, list}:
        return None
    return pick(values)


AGGREGATE: dict[Policy, Callable[[Sequence[object]], object]] = {
    Policy.SUM: total,
    Policy.MIN: smallest,
    Policy.MAX: largest,
    Policy.COUNT: lambda values: Decimal(len(values)),
}
