"""Documents -> definitions by name: what the workspace says replaces what its packs say; its roles add to theirs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableMapping
from typing import Any, TypeVar

from msgspec import Struct, field

from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.documents import MANIFEST, Document, Reading
from orderloom.dsl.entities import EXTENSIBLE
from orderloom.dsl.fields import Located, Pair, Syntax, WrittenType
from orderloom.dsl.known import Known
from orderloom.dsl.packs import packs
from orderloom.dsl.source import Source, Span
from orderloom.dsl.syntax import KINDS, Attributes, Manifest, Message, Organization, Participants, Person, Relation, Role

_KIND_OF: Mapping[type[Syntax], str] = {of: kind for kind, of in KINDS.items()}

K = TypeVar("K")
T = TypeVar("T")
B = TypeVar("B", bound=Syntax)


Only = Collection[tuple[str, str]] | None  #: some documents by kind and name; None: all


def among(only: Only, kind: str, name: str) -> bool:
    """Whether a document is one of some."""
    return only is None or (kind, name) in only


class Definitions(Struct, frozen=True):
    """Everything that a workspace and its packs define, by kind and name; of two things with one name only one is here.

    `attributes` has the user's fields by entity. `lost` are the kinds of documents of which something could not be read, so
    that a name which is missing may stand there. What of the packs was `replaced` is not in force; other documents of the packs
    may speak of it all the same. So may all of what a division has `overridden`: that stays in force for the others. With what is
    `known`, who looks at anything here is noted; without, `answers` keeps what was answered of the whole (see `known.asked`).
    """

    documents: Mapping[str, Mapping[str, Document]] = field(default_factory=dict)
    bodies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    roles: Mapping[str, Pair[Role]] = field(default_factory=dict)
    organizations: Mapping[str, Organization] = field(default_factory=dict)
    attributes: Mapping[str, Mapping[str, Pair[WrittenType]]] = field(default_factory=dict)
    people: Mapping[str, Pair[Person]] = field(default_factory=dict)
    files: Mapping[str, Source] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()
    overridden: tuple[Document, ...] = ()
    wholes: Mapping[str, Any] = field(default_factory=lambda: {"manifest": None, "relations": (), "replaced": ()})
    known: Known | None = None
    answers: dict[Any, object] = field(default_factory=dict)

    @property
    def manifest(self) -> Manifest | None:
        found: Manifest | None = self.wholes["manifest"]
        return found

    @property
    def relations(self) -> tuple[Relation, ...]:
        found: tuple[Relation, ...] = self.wholes["relations"]
        return found

    @property
    def replaced(self) -> tuple[Document, ...]:
        found: tuple[Document, ...] = self.wholes["replaced"]
        return found

    def of_kind(self, body: type[B]) -> Mapping[str, B]:
        """The bodies of one kind by name."""
        return self.bodies.get(_KIND_OF.get(body, ""), {})

    def remembered(self, what: object, owner: object, make: Callable[[], T]) -> T:
        """A result about its owner, a document or None for the whole; made only where it is not known."""
        return make() if self.known is None else self.known.remembered(what, owner, make)

    def watched(self, view: str, things: Mapping[K, T]) -> MutableMapping[K, T]:
        """Things by name besides the definitions; where something is known, it is noted who looks at them."""
        return dict(things) if self.known is None else self.known.watched(view, things)

    def speaks_of(self, kind: str, pack: str | None) -> Iterator[Document]:
        """The documents of a kind that others may speak of: those in force, also without what a division sets otherwise; those of
        a pack also of what the workspace replaces.
        """
        yield from self.documents.get(kind, {}).values()
        others = (*self.overridden, *(self.replaced if pack is not None else ()))
        yield from (each for each in others if each.kind == kind)

    def messages(self, role: str) -> Mapping[str, Message]:
        return {pair.key.value: pair.value for pair in self.roles[role].value.receives} if role in self.roles else {}

    def events(self) -> frozenset[str]:
        """The events that participants send."""
        return frozenset(event.value for role in self.roles.values() for event in role.value.sends)


def resolve(
    reading: Reading, sources: Iterable[Source], known: Known | None = None
) -> tuple[Definitions, tuple[Diagnostic, ...]]:
    """The definitions in force, and what is defined twice."""
    found: list[Diagnostic] = []
    documents: dict[str, dict[str, Document]] = {}
    for document in reading.documents:
        _put(documents.setdefault(document.kind, {}), document.name, document, document.kind, found)
    participants = _packs_first(d.body for d in documents.get("participants", {}).values() if isinstance(d.body, Participants))
    attributes = [d.body for d in documents.get("attributes", {}).values() if isinstance(d.body, Attributes)]
    manifest = _manifest(reading, found)
    replaced = tuple(each for each in reading.documents if each.name.span.source.pack and _is_replaced(each, documents))
    definitions = Definitions(
        documents,
        bodies_of(documents),
        _roles(participants, found, known),
        _organizations(participants, found),
        {entity: _fields(attributes, entity, found) for entity in EXTENSIBLE},
        _people(participants, found),
        {source.path: source for source in sources},
        reading.lost if _has_its_packs(manifest) else frozenset(KINDS),
        wholes={
            "manifest": manifest,
            "relations": tuple(relation for body in participants for relation in body.relations),
            "replaced": replaced,
        },
    )
    return _watched(definitions, known) if known is not None else definitions, tuple(found)


def bodies_of(documents: Mapping[str, Mapping[str, Document]]) -> Mapping[str, Mapping[str, Any]]:
    return {kind: {name: document.body for name, document in by_name.items()} for kind, by_name in documents.items()}


def _watched(definitions: Definitions, known: Known) -> Definitions:
    """The definitions, where it is noted who looks at what."""
    documents, bodies = definitions.documents, definitions.bodies
    known.only_of(each for by_name in documents.values() for document in by_name.values() for each in (document, document.body))
    known.definitions = made = Definitions(
        {kind: known.watched(f"documents of kind {kind}", documents.get(kind, {})) for kind in KINDS},
        {kind: known.watched(f"bodies of kind {kind}", bodies.get(kind, {})) for kind in KINDS},
        known.watched("roles", definitions.roles),
        known.watched("organizations", definitions.organizations),
        known.watched("attributes", definitions.attributes),
        known.watched("people", definitions.people),
        known.watched("files", definitions.files),
        known.watched_set("lost", definitions.lost),
        wholes=known.watched("wholes", definitions.wholes),
        known=known,
    )
    return made


def _is_replaced(document: Document, documents: Mapping[str, Mapping[str, Document]]) -> bool:
    return documents[document.kind].get(document.name.value) is not document


def _has_its_packs(manifest: Manifest | None) -> bool:
    return manifest is None or all(pack.value in packs() for pack in manifest.packs)


def _put(into: dict[str, T], name: Located[str], value: T, what: str, found: list[Diagnostic]) -> None:
    """Adds by name. What stands in the workspace replaces what stands in a pack, a later pack replaces an earlier one."""
    before = next((key for key in _keys(into, name.value)), None)
    if before is not None and before.source.pack == name.span.source.pack:
        words = f"there are two of kind {what} with the name {name.value}"
        found.append(Diagnostic("E116", words, name.span, (Label(before, "the first"),), "give one of them another name"))
        return
    if before is None or name.span.source.pack is None or before.source.pack is not None:
        into.pop(name.value, None)  # what replaces stands where it is defined
        into[name.value] = value


def _keys(into: Mapping[str, object], name: str) -> list[Span]:
    match into.get(name):
        case Document(name=located) | Organization(name=located) | Pair(key=located):
            return [located.span]
    return []


def _packs_first(participants: Iterable[Participants]) -> list[Participants]:
    return sorted(participants, key=lambda body: body.read_from.source.pack is None)


def _roles(participants: Iterable[Participants], found: list[Diagnostic], known: Known | None) -> Mapping[str, Pair[Role]]:
    """The roles; one of the workspace adds to that of its packs, so that what their processes send stays known."""
    roles: dict[str, Pair[Role]] = {}
    for body in participants:
        for pair in body.roles:
            before = roles.get(pair.key.value)
            whole = _both(before, pair, known) if before is not None else pair
            _put(roles, pair.key, whole, "role", found)
    return roles


def _both(before: Pair[Role], pair: Pair[Role], known: Known | None) -> Pair[Role]:
    """A role with what is added to it: the very one that is known, so that it is no other for who looks at it."""
    if known is None:
        return Pair(pair.key, _added(before.value, pair.value))
    return known.once((before, pair), lambda: Pair(pair.key, _added(before.value, pair.value)))


def _added(before: Role, role: Role) -> Role:
    receives = {pair.key.value: pair for pair in (*before.receives, *role.receives)}
    sends = {event.value: event for event in (*before.sends, *role.sends)}
    views = {pair.key.value: pair for pair in (*before.views, *role.views)}
    return Role(
        role.read_from,
        role.title or before.title,
        tuple(receives.values()),
        tuple(sends.values()),
        role.sees_stock or before.sees_stock,
        role.may or before.may,
        role.sees_orders or before.sees_orders,
        role.sees_exceptions or before.sees_exceptions,
        tuple(views.values()),
    )


def _people(participants: Iterable[Participants], found: list[Diagnostic]) -> Mapping[str, Pair[Person]]:
    """The people by name; the workspace's replace those of packs."""
    people: dict[str, Pair[Person]] = {}
    for body in participants:
        for pair in body.people:
            _put(people, pair.key, pair, "person", found)
    return people


