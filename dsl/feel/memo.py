"""What has been understood of expressions, for who reads the same texts again and again: an editor, at every keystroke."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from orderloom.dsl.feel.problem import Problem
from orderloom.dsl.feel.tree import Expr
from orderloom.dsl.feel.types import Type

if TYPE_CHECKING:
    from orderloom.dsl.feel.scope import Function, Scope

Understood = tuple[Expr | None, Type, tuple[Problem, ...]]
Key = tuple[str, int]
Called = tuple[tuple[str, int], ...]  #: functions that were looked for by name, each with what it says of itself


class Memo:
    """Trees, types and problems by text and by what the scope says; what was not asked for since `turn` twice is forgotten.

    What a function does plays no part in it, so nothing that runs is kept.
    """

    def __init__(self) -> None:
        self._now: dict[Key, tuple[Understood, Called]] = {}
        self._before: dict[Key, tuple[Understood, Called]] = {}
        self._said: dict[int, tuple[object, int]] = {}
        self.heard: list[tuple[Any, Scope]] = []  #: each text as it was written, with what it sees

    def turn(self) -> None:
        """Begins anew: scopes are others, which mostly say the same."""
        self._before, self._now, self._said, self.heard = self._now, {}, {}, []

    def understood(self, text: str, scope: Scope, understand: Callable[[str, Any], Understood]) -> Understood:
        key = text, self._scope(scope)
        found = self._now.get(key) or self._before.get(key)
        if found is None or any(self._function(scope.functions.get(name)) != said for name, said in found[1]):
            looked = _Looked(scope.functions)
            understood = understand(text, replace(scope, functions=looked))
            found = understood, tuple((name, self._function(scope.functions.get(name))) for name in looked.names)
        self._now[key] = found
        return found[0]

    def _scope(self, scope: Scope) -> int:
        """Of functions their names alone: which stand in a text is known when it is read."""
        names = tuple((name, self._of(kind)) for name, kind in scope.names.items())
        return hash((names, tuple(scope.functions), self._types(scope.types)))

    def _types(self, types: Mapping[str, Type]) -> int:
        return self._remembered(types, lambda: hash(tuple((name, self._of(kind)) for name, kind in types.items())))

    def _function(self, function: Function | None) -> int:
        if function is None:
            return 0
        return self._remembered(function, lambda: hash((repr(function.params), repr(function.result), function.variadic)))

    def _of(self, kind: Type) -> int:
        return self._remembered(kind, lambda: hash(repr(kind)))

    def _remembered(self, thing: object, say: Callable[[], int]) -> int:
        """What is said of a thing, which is held so that no other one gets its id."""
        found = self._said.get(id(thing))
        if found is None:
            found = self._said[id(thing)] = (thing, say())
        return found[1]


class _Looked(Mapping[str, "Function"]):
    """Functions, with the names of those that were looked for."""

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self._functions = functions
        self.names: dict[str, None] = {}

    def __getitem__(self, name: str) -> Function:
        self.names[name] = None
        return self._functions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._functions)

    def __len__(self) -> int:
        return len(self._functions)
