"""Hit policies: from the rows that matched to the table's value (DMN 1.5, 8.2.10 and 8.2.11)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from orderloom.dsl.feel.arithmetic import arithmetic
from orderloom.dsl.feel.builtins import BUILTINS


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


def _built_in(name: str) -> Callable[[Sequence[object]], object]:
    """FEEL's function over a list, null where it has no answer."""
    function = BUILTINS[name][0].call

    def aggregate(values: Sequence[object]) -> object:
        try:
            with arithmetic():
                return function(values)
        except ArithmeticError:
            return None

    return aggregate


AGGREGATE: dict[Policy, Callable[[Sequence[object]], object]] = {
    Policy.SUM: _built_in("sum"),
    Policy.MIN: _built_in("min"),
    Policy.MAX: _built_in("max"),
    Policy.COUNT: _built_in("count"),
}
