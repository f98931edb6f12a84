"""Grammar rules to tree nodes: one method a rule, called by the parser with the rule's children, tokens included."""

from typing import Any, TypedDict

from lark.lexer import Token

from orderloom.dsl.feel import tree
from orderloom.dsl.feel.arithmetic import CONTEXT

Children = list[Any]


def _start(child: Any) -> int:
    return child.start_pos or 0 if isinstance(child, Token) else int(child.start)


def _end(child: Any) -> int:
    return child.end_pos or 0 if isinstance(child, Token) else int(child.end)


class Span(TypedDict):
    start: int
    end: int


def _span(children: Children) -> Span:
    return {"start": _start(children[0]), "end": _end(children[-1])}


def _nodes(children: Children) -> tuple[Any, ...]:
    return tuple(child for child in children if not isinstance(child, Token))


class Group(tuple[Any, ...]):
    """Nodes gathered by a rule that is no node of its own."""

    start: int
    end: int

    @classmethod
    def of(cls, children: Children) -> "Group":
        group = cls(_nodes(children))
        group.start, group.end = _start(children[0]), _end(children[-1])
        return group


class Pair(tuple[str, Any]):
    """A name and what it is given."""

    start: int
    end: int

    @classmethod
    def of(cls, children: Children) -> "Pair":
        pair = cls((str(children[0]), children[2]))
        pair.start, pair.end = _start(children[0]), _end(children[2])
        return pair


def _binary(make: Any) -> Any:
    return lambda _self, c: make(str(c[1]), c[0], c[2], **_span(c))


def _group(_self: object, c: Children) -> Group:
    return Group.of(c)


def _pair(_self: object, c: Children) -> Pair:
    return Pair.of(c)


class Builder:
    expressions = entries = iterations = parameters = arguments = types = type_entries = _group
    entry = argument = type_entry = _pair
    logic = _binary(tree.Logic)
    comparison = _binary(tree.Comparison)
    arithmetic = _binary(tree.Arithmetic)

    # -- tests --

    def any_value(self, c: Children) -> tree.Tests:
        return tree.Tests((), **_span(c))

    def negated_tests(self, c: Children) -> tree.Tests:
        return tree.Tests(tuple(c[2]), negated=True, **_span(c))

    def positive_tests(self, c: Children) -> tree.Tests:
        return tree.Tests(tuple(c[0]), **_span(c))

    def unary_test(self, c: Children) -> tree.UnaryTest:
        return tree.UnaryTest(str(c[0]), c[1], **_span(c))

    # -- operators --

    def between(self, c: Children) -> tree.Between:
        return tree.Between(c[0], c[2], c[4], **_span(c))

    def member_of(self, c: Children) -> tree.In:
        return tree.In(c[0], (c[2],), **_span(c))

    def member_of_any(self, c: Children) -> tree.In:
        return tree.In(c[0], (c[3], *c[5]), **_span(c))

    def minus(self, c: Children) -> tree.Expr:
        if isinstance(c[1], tree.Number) and c[1].value > 0:
            return tree.Number(-c[1].value, **_span(c))
        return tree.Negation(c[1], **_span(c))

    def path(self, c: Children) -> tree.Path:
        return tree.Path(c[0], str(c[2]), **_span(c))

    def filter(self, c: Children) -> tree.Filter:
        return tree.Filter(c[0], c[2], **_span(c))

    def call(self, c: Children) -> tree.Call:
        return tree.Call(c[0], tuple(c[2]) if len(c) == 4 else (), **_span(c))

    def named_call(self, c: Children) -> tree.NamedCall:
        return tree.NamedCall(c[0], tuple(map(tuple, c[2])), **_span(c))

    def instance_of(self, c: Children) -> tree.InstanceOf:
        return tree.InstanceOf(c[0], c[2], **_span(c))

    # -- primaries --

    def number(self, c: Children) -> tree.Number:
        return tree.Number(CONTEXT.create_decimal(str(c[0])), **_span(c))

    def string(self, c: Children) -> tree.String:
        return tree.String(str(c[0]), **_span(c))

    def at(self, c: Children) -> tree.At:
        return tree.At(str(c[0]), **_span(c))

    def name(self, c: Children) -> tree.Name:
        return tree.Name(str(c[0]), **_span(c))

    def true(self, c: Children) -> tree.Boolean:
        return tree.Boolean(True, **_span(c))

    def false(self, c: Children) -> tree.Boolean:
        return tree.Boolean(False, **_span(c))

    def null(self, c: Children) -> tree.Null:
        return tree.Null(**_span(c))

    def group(self, c: Children) -> tree.Expr:
        return c[1]  # type: ignore[no-any-return]

    def list(self, c: Children) -> tree.ListOf:
        return tree.ListOf(tuple(c[1]) if len(c) == 3 else (), **_span(c))

    def context(self, c: Children) -> tree.ContextOf:
        return tree.ContextOf(tuple(map(tuple, c[1])) if len(c) == 3 else (), **_span(c))

    def range(self, c: Children) -> tree.RangeOf:
        return tree.RangeOf(c[1], c[3], c[0].type == "LSQB", c[4].type == "RSQB", **_span(c))

    def if_then(self, c: Children) -> tree.If:
        return tree.If(c[1], c[3], c[5], **_span(c))

    def for_each(self, c: Children) -> tree.For:
        return tree.For(tuple(c[1]), c[3], **_span(c))

    def quantified(self, c: Children) -> tree.Quantified:
        return tree.Quantified(str(c[0]), tuple(c[1]), c[3], **_span(c))

    def iteration(self, c: Children) -> tree.Iteration:
        return tree.Iteration(str(c[0]), c[2], c[4] if len(c) == 5 else None, **_span(c))

    def function(self, c: Children) -> tree.Lambda:
        return tree.Lambda(tuple(c[2]) if len(c) == 5 else (), c[-1], **_span(c))

    def external(self, c: Children) -> tree.Lambda:
        return tree.Lambda(tuple(c[2]) if len(c) == 6 else (), c[-1], external=True, **_span(c))

    def parameter(self, c: Children) -> tree.ParameterText:
        return tree.ParameterText(str(c[0]), c[2] if len(c) == 3 else None, **_span(c))

    # -- types --

    def named_type(self, c: Children) -> tree.NamedType:
        return tree.NamedType(str(c[0]), **_span(c))

    def generic_type(self, c: Children) -> tree.GenericType:
        return tree.GenericType(str(c[0]), c[2], **_span(c))

    def context_type(self, c: Children) -> tree.ContextTypeText:
        return tree.ContextTypeText(tuple(map(tuple, c[2])) if len(c) == 4 else (), **_span(c))

    def function_type(self, c: Children) -> tree.FunctionTypeText:
        return tree.FunctionTypeText(tuple(c[2]) if len(c) == 6 else (), c[-1], **_span(c))
