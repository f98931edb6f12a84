"""Orders of a file, to be played without being taken in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from pathlib import Path

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.file import renamed
from orderloom.adapters.imports.known import Known
from orderloom.adapters.imports.orders import order_of
from orderloom.adapters.imports.rows import Row, open_rows
from orderloom.adapters.props import Props
from orderloom.adapters.replay.part import Asked, Orders, Part, Past, Unplayed, cut, windows
from orderloom.engine.order import Order


def orders_in_file(
    path: Path, known: Known, renames: Mapping[str, str], asked: Asked, days: int | None, stock: Callable[[frozenset[str]], Props]
) -> Orders:
    """The orders as they were placed, each window with the `stock` of its items as it is now. Raises OSError.

    Orders of a file are all in memory at once.
    """
    orders, wrong = _read(path, known, renames)
    found = cut(_asked_for(orders, asked), asked.limit)
    parts = (_part(window, stock) for window in windows(found, days, known.zone))
    return Orders(parts, len(found), "as it is now", unplayed=wrong)


def _asked_for(orders: Iterable[Order], asked: Asked) -> Iterator[Past]:
    for at, order in sorted(((order.placed_at.astimezone(UTC), order) for order in orders), key=lambda one: (one[0], one[1].id)):
        if (asked.since is None or at >= asked.since) and (asked.until is None or at < asked.until):
            yield Past(at, order, asked.takes(order.channel, order.division))


def _part(window: Sequence[Past], stock: Callable[[frozenset[str]], Props]) -> Part:
    return Part(tuple(window), stock(frozenset(line.item for past in window for line in past.order.lines)))


def _read(path: Path, known: Known, renames: Mapping[str, str]) -> tuple[list[Order], list[Unplayed]]:
    """The orders, and the rows that are none."""
    orders, wrong = dict[str, Order](), list[Unplayed]()
    with open_rows(path) as source:
        for row in source.rows():
            order = _order(row, known, renames)
            if isinstance(order, Unplayed):
                wrong.append(order)
            elif order.id in orders:
                wrong.append(Unplayed(order.id, f"line {row.number} of the file: it is there already"))
            else:
                orders[order.id] = order
    return list(orders.values()), wrong


def _order(row: Row, known: Known, renames: Mapping[str, str]) -> Order | Unplayed:
    if row.problem:
        return Unplayed("", f"line {row.number} of the file: {row.problem}")
    fields = Fields(renamed(row.values, renames))
    order = order_of(fields, known)
    return Unplayed(order.id, f"line {row.number} of the file: {'; '.join(fields.problems)}") if fields.problems else order
