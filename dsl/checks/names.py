"""Every name that is used is defined, and what is defined for use by name is used."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from orderloom.dsl import graph
from orderloom.dsl.actions import ACTIONS
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.documents import Document
from orderloom.dsl.events import known_events
from orderloom.dsl.fields import Formula, Located, Ref, Trigger
from orderloom.dsl.packs import packs
from orderloom.dsl.program import JOIN
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.roles import role_hint
from orderloom.dsl.steps import NEXT, AskStep, Process, TellStep
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax import Calendar, Changes, Decision, Jeopardy, Message, Monitor, Promising, Sourcing
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
_QUOTED = re.compile(r'"[^"]*"')
_OF_A_WORD = re.compile(r"[\w-]")


def names(definitions: Definitions) -> Iterator[Diagnostic]:
    for document in _documents(definitions):
        yield from _unknown(document, definitions)
        if isinstance(document.body, Process):
            yield from _steps(document.body, document.leaves)
            yield from _other_events(document.body, definitions)
    if definitions.manifest is not None:
        yield from _packs(definitions)
    missing = tuple(_missing_entries(definitions))
    yield from missing
    if not definitions.lost and not missing:
        yield from _unused(definitions)


def _documents(definitions: Definitions) -> Iterator[Document]:
    for by_name in definitions.documents.values():
        yield from by_name.values()


def _unknown(document: Document, definitions: Definitions) -> Iterator[Diagnostic]:
    known = _known(definitions)
    for leaf in document.leaves:
        kind, name = _named(leaf)
        if name is not None and kind in known and name not in known[kind] and _HOMES.get(kind) not in definitions.lost:
            hint = role_hint(name, definitions) if kind == "role" else hint_for(name, known[kind])
            yield _unknown_name(kind, leaf.value, hint)


def _named(leaf: Leaf) -> tuple[str, str | None]:
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


def _unused(definitions: Definitions) -> Iterator[Diagnostic]:
    used = {(leaf.type.to, leaf.value.value) for d in _documents(definitions) for leaf in d.leaves if isinstance(leaf.type, Ref)}
    words, known = _mentioned(definitions), _known(definitions)
    misspelt = {kind for kind, name in used if name not in known.get(kind, (name,))}  # what nothing names may be what was meant
    for name, decision in definitions.of_kind(Decision).items() if "decision" not in misspelt else ():
        if name not in ENTRIES and name not in MAY_BE_ASKED and ("decision", name) not in used and name not in words:
            yield _unused_name("W410", "decision", decision.name)
    for name, sourcing in definitions.of_kind(Sourcing).items():
        if name not in words and sourcing.name.span.source.pack is None:  # a pack offers policies for workspaces to name
            yield _unused_name("W411", "sourcing policy", sourcing.name)
    for name, process in definitions.of_kind(Process).items() if "process" not in misspelt else ():
        if name not in words and ("process", name) not in used:
            yield _unused_name("W412", "process", process.name)
    changing = "\n".join(cell for body in definitions.of_kind(Changes).values() for cell in _cells(body))
    for name, role in definitions.roles.items():
        if f'"{name}"' in changing:
            continue
        if ("role", name) not in used and not role.value.sees_stock:
            yield _unused_name("W414", "role", role.key)
    yield from _unused_messages(definitions)


def _mentioned(definitions: Definitions) -> set[str]:
    """The names of decisions, policies and processes that some text may speak of."""
    names = {name for kind in (Decision, Sourcing, Process) for name in definitions.of_kind(kind)}
    told = "\n".join(_formulas(definitions))
    return {name for name in names if _stands_in(name, told)}


def _stands_in(name: str, told: str) -> bool:
    """Whether the text has the name as a word of its own."""
    at = told.find(name)
    while at >= 0:
        around = told[max(at - 1, 0) : at] + told[at + len(name) : at + len(name) + 1]
        if not _OF_A_WORD.search(around):
            return True
        at = told.find(name, at + 1)
    return False


def _formulas(definitions: Definitions) -> Iterator[str]:
    """All texts that may hold calls or names: expressions, tables, and files of tables."""
    for document in _documents(definitions):
        for leaf in document.leaves:
            if isinstance(leaf.type, Formula | Trigger):
                yield leaf.value.value
        if isinstance(document.body, Decision):
            yield from _cells(document.body)
        elif isinstance(document.body, Changes):  # its texts are statuses, roles and reasons
            yield from (_QUOTED.sub("", cell) for cell in _cells(document.body))
    for source in definitions.files.values():
        if source.path.endswith(".csv"):
            yield source.text


def _cells(decision: Decision | Changes) -> Iterator[str]:
    if decision.table is not None:
        yield decision.table.value
    for row in decision.rows:
        yield from (cell.value for cell in row)


def _is_refund(message: Message) -> bool:
    """Whether it is sent with whatever is given back."""
    return message.money is not None and message.money.value == "refund"


def _unused_messages(definitions: Definitions) -> Iterator[Diagnostic]:
    sent = {
        (step.message.value, _role(step)) for process in definitions.of_kind(Process).values() for step in _messaging(process)
    }
    remedies = [each for rules in definitions.of_kind(Jeopardy).values() for each in rules.remedies]
    sent |= {(each.message.value, each.tell.value) for each in remedies if each.message is not None and each.tell is not None}
    raising = [each.raises for each in definitions.of_kind(Monitor).values() if each.raises is not None]
    sent |= {(each.message.value, each.notify.value) for each in raising if each.message is not None and each.notify is not None}
    for role, pair in definitions.roles.items():
        for message in pair.value.receives:
            if (message.key.value, role) not in sent and not _is_refund(message.value):
                yield _unused_name("W413", "message", message.key)


def _messaging(process: Process) -> Iterator[AskStep | TellStep]:
    for step in graph.every_step(process):
        asked = step.ask if isinstance(step, AskStep) else step.tell if isinstance(step, TellStep) else None
        if isinstance(step, AskStep | TellStep) and asked is not None and step.message is not None:
            yield step


def _role(step: AskStep | TellStep) -> str:
    return step.ask.value if isinstance(step, AskStep) else step.tell.value


def _unused_name(code: str, what: str, name: Located[str]) -> Diagnostic:
    return Diagnostic(code, f"nothing uses the {what} {name.value}", name.span, hint="use it, or delete it")
