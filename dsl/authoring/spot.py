"""Position -> what stands there: a key of which sections, or a value of which type, by the declarations of the language."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from msgspec import Struct

from orderloom.dsl.documents import MANIFEST
from orderloom.dsl.fields import Key, ListOf, MapOf, Section, Syntax, Text, ValueType, Variants, keys, mark
from orderloom.dsl.nodes import Map, Node, Scalar, Seq
from orderloom.dsl.schema import ALL
from orderloom.dsl.source import Source
from orderloom.dsl.syntax import Manifest

Classes = tuple[type[Syntax], ...]


class Spot(Struct, frozen=True, eq=False):
    """A scalar: as a key it is one of `sections`, whose other keys are `within`; as a value it has a `type`, behind `key`."""

    node: Scalar
    type: ValueType
    key: Key | None = None
    sections: Classes = ()
    within: Map | None = None

    @property
    def is_key(self) -> bool:
        return bool(self.sections)


class Kinds(Text, frozen=True):
    """The word behind `kind`."""


def spot(source: Source, documents: tuple[Node, ...], at: int) -> Spot | None:
    """What stands at an offset; None where nothing does that the language declares."""
    for node in documents:
        if isinstance(node, Map) and node.start <= at <= node.end:
            return _document(source, node, at)
    return None


def _document(source: Source, node: Map, at: int) -> Spot | None:
    if PurePosixPath(source.path).name == MANIFEST:
        return _in_map(node, (Manifest,), None, at)
    kind = node.get("kind")
    if isinstance(kind, Scalar) and kind.start <= at <= kind.end:
        return Spot(kind, Kinds())
    known = isinstance(kind, Scalar) and kind.text in ALL
    return _in_map(node, (ALL[kind.text],) if known and isinstance(kind, Scalar) else (), None, at)


def _in_map(node: Map, classes: Classes, key: Key | None, at: int) -> Spot | None:
    for entry in node.entries:
        if entry.key.start <= at <= entry.key.end:
            declared = _declared(classes, entry.key.text)
            return Spot(entry.key, Text(), declared, classes or (Syntax,), node)
        if entry.value.start <= at <= entry.value.end:
            declared = _declared(classes, entry.key.text)
            return _in(entry.value, declared.type, declared, at) if declared is not None else None
    return None


def _declared(classes: Classes, text: str) -> Key | None:
    return next((key for of in classes for key in keys(of) if key.text == text and not key.rest), None)


def _in(node: Node, type: ValueType, key: Key | None, at: int) -> Spot | None:
    match type:
        case ListOf(of) if isinstance(node, Seq):
            return next((_in(item, of, key, at) for item in node.items if item.start <= at <= item.end), None)
        case ListOf(of):
            return _in(node, of, key, at)
        case MapOf(of, of_key) if isinstance(node, Map):
            return _in_free_map(node, of, of_key, key, at)
        case Section(of, short):
            return _in_section(node, of, short, key, at)
        case Variants(classes) if isinstance(node, Map):
            return _in_map(node, chosen(node, tuple(classes)), key, at)
        case Variants(classes) if isinstance(node, Scalar):
            return Spot(node, Text(), key, tuple(classes), Map((), node.source, node.start, node.start, 1))
        case _ if isinstance(node, Scalar):
            return Spot(node, type, key)
    return None


def _in_free_map(node: Map, of: ValueType, of_key: Any, key: Key | None, at: int) -> Spot | None:
    for entry in node.entries:
        if entry.key.start <= at <= entry.key.end:
            return Spot(entry.key, of_key, key)
        if entry.value.start <= at <= entry.value.end:
            return _in(entry.value, of, key, at)
    return None


def _in_section(node: Node, of: type[Syntax], short: str, key: Key | None, at: int) -> Spot | None:
    if isinstance(node, Map):
        return _in_map(node, (of,), key, at)
    declared = _declared((of,), short)
    if declared is not None and isinstance(node, Scalar):
        return _in(node, declared.type, declared, at)
    if isinstance(node, Scalar):
        return Spot(node, Text(), key, (of,), Map((), node.source, node.start, node.start, 1))
    return None


def chosen(node: Map, classes: Classes) -> Classes:
    """The one of several classes whose key stands in the map; all of them where none does."""
    marked = tuple(of for of in classes if node.get(mark(of).text) is not None)
    return marked[:1] or classes
