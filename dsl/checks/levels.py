"""Conditions that compare a monitor's figures with numbers: whether they can hold, and whether two of them can hold together.

All cases that such conditions can tell apart are few: each figure at, just below and just above every number that it is compared
with. Cover follows from what is available and the velocity, so that no case is made up that cannot be.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise, product

from orderloom.dsl.feel import tree
from orderloom.dsl.program.monitor import LONGEST
from orderloom.dsl.syntax.monitor import FIGURES

Case = Mapping[str, Decimal]

_HOLDS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip
_ONE, _ZERO = Decimal(1), Decimal(0)


def possible(condition: tree.Expr) -> bool | None:
    """Whether the condition can hold; None where it does more than compare figures with numbers."""
    levels = _levels_of(condition)
    return None if levels is None else any(_holds(condition, case) for case in _cases(levels))


def meeting(one: tree.Expr, other: tree.Expr) -> dict[str, Decimal] | None:
    """A case in which both hold, as the figures that they read; None where there is none, or nobody can say."""
    first, second = _levels_of(one), _levels_of(other)
    if first is None or second is None:
        return None
    levels = {name: first.get(name, frozenset()) | second.get(name, frozenset()) for name in first.keys() | second.keys()}
    both = next((case for case in _cases(levels) if _holds(one, case) and _holds(other, case)), None)
    return {name: both[name].normalize() + 0 for name in sorted(levels)} if both is not None else None


Levels = dict[str, frozenset[Decimal]]  #: by figure, the numbers that it is compared with


def _levels_of(node: tree.Expr) -> Levels | None:
    match node:
        case tree.Logic(left=left, right=right):
            one, other = _levels_of(left), _levels_of(right)
            if one is None or other is None:
                return None
            return {name: one.get(name, frozenset()) | other.get(name, frozenset()) for name in one.keys() | other.keys()}
        case tree.Comparison(left=tree.Name(name), right=tree.Number(value)) if name in FIGURES:
            return {name: frozenset({value})}
        case tree.Comparison(left=tree.Number(value), right=tree.Name(name)) if name in FIGURES:
            return {name: frozenset({value})}
    return None


def _holds(node: tree.Expr, case: Case) -> bool:
    match node:
        case tree.Logic(op="and", left=left, right=right):
            return _holds(left, case) and _holds(right, case)
        case tree.Logic(left=left, right=right):
            return _holds(left, case) or _holds(right, case)
        case tree.Comparison(op=op, left=tree.Name(name), right=tree.Number(value)):
            return _HOLDS[op](case[name], value)
        case tree.Comparison(op=op, left=tree.Number(value), right=tree.Name(name)):
            return _HOLDS[op](value, case[name])
    raise AssertionError("only what `_levels_of` knows is asked")


def _cases(levels: Levels) -> Iterator[Case]:
    on_hand = _whole(levels.get("on_hand", frozenset()))
    covers = _around(levels.get("cover", frozenset()))
    # A cover that is asked about must be reached by whole units: with many of them, any can be.
    units = _whole(levels.get("available", frozenset())) + ([Decimal(10_000)] if covers else [])
    speeds = _around(levels.get("velocity", frozenset())) or [_ZERO]
    for there, available in product(on_hand or [_ZERO], units or [_ZERO]):
        for velocity in [*speeds, *(available / cover for cover in covers if cover)]:
            cover = min(available / velocity, LONGEST) if velocity else LONGEST
            yield {"on_hand": there, "available": available, "velocity": velocity, "cover": cover}


def _whole(levels: frozenset[Decimal]) -> list[Decimal]:
    near = {level.to_integral_value(ROUND_FLOOR) + step for level in levels for step in (-_ONE, _ZERO, _ONE)}
    return sorted(value for value in near if value >= 0)


def _around(levels: frozenset[Decimal]) -> list[Decimal]:
    ordered = sorted({_ZERO, *levels}) if levels else []
    between = [(low + high) / 2 for low, high in pairwise(ordered)]
    return sorted(value for value in {*ordered, *between, *(ordered[-1:] and [ordered[-1] + _ONE])} if value >= 0)
