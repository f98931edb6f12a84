"""Orders that come in again: by their id, or by the channel's own number under whatever id. The first one counts.

The same content again is no news, and gives the first order. Other content under that name is refused: nothing is overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import asdict, replace
from sqlalchemy import select

from orderloom.adapters.imports.file import Verdict, Warned
from orderloom.engine import wire
from orderloom.engine.access.who import OPERATOR, Who
from orderloom.engine.events import Captured
from orderloom.engine.order import Order
from orderloom.engine.refused import Refused
from orderloom.engine.shell.inbox import Receipt, capture
from orderloom.engine.store import Store, tables

Verdicts = Sequence[Verdict | Warned | Refused]


def captured(store: Store, orders: Sequence[Order], program: str, at: datetime | None = None, who: Who = OPERATOR) -> Verdicts:
    """Takes orders in; a verdict for each, in order."""
    receipts = capture(store, orders, program, at, who)
    repeated = sorted({receipt.order for receipt in receipts if receipt.repeated})
    before = _as_captured(store, repeated) if repeated else {}
    return [verdict(order, receipt, before.get(receipt.order)) for order, receipt in zip(orders, receipts, strict=True)]


def verdict(order: Order, receipt: Receipt, before: Order | None) -> Verdict | Warned | Refused:
    """What is told of an order that was taken in, or was there `before`; None where that has gone to an archive."""
    if not receipt.repeated:
        return "added"
    by_number = receipt.order != order.id
    known = f"has the number {order.external_id} of the channel {order.channel}" if by_number else "is there already"
    others = differing(order, before) if before is not None else []
    if others:
        return Refused(f"order {receipt.order} {known}, with other content: {', '.join(others)}")
    return Warned("unchanged", f"order {receipt.order} {known}", receipt.order) if by_number else "unchanged"


def differing(order: Order, before: Order) -> list[str]:
    """The fields in which an order says something else; under which id and in which trace it came in does not count."""
    then, now = asdict(replace(before, id=order.id, traceparent=order.traceparent)), asdict(order)
    return [name for name, value in now.items() if value != then[name]]


def _as_captured(store: Store, ids: Sequence[str]) -> Mapping[str, Order]:
    """Orders as they were captured, whatever has become of them since, and whether a worker has seen them yet or not."""
    h, d = tables.history.c, tables.due.c
    seen = select(h.order_id, h.event).where(h.shard == store.shard, h.order_id.in_(ids), h.kind == "captured")
    waiting = select(d.order_id, d.body).where(d.shard == store.shard, d.order_id.in_(ids), d.key == "captured")
    found: dict[str, Order] = {}
    with store.reading() as connection:
        rows = [*connection.execute(seen.order_by(h.order_id, h.sequence)), *connection.execute(waiting)]
    for id, told in rows:
        event = wire.load_event(told)
        if isinstance(event, Captured):
            found.setdefault(id, event.order)
    return found
