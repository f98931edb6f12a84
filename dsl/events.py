"""The events that there are, and what is told of each: the engine's own, those that roles send, and those that are declared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from orderloom.dsl import graph
from orderloom.dsl.actions import EVENTS
from orderloom.dsl.documents import Document
from orderloom.dsl.feel.types import ANY, BY_NAME, DATE_TIME, STRING, ContextType, Type
from orderloom.dsl.fields import Located, Trigger
from orderloom.dsl.handlers import event_of_handler
from orderloom.dsl.known import asked
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.scopes import written_type
from orderloom.dsl.steps import AnyStep, Process
from orderloom.dsl.syntax import Event, Monitor
from orderloom.dsl.triggers import event_of
from orderloom.dsl.walk import Leaf, leaves

#: What every event has.
OF_ALL: Mapping[str, Type] = {"name": STRING, "at": DATE_TIME}


@asked
def known_events(definitions: Definitions) -> frozenset[str]:
    """The names of all events."""
    return definitions.events() | EVENTS.keys() | definitions.of_kind(Event).keys()


def fields_of(name: str, definitions: Definitions) -> Mapping[str, Type]:
    """What is told of an event; of one that comes of another what is told of that one."""
    declared = definitions.of_kind(Event)
    seen: set[str] = set()
    while name in declared and declared[name].source is not None and name not in seen:
        seen.add(name)
        name = declared[name].source.value  # type: ignore[union-attr]
    if name in declared:
        return {pair.key.value: written_type(pair.value, []) for pair in declared[name].fields}
    return {field: BY_NAME[text] for field, text in EVENTS[name].fields.items()} if name in EVENTS else {}


def event_type(names: Iterable[str], definitions: Definitions) -> Type:
    """The type of `event` where any of these may have happened: a field that two of them have in two types is of any type."""
    fields: dict[str, Type] = dict(OF_ALL)
    for name in names:
        for field, kind in fields_of(name, definitions).items():
            fields[field] = kind if fields.get(field, kind) == kind else ANY
    return ContextType(fields, open="event" in definitions.lost)


def spoken_of(document: Document) -> Callable[[Located[str]], frozenset[str]]:
    """Of which events each expression of a document may speak: what a process waits for or handles; in a handler its own."""
    body = document.body
    if isinstance(body, Event):
        names = _names(body.name if body.source is None else body.source)
        return lambda written: names
    if isinstance(body, Monitor):
        return _of_pattern(body)
    if not isinstance(body, Process):
        return lambda written: frozenset()
    own: dict[Located[str], frozenset[str]] = {}
    for handler in body.handlers:
        if (on := event_of_handler(handler)) is None:
            continue  # one on time sees the last event of its process
        inside = tuple(leaves(handler))
        names = _names(on) | _awaited(inside) | _others(handler.steps)
        own |= {leaf.value: names for leaf in inside}
    everywhere = _awaited(document.leaves).union(
        _others(body.steps), *(_names(event_of_handler(handler)) for handler in body.handlers)
    )
    return lambda written: own.get(written, everywhere)


def _of_pattern(monitor: Monitor) -> Callable[[Located[str]], frozenset[str]]:
    """In a pattern the condition of an event sees that event, and what they have in common any of them."""
    events = monitor.pattern.events if monitor.pattern is not None else ()
    own = {each.where: _names(each.event) for each in events if each.where is not None}
    same = monitor.pattern.same if monitor.pattern is not None else ()
    return lambda written: (
        own.get(written) or (frozenset[str]().union(*(_names(each.event) for each in events)) if written in same else frozenset())
    )


def _names(name: Located[str] | None) -> frozenset[str]:
    return frozenset() if name is None else frozenset({name.value})


def _others(steps: Iterable[AnyStep]) -> frozenset[str]:
    """The other events that end their waits, also in their blocks."""
    found: set[str] = set()
    for step in steps:
        found |= {event.value for event in graph.other_events(step)}
        found |= {name for block in graph.blocks_of(step) for name in _others(block.steps)}
    return frozenset(found)


def _awaited(leaves: Iterable[Leaf]) -> frozenset[str]:
    """The events that steps wait for."""
    waits = (event_of(leaf.value.value) for leaf in leaves if isinstance(leaf.type, Trigger))
    return frozenset(name for name in waits if name is not None)
