"""An expression in one step: read, checked, compiled."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orderloom.dsl.feel.check import check
from orderloom.dsl.feel.compile import Compiled, compile
from orderloom.dsl.feel.memo import Understood
from orderloom.dsl.feel.parse import parse
from orderloom.dsl.feel.problem import Problem
from orderloom.dsl.feel.scope import Scope
from orderloom.dsl.feel.tree import Expr
from orderloom.dsl.feel.types import ANY, Type


@dataclass(frozen=True, slots=True)
class Expression:
    """A text that has been understood."""

    text: str
    type: Type = field(compare=False)
    tree: Expr = field(repr=False)
    compiled: Compiled = field(repr=False, compare=False)

    def evaluate(self, context: Mapping[str, object]) -> object:
        """The FEEL value in a context; null where FEEL has no answer, never an exception."""
        return self.compiled(context)


def expression(text: str, scope: Scope) -> tuple[Expression | None, Type, tuple[Problem, ...]]:
    """The expression with its type; none when it cannot be read or can never work."""
    tree, kind, problems = scope.memo.understood(text, scope, _understood) if scope.memo is not None else _understood(text, scope)
    if tree is None or problems:
        return None, kind, problems
    return Expression(text, kind, tree, compile(tree, scope)), kind, ()


def _understood(text: str, scope: Scope) -> Understood:
    tree, problems = parse(text, scope)
    return (tree, *check(tree, scope)) if tree is not None else (None, ANY, problems)
