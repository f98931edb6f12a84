"""What a condition comes to where some fields are null, whatever all else is."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum

from orderloom.dsl.feel import tree

Path = tuple[str, ...]


class Known(Enum):
    """A value that is not null, and one of which nothing is known."""

    SOMETHING = "something"
    OPEN = "open"


Value = bool | None | Known
SOMETHING, OPEN = Known.SOMETHING, Known.OPEN
_LESS_OR_MORE = ("<", "<=", ">", ">=")


def value_of(node: tree.Node, nulls: Collection[Path]) -> Value:
    """True, false or null where that is certain."""
    match node:
        case tree.Boolean(value):
            return value
        case tree.Null():
            return None
        case tree.Number() | tree.String() | tree.At():
            return SOMETHING
        case tree.Path() | tree.Name():
            return None if path_of(node) in nulls else OPEN
        case tree.Logic(op, left, right):
            return _joined(value_of(left, nulls), value_of(right, nulls), op == "or")
        case tree.Comparison(op, left, right):
            return _compared(op, value_of(left, nulls), value_of(right, nulls))
        case tree.Arithmetic(_, left, right):
            return None if None in (value_of(left, nulls), value_of(right, nulls)) else OPEN
        case tree.Between(value) | tree.Negation(value):
            return None if value_of(value, nulls) is None else OPEN
        case tree.Call(tree.Name("not"), (only,)):
            found = value_of(only, nulls)
            return not found if isinstance(found, bool) else found
    return OPEN


def is_asked_less_or_more(node: tree.Node, nulls: Collection[Path]) -> bool:
    """Whether null is compared by its size, reckoned with or turned round. Alone it counts as false, which may be meant."""
    own = isinstance(node, tree.Arithmetic | tree.Between | tree.Negation | tree.Call) or (
        isinstance(node, tree.Comparison) and node.op in _LESS_OR_MORE
    )
    return (own and value_of(node, nulls) is None) or any(is_asked_less_or_more(each, nulls) for each in tree.children(node))


def path_of(node: tree.Node) -> Path:
    """`answer.limit` as its words; () for what is no such path."""
    if isinstance(node, tree.Name):
        return (node.name,)
    below = path_of(node.base) if isinstance(node, tree.Path) else ()
    return (*below, node.name) if below and isinstance(node, tree.Path) else ()


def _joined(one: Value, other: Value, decides: bool) -> Value:
    """By `and`, where false decides, or by `or`, where true does."""
    if one is decides or other is decides:
        return decides
    if OPEN in (one, other) or SOMETHING in (one, other):
        return OPEN
    return None if None in (one, other) else not decides


def _compared(op: str, one: Value, other: Value) -> Value:
    if op in _LESS_OR_MORE:
        return None if None in (one, other) else OPEN
    if one is None and other is None:
        return op == "="
    return op == "!=" if {one, other} == {None, SOMETHING} else OPEN
