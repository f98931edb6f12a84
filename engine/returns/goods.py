"""What came back, item by item, and what becomes of it: its place in the inventory ledger, and the disposition's answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from msgspec.structs import replace

from orderloom.dsl.program import Decision
from orderloom.engine.decisions import decide
from orderloom.engine.errors import NoWayForward
from orderloom.engine.ledger.stock import GOOD, ON_HAND, Entry, on_hand_id
from orderloom.engine.numbers import number
from orderloom.engine.order import Line
from orderloom.engine.returns.request import RETURNED, Goods
from orderloom.engine.returns.whose import not_granted
from orderloom.engine.state import OrderState
from orderloom.engine.supply_order import RETURNING, SupplyOrder
from orderloom.engine.turn import Turn
from orderloom.engine.views import View

STAY = ("restock", "repair", "vendor", "transfer")  #: what becomes of goods that are still there afterwards
#: X12 1292, where it knows the case.
X12 = {"vendor": "CR", "repair": "KR", "charity": "SC", "dispose": "DI"}
DAYS = 7  #: how long it takes to send something on, where the disposition does not say


def goods_of(state: OrderState, line: Line, quantity: int) -> tuple[Goods, ...]:
    """The items of so many units of a line: itself, or what it is made up of."""
    if line.bill is None:
        return (Goods(line.id, line.item, quantity),)
    parts = state.order.components(line.id)
    return tuple(Goods(part.id, part.item, quantity * part.quantity // line.quantity) for part in parts)


def moved_in(turn: Turn, node: str, goods: Iterable[Goods], sign: int = 1, stock_class: str = RETURNED) -> Iterator[Entry]:
    """Entries by which goods are at a node in a stock class, or are not any more."""
    for each in goods:
        id = on_hand_id(each.item, node, stock_class)
        kind = ON_HAND if sign > 0 else ""
        yield Entry(
            "adjust", each.item, node, id, sign * each.quantity, turn.state.order.id, each.line,
            supply_type=kind, stock_class=stock_class,
        )  # fmt: skip


def disposed(turn: Turn, decision: Decision, seen: View, goods: Goods, node: str) -> tuple[Goods, int]:
    """The goods with what the disposition says of them, and the days that it takes to send them on."""
    answer = decide(decision, seen)
    said = answer.value if isinstance(answer.value, dict) else {}
    step, to = str(said.get("next") or ""), str(said.get("node") or node)
    if not step:
        raise NoWayForward(f"decision {decision.name} does not say what becomes of {goods.item} ({answer.origin})")
    if to not in turn.world.catalog.nodes:
        raise NoWayForward(f"decision {decision.name} sends {goods.item} to {to}, which is no node ({answer.origin})")
    if to != node and (because := not_granted(turn, to)):
        raise NoWayForward(f"decision {decision.name} sends {goods.item} to another's node: {because} ({answer.origin})")
    stock_class = str(said.get("stock_class") or (GOOD if step in ("restock", "transfer") else RETURNED))
    days = number(said.get("days"), 0)
    code = str(said.get("code") or X12.get(step, ""))
    found = replace(goods, next=step, node=to, stock_class=stock_class, code=code, origin=answer.origin)
    return found, DAYS if days is None else int(days)


def transfer(turn: Turn, unit: str, number: int, source: str, goods: Goods, days: int) -> SupplyOrder:
    """The order by which goods are sent on to another node."""
    return SupplyOrder(
        id=f"{unit}-RT{number}",
        kind="transfer",
        item=goods.item,
        source=source,
        node=goods.node,
        quantity=goods.quantity,
        due_on=turn.at.date() + timedelta(days=days),
        made_at=turn.at,
        planned="",
        origin=goods.origin,
        supply=on_hand_id(goods.item, source, RETURNED),
        returns=turn.state.order.id,
    )


def expected(turn: Turn, order: SupplyOrder, stock_class: str) -> Entry:
    """The other node expects them; nobody is promised them before they are there."""
    return Entry(
        "expect", order.item, order.node, order.id, order.quantity, turn.state.order.id,
        supply_type=RETURNING, due_on=order.due_on, stock_class=stock_class,
    )  # fmt: skip


def arrived(turn: Turn, goods: Iterable[Goods]) -> Iterator[Entry]:
    """What was sent on and nobody has told of yet is there; whoever tells of it later confirms that."""
    for each in goods:
        position = turn.stock.position(each.item, each.node) if each.transfer else None
        supply = position.supply(each.transfer) if position else None
        more = min(each.quantity, supply.quantity - supply.received) if supply else 0
        if more:
            yield Entry("presume", each.item, each.node, each.transfer, more, turn.state.order.id, each.line)
