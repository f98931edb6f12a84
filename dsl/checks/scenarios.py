"""Scenarios say one known thing at a time, about fields that there are."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.diagnostics import Diagnostic
from orderloom.dsl.divisions.families import division_hint
from orderloom.dsl.entities import ENTITIES
from orderloom.dsl.fields import Pair, PlainValue
from orderloom.dsl.nodes import Map, Node, Scalar, Seq
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.suggest import hint_for
from orderloom.dsl.syntax import COMMANDS, Scenario


def scenarios(scenario: Scenario, definitions: Definitions) -> Iterator[Diagnostic]:
    for pairs in (*scenario.when, *scenario.then):
        yield from _single(pairs)
    for pairs in scenario.when:
        for pair in pairs:
            if pair.key.value not in COMMANDS:
                words = f"there is no command {pair.key.value}"
                yield Diagnostic("E870", words, pair.key.span, hint=hint_for(pair.key.value, COMMANDS))
            yield from _division(pair.value.node, definitions)
    if scenario.given is not None:
        yield from _records(scenario.given.items, "item", definitions)
        yield from _records(scenario.given.nodes, "node", definitions)


def _single(pairs: tuple[Pair[PlainValue], ...]) -> Iterator[Diagnostic]:
    for pair in pairs[1:]:
        yield Diagnostic(
            "E871", "each entry of this list has one key", pair.key.span, hint=f"begin a line of its own: - {pair.key.value}:"
        )


def _division(command: Node, definitions: Definitions) -> Iterator[Diagnostic]:
    """An order of a division that there is not, where there are any, and where the scenario does not want it refused.

    The scenarios of a pack name the divisions of its workspace.
    """
    known = definitions.documents.get("division", {})
    order = command.get("order") if isinstance(command, Map) and command.get("refused") is None else None
    named = order.get("division") if isinstance(order, Map) else None
    if not known or "division" in definitions.lost or command.source.pack is not None:
        return
    if isinstance(named, Scalar) and named.text not in known and not named.is_null:
        yield Diagnostic("E906", f"there is no division {named.text}", named.span, hint=division_hint(named.text, known))


def _records(value: PlainValue | None, entity: str, definitions: Definitions) -> Iterator[Diagnostic]:
    """Fields of the records of a list, or of a map by id."""
    if value is None:
        return
    known = ENTITIES[entity].keys() | definitions.attributes.get(entity, {}).keys()
    for record in _below(value.node):
        for entry in record.entries if isinstance(record, Map) else ():
            if entry.key.text not in known:
                words = f"{entity} has no field {entry.key.text}"
                yield Diagnostic("E872", words, entry.key.span, hint=hint_for(entry.key.text, known))


def _below(node: Node) -> tuple[Node, ...]:
    match node:
        case Seq(items):
            return items
        case Map(entries):
            return tuple(entry.value for entry in entries)
        case _:
            return ()
