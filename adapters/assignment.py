"""Which node shipped which units of which line, from which supply, as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from orderloom.adapters.states import states
from orderloom.engine.ledger.stock import on_hand_id
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store

HEADER = ("order_id", "line_id", "node", "qty", "pool", "ship_date")
ON_HAND_POOL = "OH"


def write_assignment(store: Store, path: Path) -> None:
    """Writes the units that shipped; the pool is `OH` for what was on hand, else the id of the supply. Raises OSError."""
    with path.open("w", encoding="utf-8", newline="") as file, store.reading() as connection:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for state in states(connection, store.shard):
            writer.writerows(_rows(state))


def _rows(state: OrderState) -> Iterator[tuple[object, ...]]:
    for unit in state.units.values():
        for part in unit.lines if unit.shipped else ():
            if part.quantity:
                pool = ON_HAND_POOL if part.supply == on_hand_id(part.item, unit.node) else part.supply
                yield state.order.id, part.line, unit.node, part.quantity, pool, unit.ship_on
