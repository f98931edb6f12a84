"""The user's own fields as they are written."""

from __future__ import annotations

from orderloom.dsl.fields import (
    Located,
    MapOf,
    Name,
    Pair,
    Syntax,
    TypeText,
    WrittenType,
    key,
)

_FIELDS = MapOf(TypeText(), Name(feel=True))


class Attributes(Syntax, frozen=True, eq=False):
    """The user's own typed fields. Expressions may use them, and imports check them."""

    name: Located[str] = key("name", Name(), "Name, unique among documents of this kind.", required=True)
    order: tuple[Pair[WrittenType], ...] = key("order", _FIELDS, "Fields of an order.")
    line: tuple[Pair[WrittenType], ...] = key("line", _FIELDS, "Fields of a line.")
    item: tuple[Pair[WrittenType], ...] = key("item", _FIELDS, "Fields of an item.")
    node: tuple[Pair[WrittenType], ...] = key("node", _FIELDS, "Fields of a node.")
    position: tuple[Pair[WrittenType], ...] = key("position", _FIELDS, "Fields of an item's stock at a node.")
    customer: tuple[Pair[WrittenType], ...] = key("customer", _FIELDS, "Fields of a customer.")
    ship_to: tuple[Pair[WrittenType], ...] = key("ship_to", _FIELDS, "Fields of an address.")
