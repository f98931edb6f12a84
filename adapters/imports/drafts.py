"""Drafts: orders as they are imported, but not submitted yet; and submitting one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from orderloom.adapters.imports.file import Kind, Verdict
from orderloom.adapters.imports.orders import order_of
from orderloom.engine.access.who import OPERATOR, Who
from orderloom.engine.order import Order
from orderloom.engine.refused import Refused
from orderloom.engine.shell.inbox import Receipt, capture, draft
from orderloom.engine.state import DRAFT
from orderloom.engine.store import Store, queries


def drafts(store: Store, program: str, now: datetime, until: datetime, who: Who = OPERATOR) -> Kind[Order]:
    """The kind of drafts whose reservations are held until a moment."""

    def write(orders: Sequence[Order]) -> Sequence[Verdict | Refused]:
        receipts = draft(store, orders, program, now, until, who)
        return [Refused(f"order {told.order} is submitted already") if told.repeated else "written" for told in receipts]

    return Kind("drafts", order_of, lambda order: order.id, write)


def submitted(store: Store, program: str, order: str, at: datetime, who: Who = OPERATOR) -> Receipt | Refused:
    """Submits a draft as it was kept last."""
    found = queries.order(store, order)
    if found is None or found.summary.status != DRAFT:
        return Refused(f"order {order} is no draft" if found else f"there is no order {order}")
    if found.state is None:
        return Refused(f"draft {order} waits for a worker")
    [receipt] = capture(store, [found.state.order], program, at, who)
    return receipt
