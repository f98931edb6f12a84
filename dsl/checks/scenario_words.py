"""Scenarios call things by names that there are: the keys of commands, what is looked at, messages, events, holds, roles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from orderloom.dsl.checks.holds import holds_of
from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.documents import Document
from orderloom.dsl.fields import Pair, PlainValue
from orderloom.dsl.known import asked
from orderloom.dsl.nodes import Map, Node, Scalar
from orderloom.dsl.points import exceptions_of
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import TaskStep
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax import COMMANDS, LOOKED_AT, Event, Scenario, Sourcing

_LIKE = ("capture", "draft", "plan")  #: commands that may have an order `like` that of another scenario
_HOMES = {
    "process",
    "participants",
    "event",
    "holds",
    "exceptions",
    "monitor",
    "sourcing",
}  #: documents that give names to what is named here
_DOINGS = ("claim", "release", "delegate", "complete")


def scenario_words(scenario: Scenario, definitions: Definitions) -> Iterator[Diagnostic]:
    """What is to be refused may have any name; and scenarios of a pack speak of the pack as it is without a workspace."""
    own = scenario.read_from.source.pack is None and not _HOMES & definitions.lost
    known = _names(definitions) if own else {}
    for pair in (pair for pairs in scenario.when for pair in pairs):
        yield from _keys(pair)
        yield from _misnamed(pair, known)
        if pair.key.value == "check" and isinstance(pair.value.node, Map):
            yield from (found for entry in pair.value.node.entries for found in _path(entry.key))
    for pair in (pair for pairs in scenario.then for pair in pairs[:1]):
        yield from _path(pair.key.node)


def _keys(pair: Pair[PlainValue]) -> Iterator[Diagnostic]:
    keys = COMMANDS.get(pair.key.value) or ()
    known = (*keys, "like") if pair.key.value in _LIKE else keys
    for entry in pair.value.node.entries if keys and isinstance(pair.value.node, Map) else ():
        if entry.key.text not in known:
            words = f"{pair.key.value} has no key {entry.key.text}"
            yield Diagnostic("E874", words, entry.key.span, hint=hint_for(entry.key.text, known))


def _path(written: Node) -> Iterator[Diagnostic]:
    head = written.text.partition(".")[0] if isinstance(written, Scalar) else ""
    if head and head not in LOOKED_AT:
        assert isinstance(written, Scalar), "it has a text"
        yield Diagnostic("E875", f"{head} cannot be looked at", written.part(0, len(head)), hint=hint_for(head, LOOKED_AT))


# --- names -----------------------------------------------------------------------------------------------------------


@asked
def _names(definitions: Definitions) -> Mapping[tuple[str, str], tuple[str, Collection[str]]]:
    """By command and key, what is named there, and the names that there are."""
    messages = {name for role in definitions.roles for name in definitions.messages(role)}
    holds, exceptions = tuple(holds_of(definitions)), exceptions_of(definitions)
    events = {*definitions.events(), *definitions.of_kind(Event)}
    found: dict[tuple[str, str], tuple[str, Collection[str]]] = {
        ("reply", "message"): ("message", messages),
        ("event", "name"): ("event", events),
        ("event", "participant"): ("participant", {*definitions.organizations}),
        ("hold", "hold"): ("hold", holds),
        ("release", "hold"): ("hold", holds),
        ("resolve", "exception"): ("exception", exceptions),
        ("plan", "policy"): ("sourcing policy", {*definitions.of_kind(Sourcing)}),
    }
    roles = {*definitions.roles}
    found |= {(name, "as"): ("role", roles) for name, keys in COMMANDS.items() if "as" in (keys or ())}
    tasks = _tasks(definitions.documents.get("process", {}).values())
    return found | {("task", doing): ("task", tasks) for doing in _DOINGS}


def _tasks(processes: Iterable[Document]) -> set[str]:
    steps = (leaf.section for process in processes for leaf in process.leaves)
    return {step.task.value for step in steps if isinstance(step, TaskStep) and step.task is not None}


def _misnamed(pair: Pair[PlainValue], known: Mapping[tuple[str, str], tuple[str, Collection[str]]]) -> Iterator[Diagnostic]:
    command = pair.value.node
    if not isinstance(command, Map) or command.get("refused") is not None:
        return
    for entry in command.entries:
        what, names = known.get((pair.key.value, entry.key.text), ("", ()))
        named = entry.value
        if what and isinstance(named, Scalar) and not named.is_null and named.text not in names:
            yield Diagnostic("E876", f"there is no {what} {named.text}", named.span, hint=hint_for(named.text, names))
