"""Bills: an item is made up in one way, each component has one item, and nothing is a part of itself."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.checks.policies import twice
from orderloom.dsl.diagnostics import Diagnostic, Label
from orderloom.dsl.fields import Located
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.syntax import Bill, Component


def bills(definitions: Definitions) -> Iterator[Diagnostic]:
    made: dict[str, Located[str]] = {}
    for bill in definitions.of_kind(Bill).values():
        for item in bill.items:
            first = made.setdefault(item.value, item)
            if first is not item:
                labels = (Label(first.span, "it is made up here already"),)
                words = f"{item.value} is made up in two ways"
                yield Diagnostic("E680", words, item.span, labels, "leave it in one bill")
    for bill in definitions.of_kind(Bill).values():
        yield from twice("E602", "component", (component.name for component in bill.components))
        for component in bill.components:
            yield from _item(component)
            if component.item is not None and component.item.value in made:
                words = f"{component.item.value} is made up of components itself"
                yield Diagnostic("E682", words, component.item.span, hint="name its components here")


def _item(component: Component) -> Iterator[Diagnostic]:
    written = [each for each in (component.item, component.item_from) if each is not None]
    if len(written) == 2:
        words = "an item is written, and where it comes from, too"
        yield Diagnostic("E681", words, written[1].span, hint="keep `item` or `item from`")
    elif not written and component.name is not None and not component.read_from.broken:
        words = f"the component {component.name.value} has no item"
        yield Diagnostic("E681", words, component.name.span, hint="add item: and an item, or item from: and an expression")
