"""The vocabulary in which `syntax.py` declares the keys of every kind, once.

A declaration drives the decoder, the JSON Schema for editors and the reference, so each says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.nodes import Map, Node, Scalar
from orderloom.dsl.source import Span

T = TypeVar("T")

# --- what may stand behind a key -------------------------------------------------------------------------------------


class Text(Struct, frozen=True):
    """Any text."""


class Name(Struct, frozen=True):
    """A name: letters, digits, - and _, beginning with a letter. `feel` names have no -, as expressions read them."""

    feel: bool = False


class Ref(Struct, frozen=True):
    """The name of something that is defined elsewhere: a step, role, process ..."""

    to: str


class Number(Struct, frozen=True):
    low: Decimal | None = None
    high: Decimal | None = None
    whole: bool = False


class Duration(Struct, frozen=True):
    """ISO 8601 in weeks, days and time: P2D, PT4H, P1DT12H."""


class Date(Struct, frozen=True):
    """2026-03-02"""


class DateTime(Struct, frozen=True):
    """2026-03-02T10:00:00Z, with its offset."""


class Hours(Struct, frozen=True):
    """08:00-17:30, or `closed`."""


class Weekdays(Struct, frozen=True):
    """mon, or mon-fri; only as the key of a map."""


class Formula(Struct, frozen=True):
    """A FEEL expression; `scope` says what it may speak of, `gives` the type that its value must have.

    A number in its place is from `low` to `high`; what an expression gives is judged when it is evaluated. A list of texts in its
    place says that `listed` is one of them. A number is `counted` in what is not written behind it, such as %.
    """

    scope: str
    gives: str = "Any"
    low: Decimal | None = None
    high: Decimal | None = None
    listed: str = ""
    counted: str = ""


class Trigger(Struct, frozen=True):
    """What a `wait` waits for: an event, an ISO 8601 duration, or a FEEL expression that gives a date.

    Elsewhere the expression may be of another `scope` and give another type.
    """

    scope: str = "process"
    gives: str = "date"


class TypeText(Struct, frozen=True):
    """A FEEL type such as `number` or `list<string>`, or a list of the texts that are allowed."""


class Allowed(Struct, frozen=True):
    """Unary tests as a cell of a table has them, or a list of the values."""


class HowMany(Struct, frozen=True):
    """`all`, `any`, or a whole number from 1."""


class NodeSet(Struct, frozen=True):
    """A list of the ids of nodes, or a condition on `node`."""


class OneOf(Struct, frozen=True):
    values: tuple[str, ...]


class ListOf(Struct, frozen=True):
    of: ValueType


class MapOf(Struct, frozen=True):
    of: ValueType
    key: Text | Name | Ref | Weekdays = Name()


class Section(Struct, frozen=True):
    """A map with the declared keys of a class; a plain value in its place is that of the key `short`, where there is one."""

    of: type[Any]
    short: str = ""


class Variants(Struct, frozen=True):
    """A map that is one of several classes; the key that marks a class tells which. `what` names such a key for messages."""

    of: Sequence[type[Any]]
    what: str


class Plain(Struct, frozen=True):
    """Any YAML value; `null`, `true`, `false` and numbers as in YAML 1.2, all else texts."""


ValueType = (
    Text | Name | Ref | Number | Duration | Date | DateTime | Hours | Weekdays | Formula | Trigger | TypeText | Allowed
    | NodeSet | HowMany | OneOf | ListOf | MapOf | Section | Variants | Plain
)  # fmt: skip

# --- what the decoder makes of it ------------------------------------------------------------------------------------


class Located(Struct, Generic[T], frozen=True, eq=False):
    """A value and the scalar that it was read from."""

    value: T
    node: Scalar

    @property
    def span(self) -> Span:
        return self.node.span


class Pair(Struct, Generic[T], frozen=True, eq=False):
    """An entry of a map with free keys."""

    key: Located[str]
    value: T


class PlainValue(Struct, frozen=True, eq=False):
    """A YAML value as plain Python: dict, list, str, int, Decimal, bool, None."""

    value: object
    node: Node

    @property
    def span(self) -> Span:
        return self.node.span


class WrittenType(Struct, frozen=True, eq=False):
    """A type or what is allowed, as written: a FEEL text, or the list of the texts that are allowed."""

    text: Located[str] | None
    values: tuple[Located[str], ...]


# --- declarations ----------------------------------------------------------------------------------------------------


class Key(Struct, frozen=True):
    """A declared key. One that `marks` its class tells which of several variants a map is; `rest` takes every other key."""

    attribute: str
    text: str
    type: ValueType
    doc: str
    required: bool
    marks: bool
    rest: bool


def key(text: str, type: ValueType, doc: str, *, required: bool = False, marks: bool = False) -> Any:
    """Declares a field as a key of the language: stands where its default would, which the decoder never leaves there.

    Where the key is absent, or its value is at fault, the field is None, and () for lists and maps.
    """
    return Key("", text, type, doc, required or marks, marks, rest=False)


def rest(of: ValueType, doc: str) -> Any:
    """Declares a field that takes all keys that are not declared."""
    return Key("", "*", MapOf(of, Text()), doc, required=False, marks=False, rest=True)


class Syntax(Struct, frozen=True, eq=False):
    """Base of all classes with declared keys; `read_from` is the map in the file."""

    read_from: Map

    @property
    def span(self) -> Span:
        return self.read_from.span


_KEYS: dict[type[Any], tuple[Key, ...]] = {}


def keys(of: type[Any]) -> tuple[Key, ...]:
    """The declared keys of a class, in the order of their declaration."""
    if of not in _KEYS:
        declared = zip(reversed(of.__struct_fields__), reversed(of.__struct_defaults__), strict=False)
        _KEYS[of] = tuple(replace(key, attribute=name) for name, key in reversed(tuple(declared)))
    return _KEYS[of]


def mark(of: type[Any]) -> Key:
    """The key that marks a variant."""
    return next(k for k in keys(of) if k.marks)
