"""Addresses of keys: `sourcing.cheapest.limits.shipments` leads to a value in the tree of a document.

A part of an address is a key of a map, or the name of an element of a list: what its first key says, as `stores` for
`- pool: stores`. A key that is declared, but not written, may be set as if it was written in the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from orderloom.dsl.decode import spelled_out
from orderloom.dsl.fields import ListOf, MapOf, Section, Syntax, ValueType, Variants, keys, mark
from orderloom.dsl.nodes import Entry, Map, Node, Scalar, Seq

_NAME = re.compile(r"[A-Za-z][\w-]*")
_PLACELESS = ("name",)  #: of a document: its name cannot be another


class Part(NamedTuple):
    """What stands at a part of an address: its tree, None where it is declared and not written, and what it must be."""

    node: Node | None
    type: ValueType


class Unknown(NamedTuple):
    """An address leads nowhere from its character `at` on; `known` are the parts that could stand there."""

    at: int
    known: tuple[str, ...]


def parts(node: Node | None, type: ValueType) -> Mapping[str, Part]:
    """What stands directly below a value, by the part of an address that leads there."""
    match type:
        case Section(of, short):
            tree = spelled_out(node, short, of) if node is not None else None
            return _declared(tree if isinstance(tree, Map) else None, of)
        case MapOf(of) if isinstance(node, Map):
            return {entry.key.text: Part(entry.value, of) for entry in node.entries}
        case ListOf(of) if isinstance(node, Seq):
            found = {_name_of(item, of): Part(item, of) for item in node.items}
            return found if "" not in found and len(found) == len(node.items) else {}
        case Variants() if isinstance(node, Map) and (variant := _variant(node, type)) is not None:
            return _declared(node, variant)
    return {}


def _declared(node: Map | None, of: type[Syntax]) -> Mapping[str, Part]:
    found = {key.text: Part(node.get(key.text) if node is not None else None, key.type) for key in keys(of) if not key.rest}
    free = next((key for key in keys(of) if key.rest), None)
    if free is not None and node is not None and isinstance(free.type, MapOf):
        found |= {entry.key.text: Part(entry.value, free.type.of) for entry in node.entries if entry.key.text not in found}
    return found


def _variant(node: Map, type: Variants) -> type[Syntax] | None:
    return next((of for of in type.of if node.get(mark(of).text) is not None), None)


def _name_of(item: Node, type: ValueType) -> str:
    """The name by which an element of a list is called; empty where it has none."""
    if not isinstance(item, Map):
        return ""
    named = None
    if isinstance(type, Section):
        named = item.get(keys(type.of)[0].text)
    elif isinstance(type, Variants) and (of := _variant(item, type)) is not None:
        named = item.get(keys(of)[0].text)
    return named.text if isinstance(named, Scalar) and _NAME.fullmatch(named.text) else ""


def find(address: str, at: int, node: Node | None, type: ValueType) -> tuple[str, ...] | Unknown:
    """The parts of an address from its character `at` on; where keys have dots, the longest that fits is taken."""
    known = parts(node, type)
    fitting = [name for name in known if address[at:] == name or address.startswith(f"{name}.", at)]
    furthest = Unknown(at, tuple(known))
    for name in sorted(fitting, key=len, reverse=True):
        if address[at:] == name:
            return (name,)
        below = find(address, at + len(name) + 1, *known[name])
        if not isinstance(below, Unknown):
            return (name, *below)
        furthest = max(furthest, below, key=lambda each: each.at)
    return furthest


def at(node: Node | None, type: ValueType, path: tuple[str, ...]) -> Node | None:
    """What is written at the end of a path, None where nothing is."""
    for name in path:
        node, type = parts(node, type)[name]
    return node


def put(node: Node | None, type: ValueType, path: tuple[str, ...], value: Node, key: Scalar) -> Node:
    """The tree with another value at the end of a path; what is not written on the way is added, with the place of `key`."""
    if not path:
        return value
    if isinstance(node, Seq) and isinstance(type, ListOf):
        items = (put(item, type.of, path[1:], value, key) if _name_of(item, type.of) == path[0] else item for item in node.items)
        return replace(node, items=tuple(items))
    tree = spelled_out(node, type.short, type.of) if isinstance(type, Section) and node is not None else node
    inside = parts(node, type)[path[0]]
    below = put(inside.node, inside.type, path[1:], value, key)
    if not isinstance(tree, Map):
        return Map((Entry(replace(key, text=path[0]), below),), key.source, key.start, key.end, 1)
    if inside.node is None:
        return replace(tree, entries=(*tree.entries, Entry(replace(key, text=path[0]), below)))
    return replace(tree, entries=tuple(Entry(e.key, below) if e.key.text == path[0] else e for e in tree.entries))


def written(node: Node | None, type: ValueType, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Every value that is written below, with its path; a list without names, or a plain value, is one value."""
    below = {name: part for name, part in parts(node, type).items() if part.node is not None}
    if node is not None and before and not below:
        yield before, node
    for name, part in below.items():
        if before or name not in _PLACELESS:
            yield from written(*part, (*before, name))
