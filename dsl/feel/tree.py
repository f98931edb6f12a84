"""The syntax tree of FEEL: small frozen nodes with offsets into the text.

Offsets do not take part in equality, so that two texts that mean the same have equal trees.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Node:
    start: int = field(default=0, compare=False, kw_only=True)
    end: int = field(default=0, compare=False, kw_only=True)


# -- types as written -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NamedType(Node):
    name: str


@dataclass(frozen=True, slots=True)
class GenericType(Node):
    """`list<T>` or `range<T>`."""

    kind: str
    of: "TypeText"


@dataclass(frozen=True, slots=True)
class ContextTypeText(Node):
    fields: tuple[tuple[str, "TypeText"], ...]


@dataclass(frozen=True, slots=True)
class FunctionTypeText(Node):
    params: tuple["TypeText", ...]
    result: "TypeText"


TypeText = NamedType | GenericType | ContextTypeText | FunctionTypeText

# -- expressions ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number(Node):
    value: Decimal


@dataclass(frozen=True, slots=True)
class String(Node):
    value: str


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    value: bool


@dataclass(frozen=True, slots=True)
class Null(Node):
    pass


@dataclass(frozen=True, slots=True)
class At(Node):
    """`@"2026-03-02"`: a date, time, date and time or duration by its text."""

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    name: str


@dataclass(frozen=True, slots=True)
class Negation(Node):
    operand: "Expr"


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    op: str  # + - * / **
    left: "Expr"
    right: "Expr"


@dataclass(frozen=True, slots=True)
class Logic(Node):
    op: str  # and, or
    left: "Expr"
    right: "Expr"


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    op: str  # = != < <= > >=
    left: "Expr"
    right: "Expr"


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: "Expr"
    low: "Expr"
    high: "Expr"


@dataclass(frozen=True, slots=True)
class In(Node):
    value: "Expr"
    tests: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class UnaryTest(Node):
    """`< 5`: everything on one side of a value."""

    op: str
    operand: "Expr"


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    value: "Expr"
    type: TypeText


@dataclass(frozen=True, slots=True)
class Path(Node):
    base: "Expr"
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    base: "Expr"
    condition: "Expr"


@dataclass(frozen=True, slots=True)
class Call(Node):
    function: "Expr"
    args: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class NamedCall(Node):
    function: "Expr"
    args: tuple[tuple[str, "Expr"], ...]


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    items: tuple["Expr", ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    entries: tuple[tuple[str, "Expr"], ...]


@dataclass(frozen=True, slots=True)
class RangeOf(Node):
    low: "Expr"
    high: "Expr"
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: "Expr"
    then: "Expr"
    otherwise: "Expr"


@dataclass(frozen=True, slots=True)
class Iteration(Node):
    """`x in list`, or `x in low..high` when `high` is there."""

    name: str
    domain: "Expr"
    high: "Expr | None" = None


@dataclass(frozen=True, slots=True)
class For(Node):
    iterations: tuple[Iteration, ...]
    body: "Expr"


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    kind: str  # some, every
    iterations: tuple[Iteration, ...]
    condition: "Expr"


@dataclass(frozen=True, slots=True)
class ParameterText(Node):
    name: str
    type: TypeText | None = None


@dataclass(frozen=True, slots=True)
class Lambda(Node):
    """`function(a, b: number) a + b`; an external one (Java, PMML) has a body that is never run."""

    params: tuple[ParameterText, ...]
    body: "Expr"
    external: bool = False


Expr = (
    Number | String | Boolean | Null | At | Name | Negation | Arithmetic | Logic | Comparison | Between | In | UnaryTest
    | InstanceOf | Path | Filter | Call | NamedCall | ListOf | ContextOf | RangeOf | If | For | Quantified | Lambda
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """A cell of a decision table. No tests at all is `-`, which any value passes."""

    tests: tuple[Expr, ...]
    negated: bool = False


def children(node: Node) -> Iterator[Node]:
    """The nodes directly below this one, in the order of the text."""
    positional: tuple[str, ...] = node.__match_args__
    for name in positional:
        yield from _nodes_in(getattr(node, name))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes_in(item)
