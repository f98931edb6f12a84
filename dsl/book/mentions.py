"""Where one thing names another: by a key that is declared to name it, by calling it, or by its name as a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from orderloom.dsl.book.things import ROLE, Thing
from orderloom.dsl.fields import Ref, Trigger
from orderloom.dsl.syntax import Role
from orderloom.dsl.triggers import event_of
from orderloom.dsl.walk import Leaf, leaves

BY_TEXT = ("process", "sourcing", "promising", "decision")  #: kinds that tables and expressions name in quotes
_QUOTED = re.compile(r'"([\w-]+)"')
_CALLED = re.compile(r"(?<![\w-])([A-Za-z][\w-]*)\s*\(")
_WORD = re.compile(r"(?<![\w-])([a-z]+(?:-[a-z0-9]+)+)(?![\w-])")


class Mention(Struct, frozen=True, eq=False):
    """A stretch of a file that names a thing."""

    start: int
    end: int
    of: Thing


class Names(Struct, frozen=True):
    """All things by kind and name, and those by what roles receive and send."""

    things: Mapping[tuple[str, str], Thing]
    messages: Mapping[str, Thing]
    events: Mapping[str, Thing]

    def find(self, kind: str, name: str) -> Thing | None:
        """What a name of a kind stands for; for a message or an event that no document defines the role that has it."""
        others = self.messages if kind == "message" else self.events if kind == "event" else {}
        return self.things.get((kind, name)) or others.get(name)

    def by_text(self, name: str) -> Thing | None:
        return next((self.things[kind, name] for kind in BY_TEXT if (kind, name) in self.things), None)


def names(every: Iterable[Thing]) -> Names:
    messages: dict[str, Thing] = {}
    events: dict[str, Thing] = {}
    by_name = {(thing.kind, thing.name): thing for thing in every}
    for thing in by_name.values():
        if thing.kind == ROLE and isinstance(thing.body, Role):
            for pair in thing.body.receives:
                messages.setdefault(pair.key.value, thing)
            for event in thing.body.sends:
                events.setdefault(event.value, thing)
    return Names(by_name, messages, events)


def mentions(thing: Thing, known: Names) -> tuple[Mention, ...]:
    """What a thing names, in the order of its text; where two would lie on each other, what is declared to be a name."""
    kept: list[Mention] = []
    for mention in (*_declared(thing, known), *_written(thing, known)):
        free = all(mention.end <= each.start or each.end <= mention.start for each in kept)
        if free and mention.of is not thing and thing.start <= mention.start and mention.end <= thing.end:
            kept.append(mention)
    return tuple(sorted(kept, key=lambda mention: mention.start))


def _declared(thing: Thing, known: Names) -> Iterator[Mention]:
    for leaf in leaves(thing.body):
        kind, name = _named(leaf)
        found = known.find(kind, name) if name is not None else None
        if found is not None and leaf.value.span.source is thing.source:
            yield Mention(leaf.value.span.start, leaf.value.span.end, found)


def _named(leaf: Leaf) -> tuple[str, str | None]:
    if isinstance(leaf.type, Ref):
        return leaf.type.to, str(leaf.value.value)
    return ("event", event_of(leaf.value.value)) if isinstance(leaf.type, Trigger) else ("", None)


def _written(thing: Thing, known: Names) -> Iterator[Mention]:
    """Decisions that expressions call, and names in quotes; a scenario names things without quotes, too."""
    text = thing.source.text[thing.start : thing.end]
    for match in _CALLED.finditer(text):
        if found := known.things.get(("decision", match[1])):
            yield Mention(thing.start + match.start(1), thing.start + match.end(1), found)
    for match in (*_QUOTED.finditer(text), *(_WORD.finditer(text) if thing.kind == "scenario" else ())):
        if found := known.by_text(match[1]):
            yield Mention(thing.start + match.start(1), thing.start + match.end(1), found)
