"""Orders that come in again: by their id, or by the channel's own number under whatever id. The first one counts.

The same content again is no news, and gives the first order. Other content under that name is refused: nothing is overwritten.
Whoever may not see the order that is there learns that the name is taken, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from orderloom.engine.state import DRAFT
from orderloom.engine.store import Store, tables

Verdicts = Sequence[Verdict | Warned | Refused]
Sees = Callable[[str], bool]  #: whether whoever tells may see an order that is there


def everybody(_order: str) -> bool:
    """The operator sees every order."""
    return True


def captured(
    store: Store, orders: Sequence[Order], program: str, at: datetime | None = None, who: Who = OPERATOR, sees: Sees = everybody
) -> Verdicts:
    """Takes orders in for somebody who `sees` some; a verdict for each, in order."""
    return beside_drafts(store, orders, sees, lambda told: _captured(store, told, program, at, who, sees))


def _captured(store: Store, orders: Sequence[Order], program: str, at: datetime | None, who: Who, sees: Sees) -> Verdicts:
    receipts = capture(store, orders, program, at, who)
    repeated = sorted({receipt.order for receipt in receipts if receipt.repeated})
    before = _as_captured(store, repeated) if repeated else {}
    seen = {receipt.order for receipt in receipts if receipt.repeated and sees(receipt.order)}
    return [
        verdict(order, receipt, before.get(receipt.order))
        if not receipt.repeated or receipt.order in seen or _is_same(order, before.get(receipt.order))
        else taken(order, receipt.order)
        for order, receipt in zip(orders, receipts, strict=True)
    ]


def beside_drafts(store: Store, orders: Sequence[Order], sees: Sees, write: Callable[[Sequence[Order]], Verdicts]) -> Verdicts:
    """Writes orders, except over a draft that whoever tells may not see."""
    others = set() if sees is everybody else {id for id in _drafts(store, [order.id for order in orders]) if not sees(id)}
    written = iter(write([order for order in orders if order.id not in others]))
    return [taken(order, order.id) if order.id in others else next(written) for order in orders]


def taken(order: Order, known: str) -> Refused:
    """What is told of an order that is there to whoever may not see it."""
    if known == order.id:
        return Refused(f"the id {order.id} is taken")
    return Refused(f"the number {order.external_id} of the channel {order.channel} is taken")


def _is_same(order: Order, before: Order | None) -> bool:
    """Whether it is the same order told once more, by which nobody learns anything: so whoever may not look can try again."""
    return before is not None and before.id == order.id and not differing(order, before)


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


def _drafts(store: Store, ids: Sequence[str]) -> Sequence[str]:
    o = tables.orders.c
    asked = select(o.id).where(o.shard == store.shard, o.id.in_(sorted(set(ids))), o.status == DRAFT)
    with store.reading() as connection:
        return connection.execute(asked).scalars().all()


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
