"""Bills: what an item is made up of."""

from __future__ import annotations

from msgspec import Struct

from orderloom.dsl.program.formula import Formula, Origin


class Component(Struct, frozen=True):
    """`quantity` of an item for each unit of the line, 1 where it is None: `item`, or what `item_from` gives."""

    name: str
    item: str | None
    item_from: Formula | None
    quantity: Formula | None
    when: Formula | None
    origin: Origin


class Refusal(Struct, frozen=True):
    """A line for which `when` holds is not taken, `because`."""

    when: Formula
    because: str
    origin: Origin


class Bill(Struct, frozen=True):
    """What each of `items` is made up of. Components of a line leave in one shipment, unless they go `apart`."""

    name: str
    title: str
    items: tuple[str, ...]
    components: tuple[Component, ...]
    refusals: tuple[Refusal, ...]
    apart: bool
    origin: Origin
