"""Walks over what was decoded: every scalar value with its declared type, so that checks need not know the kinds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from orderloom.dsl.fields import ListOf, Located, MapOf, Pair, Syntax, ValueType, keys


class Leaf(Struct, frozen=True, eq=False):
    """A value with its type, and the section that it stands in."""

    type: ValueType
    value: Located[Any]
    section: Syntax


def leaves(section: Syntax) -> Iterator[Leaf]:
    """Everything below a section, keys of maps included, in the order of declaration."""
    for key in keys(section.__class__):
        yield from _below(getattr(section, key.attribute), key.type, section)


def _below(value: Any, type: ValueType, section: Syntax) -> Iterator[Leaf]:
    match value:
        case Located():
            yield Leaf(type, value, section)
        case Syntax():
            yield from leaves(value)
        case tuple():
            for item in value:
                yield from _item(item, type, section)


def _item(item: Any, type: ValueType, section: Syntax) -> Iterator[Leaf]:
    if isinstance(item, Pair) and isinstance(type, MapOf):
        yield from _below(item.key, type.key, section)
        yield from _below(item.value, type.of, section)
    elif isinstance(type, ListOf):
        yield from _below(item, type.of, section)
