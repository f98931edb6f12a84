"""Trees -> syntax, driven by the declarations of `syntax.py`.

A fault is told once, and the rest is decoded: the value at fault is None (() for lists and maps). A misspelt key counts
as the key that was meant, so that nothing is told about that one being missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import (
    Allowed,
    Formula,
    Key,
    ListOf,
    Located,
    MapOf,
    Name,
    NodeSet,
    OneOf,
    Pair,
    Plain,
    PlainValue,
    Ref,
    Section,
    Syntax,
    Text,
    TypeText,
    ValueType,
    Variants,
    WrittenType,
    keys,
    mark,
)
from orderloom.dsl.leaves import number, read_leaf, wanted
from orderloom.dsl.nodes import Entry, Map, Node, Scalar, Seq
from orderloom.dsl.suggest import closest, hint_for

Found = list[Diagnostic]


def decode(node: Node, of: type[Syntax], also: tuple[str, ...] = ()) -> tuple[Syntax | None, tuple[Diagnostic, ...]]:
    """The document of a class, None where it is no map; `also` are keys that the caller has read itself."""
    found: Found = []
    if isinstance(node, Map):
        return _section(node, of, found, also), tuple(found)
    return None, (_shape(node, "a map of keys"),)


def _value(node: Node, type: ValueType, found: Found) -> Any:
    if node.broken:
        return _nothing(type)
    match type:
        case Plain():
            return PlainValue(plain(node), node)
        case ListOf(of):
            return _list(node, of, found)
        case MapOf():
            return _map(node, type, found)
        case Section(of, short):
            return _section_value(spelled_out(node, short, of), of, found)
        case Variants():
            return _variant(node, type, found)
        case TypeText():
            return _texts(node, "a type such as number, or a list of the texts that are allowed", found)
        case Allowed():
            return _texts(node, "a test such as >= 0, or a list of the values that are allowed", found)
        case Formula(listed=field) if field and isinstance(node, Seq):
            return _listed(node, field, found)
        case NodeSet() if isinstance(node, Seq):
            return _list(node, Text(), found)
        case _ if isinstance(node, Scalar):
            value, fault = read_leaf(node, type)
            found += [fault] if fault else []
            return None if fault else Located(value, node)
        case _:
            found.append(_shape(node, wanted(type)))
            return None


def _list(node: Node, of: ValueType, found: Found) -> tuple[Any, ...]:
    if isinstance(node, Seq):
        items = tuple(item for item in (_value(item, of, found) for item in node.items) if item is not None)
        if isinstance(of, (Name, Ref, OneOf)):
            found += _twice(items)
        return items
    if not (isinstance(node, Scalar) and node.is_null):
        found.append(_shape(node, "a list"))
    return ()


def _twice(names: tuple[Located[str], ...]) -> Iterator[Diagnostic]:
    """Names that are in a list already: somebody meant another one, or copied too much."""
    first: dict[str, Located[str]] = {}
    for name in names:
        if first.setdefault(name.value, name) is not name:
            labels = (Label(first[name.value].span, "first here"),)
            yield Diagnostic(
                "W120", f"{name.value} is in this list already", name.span, labels, "delete it, or write what is meant"
            )


def _map(node: Node, type: MapOf, found: Found) -> tuple[Pair[Any], ...]:
    if isinstance(node, Map):
        pairs = (_pair(entry, type, found) for entry in node.entries)
        return tuple(pair for pair in pairs if pair is not None)
    if not (isinstance(node, Scalar) and node.is_null):
        found.append(_shape(node, "a map of keys"))
    return ()


def _pair(entry: Entry, type: MapOf, found: Found) -> Pair[Any] | None:
    key, value = _value(entry.key, type.key, found), _value(entry.value, type.of, found)
    return Pair(key, value) if key is not None and value is not None else None


def spelled_out(node: Node, short: str, of: type[Syntax]) -> Node:
    """The map that a plain value stands for, where it may; a list, where that is what the key takes."""
    if not short or isinstance(node, Map) or (isinstance(node, Scalar) and node.is_null):
        return node
    if isinstance(node, Seq) and not any(key.text == short and isinstance(key.type, TypeText) for key in keys(of)):
        return node
    key = Scalar(short, node.source, node.start, node.end)
    return Map((Entry(key, node),), node.source, node.start, node.end, 1)


def _section_value(node: Node, of: type[Syntax], found: Found) -> Any:
    if isinstance(node, Map):
        return _section(node, of, found)
    if isinstance(node, Scalar) and node.is_null and not any(key.required for key in keys(of)):
        return _section(Map((), node.source, node.start, node.end, 1), of, found)
    found.append(_shape(node, "a map of keys"))
    return None


def _section(
    node: Map, of: type[Syntax], found: Found, also: tuple[str, ...] = (), others: tuple[type[Syntax], ...] = ()
) -> Syntax:
    declared = {key.text: key for key in keys(of) if not key.rest}
    entries = {entry.key.text: entry for entry in node.entries if entry.key.text in declared}
    strange = [entry for entry in node.entries if entry.key.text not in declared and entry.key.text not in also]
    free = next((key for key in keys(of) if key.rest), None)
    if free is None:
        for entry in strange:
            found.append(_unknown_key(entry, declared, entries, others))
    values = {key.attribute: _field(key, node, entries.get(key.text), found) for key in declared.values()}
    if free is not None:
        values[free.attribute] = tuple(Pair(Located(e.key.text, e.key), PlainValue(plain(e.value), e.value)) for e in strange)
    return of(read_from=node, **values)


def _unknown_key(
    entry: Entry, declared: dict[str, Key], entries: dict[str, Entry], others: tuple[type[Syntax], ...]
) -> Diagnostic:
    """Tells of a key that is not declared; as a side, lets it count as the one that was meant."""
    word = entry.key.text
    owners = [mark(other).text for other in others if word in (key.text for key in keys(other))]
    if owners:
        words = f"the key {word} does not belong here"
        return Diagnostic("E113", words, entry.key.span, hint="it belongs to " + ", ".join(owners))
    meant = closest(word, [text for text in declared if text not in entries])
    if meant is not None:
        entries[meant] = entry
    return Diagnostic("E101", f"there is no key {word} here", entry.key.span, hint=hint_for(word, [meant] if meant else declared))


def _field(key: Key, node: Map, entry: Entry | None, found: Found) -> Any:
    if entry is None:
        if key.required and not node.broken:
            found.append(Diagnostic("E102", f"the key {key.text} is missing", _beginning(node), hint=f"{key.text}: {key.doc}"))
        return _nothing(key.type)
    return _value(entry.value, key.type, found)


def _variant(node: Node, type: Variants, found: Found) -> Syntax | None:
    if not isinstance(node, Map):
        found.append(_shape(node, f"a map with a {type.what}"))
        return None
    marks = {mark(of).text: of for of in type.of}
    chosen = [entry for entry in node.entries if entry.key.text in marks]
    if not chosen:
        return _unmarked(node, type, marks, found)
    for other in chosen[1:]:
        labels = (Label(chosen[0].key.span, f"the first {type.what}"),)
        words = f"{other.key.text} is a second {type.what}, and there is {chosen[0].key.text}"
        found.append(Diagnostic("E112", words, other.key.span, labels, "make two of it"))
    of = marks[chosen[0].key.text]
    spare = tuple(entry.key.text for entry in chosen[1:])
    return _section(node, of, found, spare, tuple(other for other in type.of if other is not of))


def _unmarked(node: Map, type: Variants, marks: dict[str, type[Syntax]], found: Found) -> Syntax | None:
    """A map without the key that tells what it is; one that is nearly such a key counts as it."""
    known = {key.text for of in type.of for key in keys(of)}
    for entry in node.entries:
        meant = closest(entry.key.text, marks) if entry.key.text not in known else None
        if meant is not None:
            return _section(node, marks[meant], found)
    if not node.broken:
        hint = f"one of {', '.join(marks)}"
        found.append(Diagnostic("E111", f"a {type.what} is missing here", _beginning(node), hint=hint))
    return None


def _texts(node: Node, expected: str, found: Found) -> WrittenType | None:
    if isinstance(node, Seq):
        values = tuple(Located(item.text, item) for item in node.items if isinstance(item, Scalar))
        if values and len(values) == len(node.items):
            return WrittenType(None, values)
    elif isinstance(node, Scalar) and not node.is_null:
        return WrittenType(Located(node.text, node), ())
    found.append(_shape(node, expected))
    return None


def _listed(node: Seq, field: str, found: Found) -> Located[str] | None:
    """The condition that a field is one of the texts of a list."""
    texts = [item for item in node.items if isinstance(item, Scalar) and not item.is_null]
    if not texts or len(texts) != len(node.items):
        found.append(_shape(node, "an expression, or a list of texts,"))
        return None
    quoted = ", ".join('"' + text.text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts)
    return Located(f"{field} in ({quoted})", texts[0])


def plain(node: Node) -> object:
    """The YAML 1.2 core value of a tree, as plain Python."""
    match node:
        case Map(entries):
            return {entry.key.text: plain(entry.value) for entry in entries}
        case Seq(items):
            return [plain(item) for item in items]
        case Scalar():
            return _plain_scalar(node)


def _plain_scalar(scalar: Scalar) -> object:
    if scalar.style:
        return scalar.text
    if scalar.is_null:
        return None
    if scalar.text in ("true", "false"):
        return scalar.text == "true"
    value = number(scalar)
    if value is None:
        return scalar.text
    return int(value) if scalar.text.lstrip("+-").isdigit() else value


def _nothing(type: ValueType) -> Any:
    return () if isinstance(type, (ListOf, MapOf)) else None


def _shape(node: Node, expected: str) -> Diagnostic:
    if isinstance(node, Scalar):
        what = "nothing" if node.is_null else "a text"
    else:
        what = "a map of keys" if isinstance(node, Map) else "a list"
    span = node.span if isinstance(node, Scalar) else _beginning(node)
    return Diagnostic("E103", f"{expected} is needed here, and there is {what}", span, hint=_quoting(node, expected))


def _quoting(node: Node, expected: str) -> str:
    if isinstance(node, Scalar) and expected == "a list" and not node.is_null:
        return f"write [{node.text}], or - {node.text} in a line of its own"
    if isinstance(node, Scalar) or not expected.endswith(("expression", "text", "name", "duration")):
        return ""
    return "a value that begins with [ or {, or has a colon with a space, must be quoted: '...'"


def _beginning(node: Map | Seq) -> Any:
    """The first key of a map, the first character of a list."""
    if isinstance(node, Map) and node.entries:
        return node.entries[0].key.span
    return node.span if node.end - node.start <= 1 else type(node.span)(node.source, node.start, node.start + 1)
