"""What is to be sourced."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from msgspec import Struct

from orderloom.engine.order import Line, Order
from orderloom.engine.supply.replenishment import Planned


class Demand(Struct, frozen=True):
    """Units of an order's lines that want a source, as (line id, quantity), and (item, node) pairs that are not to give any.

    `refused` is planned supply, by item, node and name, that is not to be ordered. With `deliver_by`, what was promised, no
    shipment may be delivered later. `counters` are the nodes that hand over other units of the order. `arrivals` has
    the last day of lines that have sources already, as (line id, day).
    """

    order: Order
    quantities: tuple[tuple[str, int], ...]
    excluded: frozenset[tuple[str, str]] = frozenset()
    deliver_by: date | None = None
    refused: frozenset[Planned] = frozenset()
    counters: frozenset[str] = frozenset()
    arrivals: tuple[tuple[str, date], ...] = ()


class Want(Struct, frozen=True, eq=False, gc=False):
    """The demand of a line, what expressions see of it, and what it costs to leave one unit of it without a source.

    Lines that are alike but for their id and quantity are one want, with `line` the first of them; `parts` has what each of
    them wants. `together` is what all wants of the item come to. `seen` is what expressions see of it, of the order, and of a
    shipment whose figures are still to come, at every node.
    """

    line: Line
    parts: tuple[tuple[str, int], ...]
    quantity: int
    together: int
    view: dict[str, object]
    item_view: Mapping[str, object]
    seen: dict[str, object]
    weight: Decimal | None
    left_out: Decimal
