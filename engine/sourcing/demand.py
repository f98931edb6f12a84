"""What is to be sourced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from msgspec import Struct

from orderloom.engine.order import Line, Order

Claim = tuple[str, str, str]  #: line, node, supply


@dataclass(frozen=True, slots=True)
class Demand:
    """Units of an order's lines that want a source, as (line id, quantity), and (item, node) pairs that are not to give any.

    `claimed` has units of a node's supply that a line cannot have, since other lines of its item take them.
    """

    order: Order
    quantities: tuple[tuple[str, int], ...]
    excluded: frozenset[tuple[str, str]] = frozenset()
    claimed: Mapping[Claim, int] = field(default_factory=dict)


class Want(Struct, frozen=True, eq=False):
    """One line's demand, what expressions see of it, and what it costs to leave one unit of it without a source."""

    line: Line
    quantity: int
    view: dict[str, object]
    item_view: Mapping[str, object]
    weight: Decimal | None
    left_out: Decimal
