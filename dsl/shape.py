"""How an expression depends on what it reads: found once from its tree, so that who evaluates it often need not guess.

Safe in one direction: what is said holds; what cannot be seen is not said.
"""

from __future__ import annotations

from msgspec import Struct

from orderloom.dsl.feel import paths_used, tree

Path = tuple[str, ...]

#: What a cost may grow with, in proportion, while its shipment is put together.
MEASURES: frozenset[Path] = frozenset(
    {("shipment", "weight"), ("shipment", "quantity"), ("shipment", "days_late"), ("days_late",)},
)
#: What becomes of an order, beside what it says of itself.
_BECOMES = {"lines", "status", "shipped_quantity", "delivered_quantity", "cancelled_quantity", "returned_quantity"}
_LINES: Path = ("shipment", "lines")
_CONTENTS = MEASURES | {("shipment",), _LINES}


class Shape(Struct, frozen=True):
    """The shape of an expression.

    `reads` has the paths that it reads from its context, the names of functions and decisions included. `linear`: its value
    is a constant plus a multiple of each measure. `linewise`: as a condition on a shipment it holds just when it holds for
    each of the shipment's lines alone, whatever its id and its quantity. `turns` are names of numbers that it
    only compares once: while one of them grows and all else stays, its value changes once at most. `of_heading`: it reads
    nothing but the time and what an order says of itself, its lines apart.
    """

    reads: frozenset[Path]
    linear: bool
    linewise: bool
    turns: frozenset[str] = frozenset()
    of_heading: bool = False


def shape(expression: tree.Expr) -> Shape:
    """The shape of an expression."""
    reads = paths_used(expression)
    of_heading = all(_of_heading(path) for path in reads)
    return Shape(reads, _degree(expression) is not None, _linewise(expression), _turns(expression), of_heading)


def _of_heading(path: Path) -> bool:
    return path in {("now",), ("today",)} or (path[0] == "order" and len(path) > 1 and path[1] not in _BECOMES)


def _degree(node: tree.Expr) -> int | None:
    """0: free of what is in the shipment; 1: a constant plus a multiple of each measure; None: anything else."""
    match node:
        case tree.Negation(operand=operand):
            return _degree(operand)
        case tree.Arithmetic(op="+" | "-", left=left, right=right):
            return _highest(_degree(left), _degree(right))
        case tree.Arithmetic(op="*", left=left, right=right):
            return _product(_degree(left), _degree(right))
        case tree.Arithmetic(op="/", left=left, right=right):
            return _degree(left) if _degree(right) == 0 else None
        case tree.If(condition=condition, then=then, otherwise=otherwise):
            return _highest(_degree(then), _degree(otherwise)) if _degree(condition) == 0 else None
        case tree.Name() | tree.Path() if paths_used(node) <= MEASURES:
            return 1
    return None if _touches(node) else 0


def _highest(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)


def _product(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None or one + other > 1 else one + other


def _touches(node: tree.Expr) -> bool:
    """Whether anything that changes with the shipment's contents is read."""
    return any(path in _CONTENTS or path[:2] == _LINES for path in paths_used(node))


def _turns(node: tree.Expr) -> frozenset[str]:
    match node:
        case tree.If(tree.Comparison("<" | "<=" | ">" | ">=", left, right), then, otherwise):
            sides = [(one.name, other) for one, other in ((left, right), (right, left)) if isinstance(one, tree.Name)]
            return frozenset(
                name for name, other in sides if not any((name,) in paths_used(each) for each in (other, then, otherwise))
            )
    return frozenset()


def _linewise(node: tree.Expr) -> bool:
    match node:
        case tree.Logic(op="and", left=left, right=right):
            return _linewise(left) and _linewise(right)
        case tree.Quantified(kind="every", iterations=(over,), condition=condition) if paths_used(over.domain) == {_LINES}:
            alone = paths_used(condition).isdisjoint({(over.name,), (over.name, "line"), (over.name, "quantity")})
            return isinstance(over.domain, tree.Path) and over.high is None and alone and not _touches(condition)
    return not _touches(node)
