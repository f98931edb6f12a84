"""What has been understood of expressions, for who reads the same texts again and again: an editor, at every keystroke."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from orderloom.dsl.feel.problem import Problem
from orderloom.dsl.feel.tree import Expr
from orderloom.dsl.feel.types import Type

if TYPE_CHECKING:
    from orderloom.dsl.feel.scope import Function, Scope

Understood = tuple[Expr | None, Type, tuple[Problem, ...]]
Key = tuple[str, int]


class Memo:
    """Trees, types and problems by text and by what the scope says; what was not asked for since `turn` twice is forgotten.

    What a function does plays no part in it, so nothing that runs is kept.
    """

    def __init__(self) -> None:
        self._now: dict[Key, Understood] = {}
        self._before: dict[Key, Understood] = {}
        self._said: dict[int, tuple[object, int]] = {}
        self.heard: list[tuple[Any, Scope]] = []  #: each text as it was written, with what it sees

    def turn(self) -> None:
        """Begins anew: scopes are others, which mostly say the same."""
        self._before, self._now, self._said, self.heard = self._now, {}, {}, []

    def understood(self, text: str, scope: Scope, understand: Callable[[str, Any], Understood]) -> Understood:
        key = text, self._scope(scope)
        found = self._now.get(key) or self._before.get(key) or understand(text, scope)
        self._now[key] = found
        return found

    def _scope(self, scope: Scope) -> int:
        names = tuple((name, self._of(kind)) for name, kind in scope.names.items())
        functions = tuple((name, self._function(function)) for name, function in scope.functions.items())
        return hash((names, functions, self._types(scope.types)))

    def _types(self, types: Mapping[str, Type]) -> int:
        return self._remembered(types, lambda: hash(tuple((name, self._of(kind)) for name, kind in types.items())))

    def _function(self, function: Function) -> int:
        return self._remembered(function, lambda: hash((repr(function.params), repr(function.result), function.variadic)))

    def _of(self, kind: Type) -> int:
        return self._remembered(kind, lambda: hash(repr(kind)))

    def _remembered(self, thing: object, say: Callable[[], int]) -> int:
        """What is said of a thing, which is held so that no other one gets its id."""
        found = self._said.get(id(thing))
        if found is None:
            found = self._said[id(thing)] = (thing, say())
        return found[1]
