"""The syntax tree of FEEL: small frozen nodes with offsets into the text.

Offsets do not take part in equality, so that two texts that mean the same have equal trees.
"""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct


class Node(Struct, frozen=True, eq=False, kw_only=True):
    start: int = 0
    end: int = 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and type(self) is type(other) and self._meaning() == other._meaning()

    def __hash__(self) -> int:
        return hash((type(self), self._meaning()))

    def _meaning(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in _positional(self))


# -- types as written -------------------------------------------------------------------------------------------------


class NamedType(Node, frozen=True):
    name: str


class GenericType(Node, frozen=True):
    """`list<T>` or `range<T>`."""

    kind: str
    of: "TypeText"


class ContextTypeText(Node, frozen=True):
    fields: tuple[tuple[str, "TypeText"], ...]


class FunctionTypeText(Node, frozen=True):
    params: tuple["TypeText", ...]
    result: "TypeText"


TypeText = NamedType | GenericType | ContextTypeText | FunctionTypeText

# -- expressions ------------------------------------------------------------------------------------------------------


class Number(Node, frozen=True):
    value: Decimal


class String(Node, frozen=True):
    value: str


class Boolean(Node, frozen=True):
    value: bool


class Null(Node, frozen=True):
    pass


class At(Node, frozen=True):
    """`@"2026-03-02"`: a date, time, date and time or duration by its text."""

    text: str


class Name(Node, frozen=True):
    name: str


class Negation(Node, frozen=True):
    operand: "Expr"


class Arithmetic(Node, frozen=True):
    op: str  # + - * / **
    left: "Expr"
    right: "Expr"


class Logic(Node, frozen=True):
    op: str  # and, or
    left: "Expr"
    right: "Expr"


class Comparison(Node, frozen=True):
    op: str  # = != < <= > >=
    left: "Expr"
    right: "Expr"


class Between(Node, frozen=True):
    value: "Expr"
    low: "Expr"
    high: "Expr"


class In(Node, frozen=True):
    value: "Expr"
    tests: tuple["Expr", ...]


class UnaryTest(Node, frozen=True):
    """`< 5`: everything on one side of a value."""

    op: str
    operand: "Expr"


class InstanceOf(Node, frozen=True):
    value: "Expr"
    type: TypeText


class Path(Node, frozen=True):
    base: "Expr"
    name: str


class Filter(Node, frozen=True):
    base: "Expr"
    condition: "Expr"


class Call(Node, frozen=True):
    function: "Expr"
    args: tuple["Expr", ...]


class NamedCall(Node, frozen=True):
    function: "Expr"
    args: tuple[tuple[str, "Expr"], ...]


class ListOf(Node, frozen=True):
    items: tuple["Expr", ...]


class ContextOf(Node, frozen=True):
    entries: tuple[tuple[str, "Expr"], ...]


class RangeOf(Node, frozen=True):
    low: "Expr"
    high: "Expr"
    low_closed: bool
    high_closed: bool


class If(Node, frozen=True):
    condition: "Expr"
    then: "Expr"
    otherwise: "Expr"


class Iteration(Node, frozen=True):
    """`x in list`, or `x in low..high` when `high` is there."""

    name: str
    domain: "Expr"
    high: "Expr | None" = None


class For(Node, frozen=True):
    iterations: tuple[Iteration, ...]
    body: "Expr"


class Quantified(Node, frozen=True):
    kind: str  # some, every
    iterations: tuple[Iteration, ...]
    condition: "Expr"


class ParameterText(Node, frozen=True):
    name: str
    type: TypeText | None = None


class Lambda(Node, frozen=True):
    """`function(a, b: number) a + b`; an external one (Java, PMML) has a body that is never run."""

    params: tuple[ParameterText, ...]
    body: "Expr"
    external: bool = False


Expr = (
    Number | String | Boolean | Null | At | Name | Negation | Arithmetic | Logic | Comparison | Between | In | UnaryTest
    | InstanceOf | Path | Filter | Call | NamedCall | ListOf | ContextOf | RangeOf | If | For | Quantified | Lambda
)  # fmt: skip


class Tests(Node, frozen=True):
    """A cell of a decision table. No tests at all is `-`, which any value passes."""

    tests: tuple[Expr, ...]
    negated: bool = False


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below this one, in the order of the text."""
    for name in _positional(node):
        yield from _nodes_in(getattr(node, name))


def _positional(node: Node) -> tuple[str, ...]:
    """The fields of the node, without the two offsets."""
    return node.__struct_fields__[:-2]


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)
