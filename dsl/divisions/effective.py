"""Every value that is in force for a division, with the place and the level that set it; and what differs between two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from orderloom.dsl.divisions.addresses import written
from orderloom.dsl.divisions.families import Branch, branches
from orderloom.dsl.divisions.hints import SHARED
from orderloom.dsl.documents import Document, read_documents
from orderloom.dsl.fields import Located, Section
from orderloom.dsl.leaves import duration, number
from orderloom.dsl.nodes import Node, Scalar
from orderloom.dsl.resolve import Definitions, resolve
from orderloom.dsl.source import Source
from orderloom.dsl.syntax import KINDS

WIDTH = 60  #: characters of a long value that are shown


class Value(Struct, frozen=True):
    """A value by its address, as text on one line, where it is written, and who set it: a division, the workspace, or a pack."""

    address: str
    text: str
    at: str
    set_by: str


class Family(Struct, frozen=True):
    """What a workspace defines, and its divisions."""

    definitions: Definitions
    branches: Mapping[str, Branch]

    def values(self, division: str | None) -> dict[str, Value]:
        """All values in force for a division, or for who belongs to none, by address."""
        branch = self.branches.get(division) if division is not None else None
        definitions = branch.definitions if branch is not None else self.definitions
        found = {each.address: each for each in _nodes(self, branch)}
        for kind, documents in definitions.documents.items():
            for name, document in documents.items() if kind not in SHARED else ():
                found |= {each.address: each for each in _values(kind, name, document, self.branches)}
        return found


def family(sources: Iterable[Source]) -> Family:
    """The family of a workspace without errors."""
    sources = tuple(sources)
    definitions, _ = resolve(read_documents(sources)[0], sources)
    return Family(definitions, branches(definitions)[0])


def differing(one: Mapping[str, Value], other: Mapping[str, Value]) -> Iterator[tuple[str, Value | None, Value | None]]:
    """The addresses of which two have different values, with both."""
    for address in dict.fromkeys((*one, *other)):
        a, b = one.get(address), other.get(address)
        if (a and a.text) != (b and b.text):
            yield address, a, b


def disagreeing(found: Family) -> Iterator[tuple[str, tuple[tuple[str, Value], ...]]]:
    """The keys of which divisions have different values; with the first division of each value, the workspace among them."""
    seen = {name: found.values(name or None) for name in ("", *found.branches)}
    for address in dict.fromkeys(address for values in seen.values() for address in values if not address.startswith("nodes.")):
        told: dict[str, tuple[str, Value]] = {}
        for name, values in seen.items():
            if (value := values.get(address)) is not None:
                told.setdefault(value.text, (name or "workspace", value))
        if len(told) > 1:
            yield address, tuple(told.values())


def inconstant(found: Family) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """The keys that have another number or duration in each of several documents of a kind."""
    told: dict[str, list[Value]] = {}
    for kind, documents in found.definitions.documents.items():
        for name, document in documents.items() if kind not in SHARED else ():
            for path, node in written(document.body.read_from, Section(KINDS[kind])):
                if isinstance(node, Scalar) and (number(node) is not None or duration(node.text)):
                    told.setdefault(".".join((kind, *path)), []).append(_value(f"{kind}.{name}", path, node, {}))
    yield from ((address, tuple(those)) for address, those in told.items() if len({each.text for each in those}) > 1)


def _values(kind: str, name: str, document: Document, divisions: Mapping[str, Branch]) -> Iterator[Value]:
    for path, node in written(document.body.read_from, Section(KINDS[kind])):
        yield _value(f"{kind}.{name}", path, node, divisions)


def _value(document: str, path: tuple[str, ...], node: Node, divisions: Mapping[str, Branch]) -> Value:
    return Value(".".join((document, *path)), _in_words(node), _place(node), _level(node, divisions))


def _in_words(node: Node) -> str:
    text = " ".join((node.text if isinstance(node, Scalar) else node.span.text).split())
    return text if len(text) <= WIDTH else text[: WIDTH - 4] + " ..."


def _place(node: Node) -> str:
    return f"{node.span.path}:{node.span.line}"


def _level(node: Node, divisions: Mapping[str, Branch]) -> str:
    """The division in whose document it stands; else the pack, or the workspace."""
    for name, branch in divisions.items():
        body = branch.body.read_from
        if node.source is body.source and body.start <= node.start < body.end:
            return name
    return f"pack {node.source.pack}" if node.source.pack is not None else "workspace"


def _nodes(found: Family, branch: Branch | None) -> Iterator[Value]:
    """The nodes that it has, and those that it goes without: as it says itself, then as those above it say, the nearest first."""
    lineage = [found.branches[name] for name in branch.lineage] if branch is not None else []
    for what in ("own", "without"):
        said = [(each.name, those) for each in lineage if (those := getattr(each.body.nodes, what, None))]
        if said:
            name, nearest = said[0]
            first = nearest if isinstance(nearest, Located) else nearest[0]
            yield Value(f"nodes.{what}", "; ".join(_named(those) for _, those in said), _place(first.node), name)


def _named(nodes: Located[str] | tuple[Located[str], ...]) -> str:
    return nodes.value if isinstance(nodes, Located) else ", ".join(each.value for each in nodes)
