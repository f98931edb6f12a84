"""What goes wrong though the types go together: divisors that may be zero, times without a zone, two measures in one sum."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orderloom.dsl.feel import Scope, paths_used, tree
from orderloom.dsl.feel.problem import Problem
from orderloom.dsl.feel.types import DATE_TIME, NUMBER, ContextType, ListType, Type

Path = tuple[str, ...]

_MEASURES = {
    **dict.fromkeys([("line", each) for each in ("unit_price", "discount", "shipping", "tax")], "money"),
    **dict.fromkeys([("order", each) for each in ("discount", "shipping", "total")], "money"),
    **dict.fromkeys([(each, "weight") for each in ("item", "shipment")], "a weight"),
    **dict.fromkeys([(each, "quantity") for each in ("order", "line", "unit", "shipment")], "a quantity"),
    **dict.fromkeys([(each, at) for each in ("node", "ship_to") for at in ("lat", "lon")], "degrees"),
    ("past", "spent"): "money",
    ("request", "days"): "a number of days",
}
_ALIKE = ("+", "-", "=", "!=", "<", "<=", ">", ">=")  #: operators whose two sides are of one measure
_OF_MANY = ("sum", "min", "max", "mean")
_AT_LEAST_ONE = "quantity"  #: the built-in fields of this name are never zero
NO_ZONE = "a time without a zone cannot be compared with one in a zone: the answer is null"
ZONE_HINT = 'write the zone behind it, as in @"2026-03-02T10:00:00Z"'
_ZONED = re.compile(r"T?\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d|@.+)$")
_LOCAL = re.compile(r"(^|T)\d\d:\d\d(:\d\d(\.\d+)?)?$")


def doubts(text: str, expression: tree.Expr, scope: Scope) -> Iterator[Problem]:
    """What is found in an expression that has been understood."""
    yield from _Doubts(text, scope).of(expression, frozenset())


def is_in_zone(path: str, scope: Scope) -> bool:
    """Whether a text is the path of a built-in or own field whose times are in a zone."""
    names = tuple(path.split("."))
    return (len(names) > 1 or path == "now") and _type(names, scope) == DATE_TIME


def is_local(text: str) -> bool:
    """Whether a text is a time, or a date with a time, without a zone."""
    return _LOCAL.search(text) is not None


def _type(path: Path, scope: Scope) -> Type | None:
    kind = scope.names.get(path[0])
    for name in path[1:]:
        kind = kind.of if isinstance(kind, ListType) else kind
        kind = kind.fields.get(name) if isinstance(kind, ContextType) else None
    return kind


def _numbers(kind: Type | None) -> bool:
    return kind == NUMBER or (isinstance(kind, ListType) and kind.of == NUMBER)


class _Doubts:
    def __init__(self, text: str, scope: Scope) -> None:
        self._text, self._scope = text, scope

    def of(self, node: tree.Node, looked: frozenset[Path]) -> Iterator[Problem]:
        """Those below a node; `looked` are the paths that conditions before it look at."""
        match node:
            case tree.If(condition, then, otherwise):
                yield from self.of(condition, looked)
                yield from self._all((then, otherwise), looked | paths_used(condition))
                return
            case tree.Logic(_, left, right):
                yield from self.of(left, looked)
                yield from self.of(right, looked | paths_used(left))
                return
            case tree.Arithmetic("/", _, right) if self._may_be_zero(right) and not paths_used(right) & looked:
                yield self._divided(node, right)
            case tree.Arithmetic(op, left, right) | tree.Comparison(op, left, right) if op in _ALIKE:
                yield from self._unlike(node, left, right)
            case tree.Between(value, low, high):
                yield from (told for end in (low, high) for told in self._unlike(node, value, end))
            case tree.In(value, tests):
                yield from (told for test in tests for end in tree.children(test) for told in self._zones(node, value, end))
        yield from self._all(tuple(tree.children(node)), looked)

    def _all(self, nodes: tuple[tree.Node, ...], looked: frozenset[Path]) -> Iterator[Problem]:
        for node in nodes:
            yield from self.of(node, looked)

    # --- divisors ----------------------------------------------------------------------------------------------------

    def _may_be_zero(self, node: tree.Node) -> bool:
        """Whether it may be for all that is known: a field, what is left of a list, a difference or product of these."""
        match node:
            case tree.Path():
                path = _path(node)
                return path is not None and path[-1] != _AT_LEAST_ONE and _type(path, self._scope) == NUMBER
            case tree.Call(tree.Name("count"), (tree.Filter(),)):
                return True
            case tree.Arithmetic("-" | "*", left, right):
                return self._may_be_zero(left) or self._may_be_zero(right)
        return False

    def _divided(self, node: tree.Node, divisor: tree.Node) -> Problem:
        text = self._text[divisor.start : divisor.end]
        hint = f"say what holds then: if {text} = 0 then ... else ..."
        return Problem("W307", node.start, node.end, f"where {text} is 0 this is null", hint)

    # --- measures and zones ------------------------------------------------------------------------------------------

    def _unlike(self, node: tree.Node, one: tree.Node, other: tree.Node) -> Iterator[Problem]:
        first, second = self._measure(one), self._measure(other)
        if first and second and first != second:
            verb = "set off against" if isinstance(node, tree.Arithmetic) else "compared with"
            hint = "a number alone has no measure: multiply by what one of it is worth"
            yield Problem("W315", node.start, node.end, f"{first} is {verb} {second}", hint)
        yield from self._zones(node, one, other)

    def _measure(self, node: tree.Node) -> str:
        """What is measured; empty where that is not known."""
        match node:
            case tree.Path():
                path = _path(node)
                if path is None or not _numbers(_type(path, self._scope)):
                    return ""  # of what is given as any context, the names are the analyst's own
                return _MEASURES.get((path[-2].removesuffix("s"), path[-1]), "")
            case tree.Negation(operand):
                return self._measure(operand)
            case tree.Arithmetic("+" | "-", left, right):
                one, other = self._measure(left), self._measure(right)
                return one if one == other else ""
            case tree.Call(tree.Name(name), (only,)) if name in _OF_MANY:
                return self._measure(only)
        return ""

    def _zones(self, node: tree.Node, one: tree.Node, other: tree.Node) -> Iterator[Problem]:
        first, second = self._zoned(one), self._zoned(other)
        if first is not None and second is not None and first != second:
            clock = self._is_cutoff(one) or self._is_cutoff(other)
            hint = "cutoff is what the clock at the node shows: leave the zone out" if clock else ZONE_HINT
            yield Problem("E316", node.start, node.end, NO_ZONE, hint)

    def _is_cutoff(self, node: tree.Node) -> bool:
        return isinstance(node, tree.Path) and node.name == "cutoff"

    def _zoned(self, node: tree.Node) -> bool | None:
        """Whether a time is one in a zone; None where it is none, or where that is not known."""
        match node:
            case tree.At(text) | tree.Call(tree.Name("date and time" | "time"), (tree.String(text),)):
                return True if _ZONED.search(text) else False if is_local(text) else None
            case tree.Call(tree.Name("date and time"), (_, time)) | tree.Call(tree.Name("time"), (time,)):
                return self._zoned(time)
            case tree.Path() if self._is_cutoff(node) and (_path(node) or ("",))[0] == "node":
                return False
            case tree.Path() | tree.Name("now"):
                path = _path(node)
                return True if path is not None and _type(path, self._scope) == DATE_TIME else None
            case tree.Arithmetic("+" | "-", left, right):
                one, other = self._zoned(left), self._zoned(right)
                return one if other is None else other if one is None else None
        return None


def _path(node: tree.Node) -> Path | None:
    """`order.ship_to.zip` as its words; None for what is no such path."""
    if isinstance(node, tree.Name):
        return (node.name,)
    below = _path(node.base) if isinstance(node, tree.Path) else None
    return (*below, node.name) if below is not None and isinstance(node, tree.Path) else None
