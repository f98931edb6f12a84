"""Declared events: what each comes of, that there are fields to be told, and that what it starts can start there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.events import OF_ALL
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.scopes import written_type
from orderloom.dsl.steps import Process
from orderloom.dsl.syntax import Event

_OF_A_CHANGE = ("order", "line", "unit")


def events(definitions: Definitions) -> Iterator[Diagnostic]:
    declared = definitions.of_kind(Event)
    for event in declared.values():
        yield from _fields(event)
        yield from _comes_of(event, declared)
        yield from _starts(event, definitions)
    yield from _sent(definitions, declared)


def _fields(event: Event) -> Iterator[Diagnostic]:
    found: list[Diagnostic] = []
    for pair in event.fields:
        written_type(pair.value, found)
        if pair.key.value in OF_ALL:
            words = f"event.{pair.key.value} is a built-in field"
            found.append(Diagnostic("E420", words, pair.key.span, hint="give yours another name"))
    yield from found
    if event.fields and not _reported(event):
        why = "it has those of the event that it comes of" if event.source is not None else "nobody reports it"
        yield Diagnostic(
            "E540", f"{event.name.value} has no fields of its own: {why}", event.fields[0].key.span, hint="delete `fields`"
        )


def _reported(event: Event) -> bool:
    return event.read_from.get("from") is None and event.read_from.get("when") is None


def _comes_of(event: Event, declared: Mapping[str, Event]) -> Iterator[Diagnostic]:
    if event.about is None:
        return
    if event.read_from.get("from") is None:
        if not _reported(event) and event.about.value not in _OF_A_CHANGE:
            words = f"a change of an order does not happen to a {event.about.value}"
            yield Diagnostic(
                "E542", words, event.about.span, hint=f"one of {', '.join(_OF_A_CHANGE)}; or say what it comes `from`"
            )
        return
    if event.source is None or event.source.value not in declared:
        return
    source = declared[event.source.value]
    if _leads_back(event, declared):
        yield Diagnostic(
            "E543", f"{event.name.value} comes of itself", event.source.span, hint="begin with an event that is reported"
        )
    elif source.about is not None and source.about.value != event.about.value:
        words = f"{event.name.value} is about the {event.about.value}, and {source.name.value}, of which it comes, is not"
        labels = (Label(source.about.span, f"about the {source.about.value}"),)
        yield Diagnostic("E541", words, event.about.span, labels, f"about: {source.about.value}")


def _leads_back(event: Event, declared: Mapping[str, Event]) -> bool:
    seen, name = set[str](), event.source
    while name is not None and name.value in declared and name.value not in seen:
        seen.add(name.value)
        name = declared[name.value].source
    return event.name.value in seen


def _starts(event: Event, definitions: Definitions) -> Iterator[Diagnostic]:
    starts = event.starts
    if starts is None or starts.process is None or event.about is None:
        return
    process = definitions.of_kind(Process).get(starts.process.value)
    if process is None or process.purpose is None:
        return
    nowhere = event.about.value in ("order", "line", "participant")
    if process.purpose.value == "order" and starts.node is not None:
        words = f"{starts.process.value} is a process for the order, which is done at no node"
        yield Diagnostic("E545", words, starts.node.span, hint="delete `node`")
    elif process.purpose.value != "order" and nowhere and starts.read_from.get("node") is None:
        words = f"{event.name.value} happens to the {event.about.value}, and nobody says where the new unit of work is done"
        hint = f"starts: {{ process: {starts.process.value}, node: an expression that gives the node's id }}"
        yield Diagnostic("E545", words, starts.process.span, hint=hint)


def _sent(definitions: Definitions, declared: Mapping[str, Event]) -> Iterator[Diagnostic]:
    """Whoever says that he sends an event which comes of something else would wait for ever for it to be taken in."""
    for role in definitions.roles.values():
        for name in role.value.sends:
            event = declared.get(name.value)
            if event is not None and not _reported(event):
                labels = (Label(event.name.span, "declared here"),)
                words = f"{name.value} is not reported: it comes of something else"
                yield Diagnostic("E544", words, name.span, labels, "take it from `sends`, or take its `from` and `when` away")
