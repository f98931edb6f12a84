"""What the checks of expressions share: the scope, the names around a node, and the problems found so far."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from orderloom.dsl.feel import tree
from orderloom.dsl.feel.builtins import BUILTINS
from orderloom.dsl.feel.problem import Problem
from orderloom.dsl.feel.scope import Function, Scope
from orderloom.dsl.feel.types import ANY, ContextType, Type


class Names(Struct, frozen=True):
    """Names that loops, parameters, contexts and filters add around a node, innermost first."""

    types: Mapping[str, Type] = field(default_factory=dict)
    item: Type | None = None  # of a filter, whose entries may be named
    outer: "Names | None" = None

    def bind(self, types: Mapping[str, Type]) -> "Names":
        return Names(types, None, self)

    def filtering(self, item: Type) -> "Names":
        return Names({"item": item}, item, self)

    def frames(self) -> "Iterator[Names]":
        yield self
        if self.outer:
            yield from self.outer.frames()


Rule = Callable[["Checker", Any, Names], Type]


class Checker:
    def __init__(self, scope: Scope, rules: Mapping[type, Rule]) -> None:
        self.scope, self.rules = scope, rules
        self.problems: list[Problem] = []

    def type_of(self, node: tree.Expr, names: Names) -> Type:
        return self.rules[type(node)](self, node, names)

    def report(self, code: str, node: tree.Node, message: str, hint: str = "") -> Type:
        """Note a problem; the answer is Any, so that one fault gives one message."""
        self.problems.append(Problem(code, node.start, node.end, message, hint))
        return ANY

    def find(self, name: str, names: Names) -> Type | None:
        """The type of a name in scope; Any where a filter's item may have it; None when nothing has it."""
        for frame in names.frames():
            found = _entry(name, frame)
            if found is not None:
                return found
        if name in self.scope.names:
            return self.scope.names[name]
        return ANY if any(_may_have(name, frame.item) for frame in names.frames()) else None

    def functions(self, name: str) -> tuple[Function, ...]:
        host = self.scope.functions.get(name)
        return (host,) if host else BUILTINS.get(name, ())

    def known_names(self, names: Names) -> list[str]:
        """Everything that could be meant by a name here."""
        inner = [name for frame in names.frames() for name in (*frame.types, *_fields(frame.item))]
        return [*inner, *self.scope.names, *self.scope.functions]


def _entry(name: str, frame: Names) -> Type | None:
    if isinstance(frame.item, ContextType) and name in frame.item.fields:
        return frame.item.fields[name]
    return frame.types.get(name)


def _may_have(_name: str, item: Type | None) -> bool:
    return item is ANY or (isinstance(item, ContextType) and item.open)


def _fields(item: Type | None) -> Mapping[str, Type]:
    return item.fields if isinstance(item, ContextType) else {}
