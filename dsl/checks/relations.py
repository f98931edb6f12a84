"""What roles may do and see, and what organizations grant each other: every name is known, nothing is said in vain."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from orderloom.dsl.checks.views import shown
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located
from orderloom.dsl.relations import GRANTS, Granted, granted_in
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.rights import EVERYTHING, EXCEPTION_FIELDS, FLOWS, ORDER_FIELDS, RIGHTS, US
from orderloom.dsl.suggest import closest, hint_for
from orderloom.dsl.syntax import Relation, Role


def relations(definitions: Definitions) -> Iterator[Diagnostic]:
    for pair in definitions.roles.values():
        yield from _role(pair.value)
    known = organizations(definitions)
    for person in definitions.people.values():
        if person.value.of is not None and person.value.of.value not in known:
            yield _unknown(person.value.of.value, person.value.of, known)
    for relation in definitions.relations:
        yield from _relation(relation, definitions, known)


def organizations(definitions: Definitions) -> tuple[str, ...]:
    """Whoever may grant or be granted something: organizations, divisions, and whoever the workspace belongs to."""
    manifest = definitions.manifest
    own = (manifest.workspace.value,) if manifest is not None and manifest.workspace is not None else ()
    return (US, *own, *definitions.organizations, *definitions.documents.get("division", {}))


def _role(role: Role) -> Iterator[Diagnostic]:
    for right in role.may:
        if right.value not in RIGHTS and right.value != EVERYTHING:
            hint = hint_for(right.value, (*RIGHTS, EVERYTHING)) or f"known: {', '.join(RIGHTS)}, {EVERYTHING}"
            yield Diagnostic("E711", f"there is no right {right.value}", right.span, hint=hint)
    for of, entries, fields in (
        ("an order", role.sees_orders, ORDER_FIELDS),
        ("an exception", role.sees_exceptions, EXCEPTION_FIELDS),
    ):
        for entry in entries:
            yield from _fields(entry.show, of, fields)
            yield from shown(entry.read_from, entry.show)
    for pair in role.views:
        if pair.value.nodes is None:
            yield from _fields(pair.value.show, "an order", ORDER_FIELDS)


def _fields(show: tuple[Located[str], ...], of: str, known: Collection[str]) -> Iterator[Diagnostic]:
    for field in show:
        if field.value not in known:
            hint = hint_for(field.value, known) or f"known: {', '.join(known)}"
            yield Diagnostic("E715", f"nothing of {of} is called {field.value}", field.span, hint=hint)


def _relation(relation: Relation, definitions: Definitions, known: tuple[str, ...]) -> Iterator[Diagnostic]:
    granted = tuple(granted_in(relation))
    for pair in relation.grants:
        if GRANTS not in pair.key.value:
            meant = closest(pair.key.value, ("nodes", "trust"))
            hint = f"did you mean {meant}?" if meant else "write A grants B: with the flows that are granted"
            yield Diagnostic("E712", f"{pair.key.value} does not say who grants whom", pair.key.span, hint=hint)
    if not granted and not relation.grants:
        yield Diagnostic("E712", "nobody grants anything here", relation.span, hint="write A grants B: with the flows")
    for more in granted[1:]:
        labels = (Label(granted[0].key.span, "the first"),)
        yield Diagnostic("E712", "an entry says what one grants another", more.key.span, labels, "make two entries of it")
    for each in granted[:1]:
        yield from _parties(each, definitions, known)
        yield from _flows(each, relation)


def _parties(granted: Granted, definitions: Definitions, known: tuple[str, ...]) -> Iterator[Diagnostic]:
    for name in dict.fromkeys((granted.granter, granted.grantee)):
        if name not in known and not {"participants", "division"} & definitions.lost:
            yield _unknown(name, granted.key, known)
    if granted.granter == granted.grantee:
        yield Diagnostic("E717", f"{granted.granter} has what is its own", granted.key.span, hint="delete the entry")


def _unknown(name: str, where: Located[str], known: tuple[str, ...]) -> Diagnostic:
    hint = hint_for(name, known) or f"known: {', '.join(dict.fromkeys(known))}"
    return Diagnostic("E713", f"there is no organization or division {name}", where.span, hint=hint)


def _flows(granted: Granted, relation: Relation) -> Iterator[Diagnostic]:
    for flow in granted.flows:
        if flow not in FLOWS:
            hint = hint_for(flow, FLOWS) or f"one of {', '.join(FLOWS)}"
            yield Diagnostic("E714", f"there is no flow {flow}", granted.written.span, hint=hint)
    if "availability" not in granted.flows:
        for name, said in (("nodes", relation.nodes), ("trust", relation.trust)):
            if said is not None:
                words = f"{name} is about availability, which is not granted here"
                yield Diagnostic("E717", words, said.span, hint="grant availability, too, or delete it")
