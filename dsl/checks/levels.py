"""Conditions that compare a monitor's figures with numbers: whether they can hold, and whether two of them can hold together.

All cases that such conditions can tell apart are few: each figure at every number that it is compared with, and between two of
them. Cover follows from what is available and the velocity, so that no case is made up that cannot be.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product
from math import floor

from orderloom.dsl.feel import tree
from orderloom.dsl.program.monitor import LONGEST
from orderloom.dsl.syntax.monitor import FIGURES

Case = Mapping[str, Fraction]
Levels = dict[str, frozenset[Decimal]]  #: by figure, the numbers that it is compared with

_HOLDS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne,
}  # fmt: skip


def possible(condition: tree.Expr) -> bool | None:
    """Whether the condition can hold; None where it does more than compare figures with numbers."""
    levels = _levels_of(condition)
    return None if levels is None else any(_holds(condition, case) for case in _cases(levels))


def meeting(one: tree.Expr, other: tree.Expr) -> dict[str, Fraction] | None:
    """A case in which both hold, as the figures that they read; None where there is none, or nobody can say."""
    first, second = _levels_of(one), _levels_of(other)
    if first is None or second is None:
        return None
    levels = {name: first.get(name, frozenset()) | second.get(name, frozenset()) for name in first.keys() | second.keys()}
    both = next((case for case in _cases(levels) if _holds(one, case) and _holds(other, case)), None)
    return {name: both[name] for name in sorted(levels)} if both is not None else None


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
            return _HOLDS[op](case[name], Fraction(value))
        case tree.Comparison(op=op, left=tree.Number(value), right=tree.Name(name)):
            return _HOLDS[op](Fraction(value), case[name])
    raise AssertionError("only what `_levels_of` knows is asked")


def _cases(levels: Levels) -> Iterator[Case]:
    """Units are whole. A cover is a line through units and velocities, so the cases change where lines and levels cross."""
    covers = {Fraction(level) for level in levels["cover"] | {LONGEST} if level > 0} if "cover" in levels else set()
    speeds = {Fraction(level) for level in levels.get("velocity", ()) if level > 0}
    corners = {Fraction(level) for level in levels.get("available", ())} | {a * b for a, b in product(covers, speeds)}
    for on_hand in _whole({Fraction(level) for level in levels.get("on_hand", ())}):
        for available in _whole(corners):
            for velocity in _between({*speeds, *(available / cover for cover in covers)}):
                cover = min(available / velocity, Fraction(LONGEST)) if velocity else Fraction(LONGEST)
                yield {"on_hand": on_hand, "available": available, "velocity": velocity, "cover": cover}


def _whole(corners: set[Fraction]) -> list[Fraction]:
    """Whole numbers at every corner, and one between each two."""
    near = {Fraction(floor(corner) + step) for corner in corners | {Fraction(0)} for step in (0, 1)}
    return sorted(value for value in near if value >= 0)


def _between(corners: set[Fraction]) -> list[Fraction]:
    """Every corner, one number between each two, and one beyond."""
    ordered = sorted(corners | {Fraction(0)})
    return sorted({*ordered, *((low + high) / 2 for low, high in pairwise(ordered)), ordered[-1] + 1})