def _organizations(participants: Iterable[Participants], found: list[Diagnostic]) -> Mapping[str, Organization]:
    """The organizations in the order of their definition, those of packs first: of several that fit the last one is taken."""
    organizations: dict[str, Organization] = {}
    for body in participants:
        for organization in body.organizations:
            if organization.name is not None:
                _put(organizations, organization.name, organization, "organization", found)
    return organizations


def _fields(attributes: Iterable[Attributes], entity: str, found: list[Diagnostic]) -> Mapping[str, Pair[WrittenType]]:
    fields: dict[str, Pair[WrittenType]] = {}
    for body in attributes:
        for pair in getattr(body, entity):
            _put(fields, pair.key, pair, f"field of {entity}", found)
    return fields


def _manifest(reading: Reading, found: list[Diagnostic]) -> Manifest | None:
    """The workspace's own manifest; that of the pack where a pack is compiled by itself."""
    own = [entry for entry in reading.manifests if entry[0].pack is None] or list(reading.manifests[-1:])
    if not own:
        if MANIFEST not in reading.lost:
            place = Span(Source(MANIFEST, b""), 0, 0)
            hint = "write one: orderloom: 1, workspace: a-name, currency: USD, timezone: UTC"
            found.append(Diagnostic("E118", f"there is no {MANIFEST} in the workspace's folder", place, hint=hint))
        return None
    for source, manifest in own[1:]:
        labels = (Label(own[0][1].span, "the first"),)
        found.append(Diagnostic("E119", "a workspace has one manifest", manifest.span, labels, f"delete {source.path}"))
    return own[0][1]
