"""Drafts: orders as they are imported, but not submitted yet; and submitting one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from orderloom.adapters.imports.file import Kind
from orderloom.adapters.imports.orders import order_of
from orderloom.adapters.imports.repeats import Sees, Verdicts, beside_drafts, everybody, taken
from orderloom.engine.access.who import OPERATOR, Who
from orderloom.engine.order import Order
from orderloom.engine.refused import Refused
from orderloom.engine.shell.inbox import Receipt, capture, draft
from orderloom.engine.state import DRAFT
from orderloom.engine.store import Store, queries


def drafts(
    store: Store, program: str, now: datetime, until: datetime, who: Who = OPERATOR, sees: Sees = everybody
) -> Kind[Order]:
    """The kind of drafts whose reservations are held until a moment, kept by somebody who `sees` some orders."""

    def write(orders: Sequence[Order]) -> Verdicts:
        receipts = zip(orders, draft(store, orders, program, now, until, who), strict=True)
        return [_submitted(order, told.order, sees) if told.repeated else "written" for order, told in receipts]

    return Kind("drafts", order_of, lambda order: order.id, lambda orders: beside_drafts(store, orders, sees, write))


def _submitted(order: Order, known: str, sees: Sees) -> Refused:
    return Refused(f"order {known} is submitted already") if sees(known) else taken(order, known)


def submitted(store: Store, program: str, order: str, at: datetime, who: Who = OPERATOR) -> Receipt | Refused:
    """Submits a draft as it was kept last."""
    found = queries.order(store, order)
    if found is None or found.summary.status != DRAFT:
        return Refused(f"order {order} is no draft" if found else f"there is no order {order}")
    if found.state is None:
        return Refused(f"draft {order} waits for a worker")
    [receipt] = capture(store, [found.state.order], program, at, who)
    return receipt
