"""What a customer shows an interest in before there is an order: looks at it, wishes for it, asks what it would cost."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from msgspec import Struct

KINDS = ("view", "wish", "quote")


class Interest(Struct, frozen=True, omit_defaults=True):
    """An interest of one customer in one item. `id` is the channel's own; the same id of the customer counts once.

    `price` is what one unit was quoted at, in the workspace's currency.
    """

    id: str
    customer: str
    item: str
    kind: str
    channel: str
    at: datetime
    quantity: int = 1
    price: Decimal | None = None
    note: str = ""
