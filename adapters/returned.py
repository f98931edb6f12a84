"""What has come back, of all orders: how much, what was given for it, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec
from msgspec import Struct

from orderloom.adapters.states import states_with
from orderloom.engine.desk.explained import seen_return
from orderloom.engine.desk.gate import Gate
from orderloom.engine.desk.returns import known_return, order_of
from orderloom.engine.money.billing import paid_and_refunded
from orderloom.engine.money.shares import ZERO
from orderloom.engine.refused import Refused
from orderloom.engine.seen import Seen
from orderloom.engine.state import OrderState
from orderloom.engine.store import Store

_WITH_RETURNS = '%"returns":{%'  #: how a state is stored that has any


class Came(Struct):
    """Returns that came to the same: `next` is what became of the goods, else how far they have come."""

    next: str
    returns: int = 0
    units: int = 0
    refund: Decimal = ZERO
    kept: Decimal = ZERO


class Line(Struct, frozen=True):
    """A return of an order, as a list shows it."""

    id: str
    order: str
    line: str
    quantity: int
    reason: str
    condition: str
    way: str
    node: str
    status: str
    received: int
    refund: Decimal
    fees: Decimal
    next: str
    to: str


class Report(Struct, frozen=True):
    """All returns by what became of them; `paid` for the orders with returns, and those that got back more than that."""

    by_next: tuple[Came, ...]
    paid: Decimal
    refunds: Decimal
    more_than_paid: tuple[str, ...]


def report(store: Store) -> Report:
    """What has come back."""
    found: dict[str, Came] = {}
    paid, refunds, more = ZERO, ZERO, list[str]()
    for state in states(store):
        for line in lines(state):
            came = found.setdefault(line.next or line.status, Came(line.next or line.status))
            came.returns += 1
            came.units += line.received
            came.refund += line.refund
            came.kept += line.fees
        got, back = paid_and_refunded(state)
        paid, refunds = paid + got, refunds + back
        more += [state.order.id] if back > got else []
    return Report(tuple(sorted(found.values(), key=lambda came: -came.returns)), paid, refunds, tuple(more))


def lines(state: OrderState) -> Iterator[Line]:
    """The returns of an order."""
    for id, each in state.returns.items():
        goods = each.goods[0] if each.goods else None
        asked = each.request
        yield Line(
            id,
            state.order.id,
            asked.line,
            asked.quantity,
            asked.reason,
            each.condition or asked.condition or "",
            each.way,
            each.node,
            state.units[id].status,
            each.received or 0,
            each.credit,
            sum(each.fees.values(), ZERO),
            goods.next if goods else "",
            goods.node if goods else "",
        )


def one(store: Store, id: str) -> tuple[OrderState, Line] | Refused:
    """A return by its id, with the state of its order."""
    state = next(states(store, order_of(id)), None)
    if state is None:
        none = f"order {order_of(id)} has none, and what was asked just now waits for a worker (`orderloom work`)"
        return Refused(f"there is no return {id}: {none}")
    known = known_return(state, id)
    return known if isinstance(known, Refused) else (state, next(line for line in lines(state) if line.id == id))


def seen_lines(state: OrderState, gate: Gate) -> Iterator[Seen]:
    """What somebody sees of the returns of an order."""
    looked = gate.look(state)
    for line in lines(state) if looked is not None else ():
        item = {"item": state.order.line(line.line).item}
        told = {name: value for name, value in {**item, **msgspec.structs.asdict(line)}.items() if value != ""}
        if looked is not None and (seen := seen_return(looked, line.id, told)) is not None:
            yield seen


def seen_one(state: OrderState, id: str, gate: Gate) -> Seen | Refused:
    """What somebody sees of a return; one of units of work that he does not see is not there for him."""
    nothing = Refused(f"there is no return {id} that {gate.who.role} of {gate.who.organization} may see")
    return next((seen for seen in seen_lines(state, gate) if seen["return"] == id), nothing)


def as_told(state: OrderState, id: str) -> dict[str, object]:
    """A return of the order as a program reads it."""
    known, unit = state.returns[id], state.units[id]
    about = {"return": id, "order": state.order.id, "item": state.order.line(known.request.line).item}
    own = [each for each in state.documents if each.unit == id]
    return about | {"status": unit.status, "outcome": unit.outcome, "asked": known, "documents": own}


def states(store: Store, order: str | None = None) -> Iterator[OrderState]:
    """The orders with returns, by id."""
    return states_with(store, _WITH_RETURNS, order)
