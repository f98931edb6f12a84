"""Holds: what they block is there, somebody can apply and resolve each, and none resolves into itself by way of others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from orderloom.dsl.actions import ACTIONS
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.documents import Document
from orderloom.dsl.fields import Located, Pair, Syntax
from orderloom.dsl.known import asked
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.steps import Step
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax.holds import Holds, LineHold, OrderHold

AnyHold = Pair[OrderHold] | Pair[LineHold]


def holds_of(definitions: Definitions) -> Mapping[str, AnyHold]:
    """All holds by name; one of the workspace replaces that of its packs."""
    written: list[AnyHold] = []
    for each in definitions.of_kind(Holds).values():
        written += [*each.order, *each.line]
    written.sort(key=lambda pair: pair.key.span.source.pack is None)
    return {pair.key.value: pair for pair in written}


def holds(definitions: Definitions) -> Iterator[Diagnostic]:
    known = holds_of(definitions)
    yield from _twice(definitions)
    for pair in known.values():
        if "process" not in definitions.lost:
            yield from _blocks(pair, _steps(definitions, pair.key.span.source.pack))
        yield from _nobody(pair)
        into = _into(pair)
        if into is not None and into.value not in known and "holds" not in definitions.lost:
            yield Diagnostic("E673", f"there is no hold {into.value}", into.span, hint=hint_for(into.value, known))
        elif into is not None and isinstance(known.get(into.value, pair).value, LineHold) is not isinstance(pair.value, LineHold):
            yield Diagnostic("E673", f"{into.value} is of something else", into.span, hint="a line's hold resolves into a line's")
    yield from _circles(known)


def _twice(definitions: Definitions) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str | None], Located[str]] = {}
    for body in definitions.of_kind(Holds).values():
        pairs: tuple[AnyHold, ...] = (*body.order, *body.line)
        for pair in pairs:
            key = pair.key.value, pair.key.span.source.pack
            if key in first:
                words = f"there are two holds with the name {pair.key.value}"
                yield Diagnostic("E116", words, pair.key.span, (Label(first[key].span, "the first"),), "give one another name")
            first.setdefault(key, pair.key)


@asked
def _steps(definitions: Definitions, pack: str | None) -> dict[str, None]:
    """What can be blocked: names of steps, alone and with their process, and actions."""
    found: dict[str, None] = {}
    for document in definitions.speaks_of("process", pack):
        found |= definitions.remembered(_names, document, partial(_names, document))
    return found | dict.fromkeys(ACTIONS)


def _names(document: Document) -> dict[str, None]:
    """The names of a process's steps, alone and with its own."""
    found: dict[str, None] = {}
    for leaf in document.leaves:
        if isinstance(leaf.section, Step) and leaf.value is leaf.section.name:
            found |= {leaf.value.value: None, f"{document.name.value}.{leaf.value.value}": None}
    return found


def _blocks(pair: AnyHold, steps: Mapping[str, None]) -> Iterator[Diagnostic]:
    for blocked in pair.value.blocks:
        if blocked.value not in steps:
            words = f"no process has a step {blocked.value}, and there is no such action"
            yield Diagnostic("E670", words, blocked.span, hint=hint_for(blocked.value, steps))


def _nobody(pair: AnyHold) -> Iterator[Diagnostic]:
    apply, resolve = pair.value.apply, pair.value.resolve
    if apply is not None and not (apply.by or apply.on or _says(apply, "when", "at")):
        yield Diagnostic("E671", f"nothing ever applies {pair.key.value}", apply.span, hint="say by whom, on what, when, or at")
    if resolve is not None and not (resolve.by or resolve.on or _says(resolve, "when", "at", "after")):
        words = f"nobody can resolve {pair.key.value}"
        hint = "say by whom: whatever it blocks would wait until its rule happens to be false"
        yield Diagnostic("E671", words, resolve.span, hint=hint)


def _says(rule: Syntax, *names: str) -> bool:
    """Whether one of these keys is there, at fault or not."""
    return any(rule.read_from.get(name) is not None for name in names)


def _into(pair: AnyHold) -> Located[str] | None:
    return pair.value.resolve.into if pair.value.resolve is not None else None


def _circles(known: Mapping[str, AnyHold]) -> Iterator[Diagnostic]:
    """Each circle once, at its member that comes first."""
    told: set[str] = set()
    for name in known:
        path = [name]
        while (into := _into(known[path[-1]])) is not None and into.value in known and into.value not in path:
            path.append(into.value)
        if into is None or into.value != name or told & set(path):
            continue
        told |= set(path)
        words = "these holds resolve into each other in a circle: " + " -> ".join((*path, name))
        hint = "let one of them be resolved into nothing: nobody could ever go on"
        first = _into(known[name])
        assert first is not None, "a member of a circle leads to another"
        yield Diagnostic("E672", words, first.span, hint=hint)
