"""Drafts: orders as they are imported, but not submitted yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from orderloom.adapters.imports.file import Kind, Verdict
from orderloom.adapters.imports.orders import order_of
from orderloom.engine.order import Order
from orderloom.engine.refused import Refused
from orderloom.engine.shell.inbox import draft
from orderloom.engine.store import Store


def drafts(store: Store, program: str, now: datetime, until: datetime) -> Kind[Order]:
    """The kind of drafts whose reservations are held until a moment."""

    def write(orders: Sequence[Order]) -> Sequence[Verdict | Refused]:
        receipts = draft(store, orders, program, now, until)
        return [Refused(f"order {told.order} is submitted already") if told.repeated else "written" for told in receipts]

    return Kind("drafts", order_of, lambda order: order.id, write)
