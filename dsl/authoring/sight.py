"""Expressions looked at: the type of each part, and what may follow a dot or stand as a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from orderloom.dsl.feel import Scope, tree
from orderloom.dsl.feel.builtins import BUILTINS
from orderloom.dsl.feel.check import FIELDS, RULES
from orderloom.dsl.feel.checker import Checker, Names
from orderloom.dsl.feel.parse import parse, parse_tests
from orderloom.dsl.feel.scope import Function
from orderloom.dsl.feel.types import ANY, BOOLEAN, ContextType, ListType, RangeType, Type


class Seen(Struct, frozen=True, eq=False):
    """A part of an expression with its type and the names around it."""

    node: tree.Node
    type: Type
    names: Names


class _Recorder(Checker):
    def __init__(self, scope: Scope) -> None:
        super().__init__(scope, RULES)
        self.seen: list[Seen] = []

    def type_of(self, node: tree.Expr, names: Names) -> Type:
        kind = super().type_of(node, names)
        self.seen.append(Seen(node, kind, names))
        return kind


def look(text: str, scope: Scope) -> tuple[Seen, ...]:
    """Every part of an expression, the inner ones first; none where it cannot be read."""
    read, _ = parse(text, scope)
    if read is None:
        return ()
    recorder = _Recorder(scope)
    recorder.type_of(read, Names())
    return tuple(recorder.seen)


def look_at_cell(text: str, scope: Scope, column: Type) -> tuple[Seen, ...]:
    """Every part of a cell that tests a column."""
    read, _ = parse_tests(text, scope)
    if read is None:
        return ()
    recorder = _Recorder(scope)
    for test in read.tests:
        recorder.type_of(test, Names({"?": column}))
    return tuple(recorder.seen)


def part_at(seen: tuple[Seen, ...], at: int) -> Seen | None:
    """The smallest part around an offset."""
    around = [each for each in seen if each.node.start <= at <= each.node.end]
    return min(around, key=lambda each: each.node.end - each.node.start, default=None)


def type_of(seen: tuple[Seen, ...], node: tree.Node) -> Type:
    return next((each.type for each in seen if each.node is node), ANY)


def fields_of(kind: Type) -> Mapping[str, Type]:
    """What may stand behind a dot."""
    match kind:
        case ContextType(fields):
            return fields
        case ListType(of):
            return {name: ListType(field) for name, field in fields_of(of).items()}
        case RangeType(of):
            return {"start": of, "end": of, "start included": BOOLEAN, "end included": BOOLEAN}
        case _:
            return FIELDS.get(kind, {})


def names_in(scope: Scope, names: Names) -> Mapping[str, Type]:
    """What may stand as a name, the innermost first."""
    found: dict[str, Type] = {}
    for frame in names.frames():
        inner: Any = frame.item.fields if isinstance(frame.item, ContextType) else {}
        for name, kind in {**frame.types, **inner}.items():
            found.setdefault(name, kind)
    return {**scope.names, **found}


def functions_in(scope: Scope) -> Iterator[Function]:
    """What may be called: the workspace's own decisions, what Orderloom adds to FEEL, FEEL itself."""
    yield from scope.functions.values()
    for name, rows in BUILTINS.items():
        if name not in scope.functions:
            yield rows[0]


def signature(function: Function) -> str:
    params = ", ".join(f"{param.name}: {brief(param.type)}" for param in function.params)
    return f"{function.name}({params}) -> {brief(function.result)}"


def brief(kind: Type) -> str:
    """A type in a few words; a context by its first fields."""
    match kind:
        case ListType(of):
            return f"list<{brief(of)}>"
        case ContextType(fields):
            return "{ " + ", ".join([*fields][:4]) + (", ..." if len(fields) > 4 else "") + " }"
        case _:
            values = getattr(kind, "values", ())
            return " | ".join(f'"{value}"' for value in values) if values and len(values) <= 6 else str(kind)
