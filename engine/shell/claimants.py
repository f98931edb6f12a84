"""Orders that claim a supply: who they are, and telling them when it slips."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import BindParameter, Connection, bindparam, select, tuple_

from orderloom.engine import wire
from orderloom.engine.effects import Effect, OrderSupply
from orderloom.engine.events import Happened, SupplyMoved
from orderloom.engine.ledger.stock import Supply
from orderloom.engine.shell.inbox import due_row
from orderloom.engine.store import tables
from orderloom.engine.store.statements import BEGIN_WAIT, END_WAIT, WAKE, run
from orderloom.engine.store.stock_rows import SupplyKey
from orderloom.engine.supply_order import RETURNING, SUPPLY_TYPES, SupplyOrder

T = TypeVar("T")
TOLD = 10  #: days of one supply of which an order may have been told, and be at work on the one before


def claimants(connection: Connection, shard: int, supplies: Sequence[SupplyKey]) -> dict[SupplyKey, dict[str, int]]:
    """Units of each of these supplies that orders have reserved, by order."""
    found: dict[SupplyKey, dict[str, int]] = {key: {} for key in supplies}
    asked = {"shard": shard, "items": sorted({item for item, _, _ in supplies})}
    for item, node, supply, order, quantity in connection.execute(_CLAIMS, asked):
        orders = found.get((item, node, supply))
        if orders is not None:
            orders[order] = orders.get(order, 0) + quantity
    return found


def tell_of_slips(connection: Connection, shard: int, moved: Sequence[Supply], at: datetime, but: str = "") -> None:
    """Wakes every order that claims one of these supplies with the day on which it is due now, `but` the one that knows already.

    An order that has not been told of the day before yet is told of the new one alone. What a worker has at hand to tell stays
    as it is, and another row comes behind it: that worker may wait for the stock which is held here.
    """
    if not moved:
        return
    by_supply = claimants(connection, shard, [(s.item, s.node, s.id) for s in moved])
    told = [(order, supply) for supply in moved for order in by_supply[supply.item, supply.node, supply.id] if order != but]
    at_hand = _taken_back(connection, shard, [(order, name) for order, supply in told for name in _names(supply)])
    rows = []
    for order, supply in told:
        event = SupplyMoved(at, supply.id, supply.item, supply.node, supply.due_on)
        names = _names(supply)
        last = max((place for place, name in enumerate(names) if (order, name) in at_hand), default=-1)
        rows.append(due_row(shard, order, names[min(last + 1, TOLD - 1)], event, at))
    run(connection, BEGIN_WAIT, sorted(rows))


def _names(supply: Supply) -> list[str]:
    """Under which orders are told of the supply, one behind the other."""
    rest = f"{supply.item}/{supply.node}/{supply.id}"
    return [f"slip{place or ''}/{rest}" for place in range(TOLD)]


def _taken_back(connection: Connection, shard: int, keys: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Takes back what orders have not been told of these yet; those that a worker has at hand."""
    there, at_hand = set[tuple[str, str]](), set[tuple[str, str]]()
    for orders in _parts(sorted({order for order, _ in keys})):
        there |= {(order, key) for order, key in connection.execute(_TOLD, {"shard": shard, "orders": orders})}
    for part in _parts(sorted(there & set(keys))):
        free = {(order, key) for order, key in connection.execute(_FREE, {"shard": shard, "keys": part})}
        run(connection, END_WAIT, [(shard, *key) for key in sorted(free)])
        at_hand |= set(part) - free
    return at_hand


def _parts(keys: Sequence[T]) -> Iterator[Sequence[T]]:
    """So few at a time that a statement can name them all."""
    for first in range(0, len(keys), 500):
        yield keys[first : first + 500]


def tell_of_goods_back(connection: Connection, shard: int, supplies: Iterable[Supply | None], at: datetime) -> None:
    """Wakes the returns that sent these supplies on, of which every unit is there now."""
    there = {each.id: each for each in supplies if each is not None and each.type == RETURNING and each.received == each.quantity}
    rows = []
    for body in connection.execute(_SENT_ON, {"shard": shard, "ids": sorted(there)}).scalars() if there else ():
        order = wire.load(body, SupplyOrder)
        data: dict[str, object] = {"supply": order.id, "item": order.item, "node": order.node}
        event = Happened(at, TRANSFER_RECEIVED, order.id.rpartition("-")[0], data)
        rows.append(due_row(shard, order.returns, f"{TRANSFER_RECEIVED}/{order.id}", event, at))
    run(connection, WAKE, rows)


def lost(effects: Iterable[Effect]) -> Iterator[Supply]:
    """Supplies that will not come any more, by what a turn has cancelled: nobody knows their day."""
    for effect in effects:
        if isinstance(effect, OrderSupply) and effect.order.cancelled:
            order = effect.order
            yield Supply(order.id, order.item, order.node, SUPPLY_TYPES[order.kind], order.quantity)


TRANSFER_RECEIVED = "transfer-received"  #: the event of a return

_r, _d, _s = tables.reservations.c, tables.due.c, tables.supply_orders.c
_SENT_ON = select(_s.body).where(_s.shard == bindparam("shard"), _s.id.in_(bindparam("ids", expanding=True)))
_items: BindParameter[str] = bindparam("items", expanding=True)
_CLAIMS = (
    select(_r.item, _r.node, _r.supply, _r.order_id, _r.quantity)
    .where(_r.shard == bindparam("shard"), _r.item.in_(_items), _r.quantity > 0)
    .order_by(_r.order_id, _r.line)
)
_this = select(_d.order_id, _d.key).where(_d.shard == bindparam("shard"))
_TOLD = _this.where(_d.order_id.in_(bindparam("orders", expanding=True)), _d.key >= "slip", _d.key < "sliq")
_FREE = (
    _this.where(tuple_(_d.order_id, _d.key).in_(bindparam("keys", expanding=True)))
    .order_by(_d.order_id, _d.key)
    .with_for_update(skip_locked=True, key_share=True)
)
