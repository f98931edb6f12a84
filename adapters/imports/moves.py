"""Messages about stock: adjustments, receipts of supply, and the rows of a snapshot.

adjustments: `id`, `item`, `node`, `quantity` (more or, negative, fewer), `at`, `reason`, `stock_class`.
receipts: `id`, `supply`, `quantity`, `at`, and `item` and `node` where several supplies have the id.
snapshot: `item`, `node`, `on_hand`, `stock_class`. Without `at` a message is of now.
"""

from __future__ import annotations

from datetime import datetime

from orderloom.adapters.imports.fields import MOST, Fields
from orderloom.adapters.imports.known import Known
from orderloom.engine.ledger.messages import Adjustment, Count, SupplyReceipt


def adjustment_of(row: Fields, known: Known, now: datetime) -> Adjustment:
    """The adjustment of a row; of use only when the row has no problems."""
    quantity = row.count("quantity", least=-int(MOST), needed=True)
    if quantity == 0:
        row.problem("quantity is 0: nothing is adjusted")
    return Adjustment(
        id=row.needed("id"),
        item=known.item(row, "item"),
        node=known.node(row, "node"),
        quantity=quantity,
        at=row.moment_by("at", known.zone, now),
        reason=row.text("reason") or "",
        stock_class=known.stock_class(row),
    )


def receipt_of(row: Fields, known: Known, now: datetime) -> SupplyReceipt:
    """The receipt of a row; of use only when the row has no problems."""
    return SupplyReceipt(
        id=row.needed("id"),
        supply=row.needed("supply"),
        quantity=row.count("quantity", least=1, needed=True),
        at=row.moment_by("at", known.zone, now),
        item=None if row.raw("item") is None else known.item(row, "item"),
        node=known.node_or_none(row, "node"),
    )


def count_of(row: Fields, known: Known) -> Count:
    """The row of a snapshot; of use only when the row has no problems."""
    quantity = row.count("on_hand", least=0, needed=True)
    return Count(known.item(row, "item"), known.node(row, "node"), quantity, known.stock_class(row))
