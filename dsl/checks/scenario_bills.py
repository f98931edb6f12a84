"""What a scenario orders is made up of items that it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.nodes import Map, Node, Scalar, Seq
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.syntax import Scenario
from orderloom.dsl.syntax.bill import Bill


def scenario_bills(scenario: Scenario, definitions: Definitions) -> Iterator[Diagnostic]:
    bills = {item.value: bill for bill in definitions.of_kind(Bill).values() for item in bill.items}
    if not bills:
        return
    known = _items(scenario, definitions.of_kind(Scenario))
    pack = scenario.name.span.source.pack
    for pairs in scenario.when if known else ():
        for pair in pairs:
            for ordered in _ordered(pair.value.node):
                bill = bills.get(ordered.text)
                if bill is not None and pack in (None, bill.name.span.source.pack):  # a pack knows no bill of the workspace
                    yield from _lacking(ordered, bill, known)


def _lacking(ordered: Scalar, bill: Bill, known: set[str]) -> Iterator[Diagnostic]:
    """Components that are always the same, and always there."""
    for component in bill.components:
        item = component.item
        if item is not None and component.when is None and item.value not in known:
            words = f"{ordered.text} has the component {item.value}, which is not among the items that are given"
            yield Diagnostic("E873", words, ordered.span, (Label(item.span, "the component"),), "add it to `items` of `given`")


def _items(scenario: Scenario, others: Mapping[str, Scenario], below: tuple[str, ...] = ()) -> set[str]:
    """The items that it gives, and those of the scenario that it is like."""
    given = scenario.given
    if given is None or scenario.name.value in below:
        return set()
    found = {str(id) for id in _ids(given.items.value)} if given.items is not None else set()
    other = others.get(given.like.value) if given.like is not None else None
    return found | (_items(other, others, (*below, scenario.name.value)) if other is not None else set())


def _ids(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value)
    return [each.get("id") for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _ordered(node: Node) -> Iterator[Scalar]:
    """The items of lines, however deep they stand."""
    match node:
        case Map(entries):
            values = {entry.key.text: entry.value for entry in entries}
            item = values.get("item")
            if isinstance(item, Scalar) and "quantity" in values:
                yield item
            for value in values.values():
                yield from _ordered(value)
        case Seq(items):
            for each in items:
                yield from _ordered(each)
