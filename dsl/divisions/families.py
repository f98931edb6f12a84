"""Divisions by inheritance: each with the documents that it goes by, and what of them it sets itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.decode import decode
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.divisions.addresses import Unknown, at, find, put
from orderloom.dsl.divisions.hints import SHARED, ambiguous, strange
from orderloom.dsl.documents import Document
from orderloom.dsl.fields import Located, Pair, PlainValue, Section
from orderloom.dsl.nodes import Scalar
from orderloom.dsl.resolve import Definitions, bodies_of
from orderloom.dsl.suggest import FEW, closest
from orderloom.dsl.syntax import KINDS, Division
from orderloom.dsl.walk import leaves

Name = tuple[str, str]  #: kind and name of a document


class Override(Struct, frozen=True, eq=False):
    """A key that a division sets: where that is written, and the document and the path in it that it leads to."""

    address: Located[str]
    document: Name
    path: tuple[str, ...]
    value: PlainValue


class Branch(Struct, frozen=True, eq=False):
    """A division with all that is in force for it; `lineage` has it and those above it, `overrides` are its own.

    `inherited` is what is in force where it overrides nothing.
    """

    body: Division
    lineage: tuple[str, ...]
    definitions: Definitions
    inherited: Definitions
    overrides: tuple[Override, ...] = ()

    @property
    def name(self) -> str:
        return self.lineage[0]

    @property
    def parent(self) -> str | None:
        return self.lineage[1] if len(self.lineage) > 1 else None

    @property
    def changed(self) -> frozenset[Name]:
        """The documents of which it sets something itself."""
        return frozenset(each.document for each in self.overrides)


def branches(definitions: Definitions) -> tuple[Mapping[str, Branch], tuple[Diagnostic, ...]]:
    """The divisions by name, each after the one that it extends; those in a circle, or below one, are left out."""
    found: list[Diagnostic] = []
    made: dict[str, Branch] = {}
    written = definitions.of_kind(Division)
    for name in written:
        for each in _line(name, written, found):
            if each not in made:
                made[each] = _branch(written[each], made, definitions, found)
    return made, tuple(found)


def _line(name: str, written: Mapping[str, Division], found: list[Diagnostic]) -> list[str]:
    """The division and those above it, highest first; none where they go in a circle."""
    line = [name]
    while (above := written[line[-1]].extends) is not None and above.value in written:
        if above.value in line:
            _tell_circle(line[line.index(above.value) :], written, found)
            return []
        line.append(above.value)
    return line[::-1]


def _tell_circle(circle: list[str], written: Mapping[str, Division], found: list[Diagnostic]) -> None:
    first = circle.index(min(circle))
    names = [*circle[first:], *circle[:first]]
    words = f"these divisions extend each other in a circle: {' -> '.join([*names, names[0]])}"
    labels = tuple(Label(above.span, f"{name} extends {above.value}") for name in names[1:] if (above := written[name].extends))
    above = written[names[0]].extends
    assert above is not None, "a member of a circle extends another"
    found.append(Diagnostic("E901", words, above.span, labels, "one of them is the first: let it extend none of the others"))


def _branch(body: Division, made: Mapping[str, Branch], definitions: Definitions, found: list[Diagnostic]) -> Branch:
    above = made.get(body.extends.value) if body.extends is not None else None
    inherited = above.definitions if above is not None else definitions
    overrides = tuple(each for pair in body.override for each in _override(pair, inherited, found))
    lineage = (body.name.value, *(above.lineage if above is not None else ()))
    if not overrides:
        return Branch(body, lineage, inherited, inherited)
    documents, before = dict(inherited.documents), list(inherited.overridden)
    for kind, name in dict.fromkeys(each.document for each in overrides):
        mine = [each for each in overrides if each.document == (kind, name)]
        before.append(inherited.documents[kind][name])
        documents[kind] = {**documents[kind], name: _overridden(before[-1], mine, found)}
    own = replace(inherited, documents=documents, bodies=bodies_of(documents), overridden=tuple(before), known=None, answers={})
    return Branch(body, lineage, own, inherited, overrides)


def _override(pair: Pair[PlainValue], definitions: Definitions, found: list[Diagnostic]) -> Iterator[Override]:
    """What an entry of `override` sets; nothing where it leads nowhere, which is told."""
    address = pair.key.value
    kind, _, rest = address.partition(".")
    documents = definitions.documents.get(kind, {}) if kind not in SHARED else {}
    if not documents:
        found.append(strange(pair.key, 0, _kinds(definitions), definitions))
        return
    named = next((name for name in sorted(documents, key=len, reverse=True) if rest == name or rest.startswith(f"{name}.")), None)
    if named is None and len(documents) > 1:
        found.append(ambiguous(pair.key, kind, rest, documents))
        return
    name = named or next(iter(documents))
    begin = len(kind) + 1 + (len(name) + 1 if named else 0)
    path = find(address, begin, documents[name].body.read_from, Section(KINDS[kind]))
    if isinstance(path, Unknown):
        found.append(strange(pair.key, path.at, path.known, definitions, (kind, name)))
    elif path == ("name",):
        words = f"{kind} {name} has its name for all divisions"
        found.append(Diagnostic("E900", words, pair.key.span, hint="set another key of it"))
    else:
        known = at(documents[name].body.read_from, Section(KINDS[kind]), path)
        if isinstance(known, Scalar) and isinstance(pair.value.node, Scalar) and known.text == pair.value.node.text:
            words, labels = f"{address} is {known.text} without this", (Label(known.span, "set here"),)
            found.append(Diagnostic("W900", words, pair.key.span, labels, "delete it: what is set above may be meant to change"))
        yield Override(pair.key, (kind, name), path, pair.value)


def _kinds(definitions: Definitions) -> tuple[str, ...]:
    return tuple(kind for kind, documents in definitions.documents.items() if documents and kind not in SHARED)


def _overridden(document: Document, overrides: list[Override], found: list[Diagnostic]) -> Document:
    """The document with the values in their places, decoded as if they were written in it."""
    of = KINDS[document.kind]
    node = document.body.read_from
    for each in overrides:
        node = put(node, Section(of), each.path, each.value.node, each.address.node)  # type: ignore[assignment]  # of a map: a map
    body, faults = decode(node, of, ("kind",))
    found += faults
    if body is None:
        return document
    return Document(document.kind, document.name, body, tuple(leaves(body)))


def division_hint(name: str, known: Iterable[str]) -> str:
    """The division that was meant, else how to declare this one, and which there are."""
    names = sorted(known)
    meant = closest(name, names)
    others = f"; known: {', '.join(names)}" if 0 < len(names) <= FEW else ""
    return f"did you mean {meant}?" if meant else f"declare it (kind: division, name: {name}){others}"


def unknown_parents(definitions: Definitions) -> Iterator[Diagnostic]:
    """A division that extends one which there is not."""
    written = definitions.of_kind(Division)
    for body in written.values():
        above = body.extends
        if above is not None and above.value not in written and "division" not in definitions.lost:
            known = [name for name in written if name != body.name.value]
            words = f"there is no division {above.value}"
            yield Diagnostic("E902", words, above.span, hint=division_hint(above.value, known))
