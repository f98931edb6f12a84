"""Every name that is used is defined, and what is defined for use by name is used."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from orderloom.dsl import graph
from orderloom.dsl.actions import ACTIONS
from orderloom.dsl.checks.unused import unused
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.documents import Document
from orderloom.dsl.events import known_events
from orderloom.dsl.fields import Located, Ref, Trigger
from orderloom.dsl.packs import packs
from orderloom.dsl.program import JOIN
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.roles import role_hint
from orderloom.dsl.steps import NEXT, Process
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax import Calendar, Decision, Jeopardy, Promising
from orderloom.dsl.triggers import event_of
from orderloom.dsl.walk import Leaf

#: Decisions that the engine asks by name.
ENTRIES = {
    "process-for-order": "which process an order follows",
    "process-for-unit": "which process a unit of work follows",
    "sourcing-for-order": "by which policy an order is sourced",
}
#: Decisions that the engine asks where a workspace has them.
MAY_BE_ASKED = {
    "status-for-order": "the status of an order, after everything else that an event has done",
    "process-for-supply": "which process a purchase or transfer for an order follows, as a unit of work at the node that sends",
}
_CODES = {
    "step": "E410",
    "action": "E411",
    "role": "E412",
    "event": "E414",
    "decision": "E415",
    "promising": "E417",
    "process": "E559",
    "pack": "E418",
    "calendar": "E419",
    "jeopardy": "E665",
}
_HOMES = {
    "role": "participants",
    "event": "participants",
    "decision": "decision",
    "process": "process",
    "promising": "promising",
    "calendar": "calendar",
    "jeopardy": "jeopardy",
}  # where a name stands


def named(document: Document, definitions: Definitions) -> Iterator[Diagnostic]:
    """What a document names is there."""
    yield from _unknown(document, definitions)
    if isinstance(document.body, Process):
        yield from _steps(document.body, document.leaves)
        yield from _other_events(document.body, definitions)


def names(definitions: Definitions) -> Iterator[Diagnostic]:
    """What the whole must have is there, and what is there is used."""
    if definitions.manifest is not None:
        yield from _packs(definitions)
    missing = tuple(_missing_entries(definitions))
    yield from missing
    if not definitions.lost and not missing:
        yield from unused(definitions, _known(definitions), {*ENTRIES, *MAY_BE_ASKED})


def _documents(definitions: Definitions) -> Iterator[Document]:
    for by_name in definitions.documents.values():
        yield from by_name.values()


def _unknown(document: Document, definitions: Definitions) -> Iterator[Diagnostic]:
    known = _known(definitions)
    for leaf in document.leaves:
        kind, name = _name_in(leaf)
        if name is not None and kind in known and name not in known[kind] and _HOMES.get(kind) not in definitions.lost:
            hint = role_hint(name, definitions) if kind == "role" else hint_for(name, known[kind])
            yield _unknown_name(kind, leaf.value, hint)


def _name_in(leaf: Leaf) -> tuple[str, str | None]:
    """What a value names, and the name; the kind is empty where it names nothing."""
    if isinstance(leaf.type, Ref):
        return leaf.type.to, leaf.value.value
    event = event_of(leaf.value.value) if isinstance(leaf.type, Trigger) else None
    return ("event", event) if event is not None else ("", None)


def _known(definitions: Definitions) -> Mapping[str, Collection[str]]:
    return {
        "action": ACTIONS,
        "role": definitions.roles,
        "decision": definitions.of_kind(Decision),
        "process": definitions.of_kind(Process),
        "promising": definitions.of_kind(Promising),
        "calendar": definitions.of_kind(Calendar),
        "jeopardy": definitions.of_kind(Jeopardy),
        "event": known_events(definitions),
    }


def _unknown_name(kind: str, name: Located[str], hint: str) -> Diagnostic:
    return Diagnostic(_CODES[kind], f"there is no {kind} {name.value}", name.span, hint=hint)


def _steps(process: Process, values: Iterable[Leaf]) -> Iterator[Diagnostic]:
    known: dict[str, Located[str]] = {}
    for step in graph.every_step(process):
        if step.name is None:
            continue
        first = known.setdefault(step.name.value, step.name)
        if first is not step.name:
            words = f"there are two steps {step.name.value}"
            yield Diagnostic("E422", words, step.name.span, (Label(first.span, "the first"),), "give one of them another name")
    for leaf in values:
        if leaf.type == Ref("step") and leaf.value.value not in (NEXT, JOIN) and leaf.value.value not in known:
            yield _unknown_name("step", leaf.value, hint_for(leaf.value.value, known))


def _other_events(process: Process, definitions: Definitions) -> Iterator[Diagnostic]:
    known = known_events(definitions)
    for event in (event for step in graph.every_step(process) for event in graph.other_events(step)):
        if event.value not in known and _HOMES["event"] not in definitions.lost:
            yield _unknown_name("event", event, hint_for(event.value, known))


def _packs(definitions: Definitions) -> Iterator[Diagnostic]:
    assert definitions.manifest is not None
    for pack in definitions.manifest.packs:
        if pack.value not in packs():
            yield _unknown_name("pack", pack, hint_for(pack.value, packs()))


def _missing_entries(definitions: Definitions) -> Iterator[Diagnostic]:
    if definitions.manifest is None or definitions.lost or not definitions.of_kind(Process):
        return
    for name in ENTRIES.keys() - definitions.of_kind(Decision).keys():
        words = f"no decision {name} says {ENTRIES[name]}"
        yield Diagnostic("E430", words, definitions.manifest.span, hint="write it, or build on a pack that has it")
