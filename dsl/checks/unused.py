"""What is declared and nothing uses: no document names it, no expression, no division that sets something else."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import partial
from itertools import chain

from orderloom.dsl import graph
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.documents import Document
from orderloom.dsl.fields import Formula, Located, Ref, Trigger
from orderloom.dsl.known import asked
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import AskStep, Process, TellStep
from orderloom.dsl.syntax import Changes, Decision, Division, Jeopardy, Message, Monitor, Sourcing

_QUOTED = re.compile(r'"[^"]*"')
_WORD = re.compile(r"[\w-]+")


def unused(definitions: Definitions, known: Mapping[str, Collection[str]], entries: Collection[str]) -> Iterator[Diagnostic]:
    """What is named nowhere; `known` are all names by kind, `entries` the decisions that the engine asks by name."""
    used = frozenset[tuple[str, str]]().union(*(_used(each, definitions) for each in _documents(definitions)))
    words = mentioned(definitions)
    misspelt = {kind for kind, name in used if name not in known.get(kind, (name,))}  # what nothing names may be what was meant
    for name, decision in definitions.of_kind(Decision).items() if "decision" not in misspelt else ():
        if name not in entries and ("decision", name) not in used and name not in words:
            yield _unused_name("W410", "decision", decision.name)
    for name, sourcing in definitions.of_kind(Sourcing).items():
        if name not in words and sourcing.name.span.source.pack is None:  # a pack offers policies for workspaces to name
            yield _unused_name("W411", "sourcing policy", sourcing.name)
    for name, process in definitions.of_kind(Process).items() if "process" not in misspelt else ():
        if name not in words and ("process", name) not in used:
            yield _unused_name("W412", "process", process.name)
    changing = "\n".join(cell for body in definitions.of_kind(Changes).values() for cell in _cells(body))
    overriding = _overriding(definitions)
    for name, role in definitions.roles.items():
        if f'"{name}"' in changing or name in overriding:
            continue
        if ("role", name) not in used and not role.value.sees_stock:
            yield _unused_name("W414", "role", role.key)
    yield from (each for name, each in _unused_messages(definitions) if name not in overriding)


@asked
def mentioned(definitions: Definitions) -> set[str]:
    """The names of decisions, policies and processes that some text may speak of, also files of tables and what divisions set."""
    names = {name for kind in (Decision, Sourcing, Process) for name in definitions.of_kind(kind)}
    sheets = (_WORD.findall(source.text) for source in definitions.files.values() if source.path.endswith(".csv"))
    words = (_words(each, definitions) for each in _documents(definitions))
    return names.intersection(chain(_overriding(definitions), *words, *sheets))


def _used(document: Document, definitions: Definitions) -> frozenset[tuple[str, str]]:
    """What a document names, each by its kind."""
    return definitions.remembered(_used, document, partial(_refs, document))


def _refs(document: Document) -> frozenset[tuple[str, str]]:
    return frozenset((leaf.type.to, leaf.value.value) for leaf in document.leaves if isinstance(leaf.type, Ref))


def _words(document: Document, definitions: Definitions) -> frozenset[str]:
    """The words of all texts of a document that may hold calls or names."""
    return definitions.remembered(_words, document, lambda: frozenset(_WORD.findall("\n".join(_texts(document)))))


def _texts(document: Document) -> Iterator[str]:
    """Expressions and tables."""
    for leaf in document.leaves:
        if isinstance(leaf.type, Formula | Trigger):
            yield leaf.value.value
    if isinstance(document.body, Decision):
        yield from _cells(document.body)
    elif isinstance(document.body, Changes):  # its texts are statuses, roles and reasons
        yield from (_QUOTED.sub("", cell) for cell in _cells(document.body))


def _overriding(definitions: Definitions) -> set[str]:
    """The words of what divisions set: of whatever type it is where it is set, it may name anything."""
    set_by = (each.value.value for body in definitions.of_kind(Division).values() for each in body.override)
    return {word for value in set_by for word in _WORD.findall(str(value))}


def _cells(decision: Decision | Changes) -> Iterator[str]:
    if decision.table is not None:
        yield decision.table.value
    for row in decision.rows:
        yield from (cell.value for cell in row)


def _is_refund(message: Message) -> bool:
    """Whether it is sent with whatever is given back."""
    return message.money is not None and message.money.value == "refund"


def _unused_messages(definitions: Definitions) -> Iterator[tuple[str, Diagnostic]]:
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
                yield message.key.value, _unused_name("W413", "message", message.key)


def _messaging(process: Process) -> Iterator[AskStep | TellStep]:
    for step in graph.every_step(process):
        asked = step.ask if isinstance(step, AskStep) else step.tell if isinstance(step, TellStep) else None
        if isinstance(step, AskStep | TellStep) and asked is not None and step.message is not None:
            yield step


def _role(step: AskStep | TellStep) -> str:
    return step.ask.value if isinstance(step, AskStep) else step.tell.value


def _unused_name(code: str, what: str, name: Located[str]) -> Diagnostic:
    return Diagnostic(code, f"nothing uses the {what} {name.value}", name.span, hint="use it, or delete it")


def _documents(definitions: Definitions) -> Iterator[Document]:
    return chain.from_iterable(by_name.values() for by_name in definitions.documents.values())
