"""The vocabulary in which `syntax.py` declares the keys of every kind, once.

A declaration drives the decoder, the JSON Schema for editors and the reference, so each says the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from orderloom.dsl.nodes import Map, Node, Scalar
from orderloom.dsl.source import Span

T = TypeVar("T")

# --- what may stand behind a key -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Text:
    """Any text."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name: letters, digits, - and _, beginning with a letter. `feel` names have no -, as expressions read them."""

    feel: bool = False


@dataclass(frozen=True, slots=True)
class Ref:
    """The name of something that is defined elsewhere: a step, role, process ..."""

    to: str


@dataclass(frozen=True, slots=True)
class Number:
    low: Decimal | None = None
    high: Decimal | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Duration:
    """ISO 8601 in weeks, days and time: P2D, PT4H, P1DT12H."""


@dataclass(frozen=True, slots=True)
class Date:
    """2026-03-02"""


@dataclass(frozen=True, slots=True)
class DateTime:
    """2026-03-02T10:00:00Z, with its offset."""


@dataclass(frozen=True, slots=True)
class Hours:
    """08:00-17:30, or `closed`."""


@dataclass(frozen=True, slots=True)
class Weekdays:
    """mon, or mon-fri; only as the key of a map."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A FEEL expression; `scope` says what it may speak of, `gives` the type that its value must have.

    A number in its place is from `low` to `high`; what an expression gives is judged when it is evaluated.
    """

    scope: str
    gives: str = "Any"
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a `wait` waits for: an event, an ISO 8601 duration, or a FEEL expression that gives a date.

    Elsewhere the expression may be of another `scope` and give another type.
    """

    scope: str = "process"
    gives: str = "date"


@dataclass(frozen=True, slots=True)
class TypeText:
    """A FEEL type such as `number` or `list<string>`, or a list of the texts that are allowed."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Unary tests as a cell of a table has them, or a list of the values."""


@dataclass(frozen=True, slots=True)
class HowMany:
    """`all`, `any`, or a whole number from 1."""


@dataclass(frozen=True, slots=True)
class OneOf:
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    of: ValueType


@dataclass(frozen=True, slots=True)
class MapOf:
    of: ValueType
    key: Text | Name | Ref | Weekdays = Name()


@dataclass(frozen=True, slots=True)
class Section:
    """A map with the declared keys of a class; a plain value in its place is that of the key `short`, where there is one."""

    of: type[Any]
    short: str = ""


@dataclass(frozen=True, slots=True)
class Variants:
    """A map that is one of several classes; the key that marks a class tells which. `what` names such a key for messages."""

    of: Sequence[type[Any]]
    what: str


@dataclass(frozen=True, slots=True)
class Plain:
    """Any YAML value; `null`, `true`, `false` and numbers as in YAML 1.2, all else texts."""


ValueType = (
    Text | Name | Ref | Number | Duration | Date | DateTime | Hours | Weekdays | Formula | Trigger | TypeText | Allowed
    | HowMany | OneOf | ListOf | MapOf | Section | Variants | Plain
)  # fmt: skip

# --- what the decoder makes of it ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Located(Generic[T]):
    """A value and the scalar that it was read from."""

    value: T
    node: Scalar

    @property
    def span(self) -> Span:
        return self.node.span


@dataclass(frozen=True, slots=True, eq=False)
class Pair(Generic[T]):
    """An entry of a map with free keys."""

    key: Located[str]
    value: T


@dataclass(frozen=True, slots=True, eq=False)
class PlainValue:
    """A YAML value as plain Python: dict, list, str, int, Decimal, bool, None."""

    value: object
    node: Node

    @property
    def span(self) -> Span:
        return self.node.span


@dataclass(frozen=True, slots=True, eq=False)
class WrittenType:
    """A type or what is allowed, as written: a FEEL text, or the list of the texts that are allowed."""

    text: Located[str] | None
    values: tuple[Located[str], ...]


# --- declarations ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Key:
    """A declared key. One that `marks` its class tells which of several variants a map is; `rest` takes every other key."""

    attribute: str
    text: str
    type: ValueType
    doc: str
    required: bool
    marks: bool
    rest: bool


def key(text: str, type: ValueType, doc: str, *, required: bool = False, marks: bool = False) -> Any:
    """Declares a dataclass field as a key of the language.

    Where the key is absent, or its value is at fault, the field is None, and () for lists and maps.
    """
    return dataclasses.field(metadata={"key": (text, type, doc, required or marks, marks, False)})


def rest(of: ValueType, doc: str) -> Any:
    """Declares a dataclass field that takes all keys that are not declared."""
    return dataclasses.field(metadata={"key": ("*", MapOf(of, Text()), doc, False, False, True)})


@dataclass(frozen=True, slots=True, eq=False)
class Syntax:
    """Base of all classes with declared keys; `read_from` is the map in the file."""

    read_from: Map

    @property
    def span(self) -> Span:
        return self.read_from.span


_KEYS: dict[type[Any], tuple[Key, ...]] = {}


def keys(of: type[Any]) -> tuple[Key, ...]:
    """The declared keys of a class, in the order of their declaration."""
    if of not in _KEYS:
        _KEYS[of] = tuple(Key(f.name, *f.metadata["key"]) for f in dataclasses.fields(of) if "key" in f.metadata)
    return _KEYS[of]


def mark(of: type[Any]) -> Key:
    """The key that marks a variant."""
    return next(k for k in keys(of) if k.marks)
