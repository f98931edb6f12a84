"""Drafts: orders that are not submitted yet. What a draft would take is reserved softly, until a moment.

What counts is when the customer submits: a draft submitted before its reservations expire keeps them, however late the worker is.
From the moment on nothing is kept: the timer gives everything back, and whoever submits then is planned anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace

from orderloom.engine.effects import ClearTimer, Record, SetTimer
from orderloom.engine.errors import NoWayForward
from orderloom.engine.events import Drafted
from orderloom.engine.ledger.stock import SHIPPING, Entry
from orderloom.engine.order import Order
from orderloom.engine.plan import PlannedShipment
from orderloom.engine.promises.versions import promise
from orderloom.engine.sources import CHOSEN_BY, MORE, open_quantities, planned, planned_entries, policy_of
from orderloom.engine.sourcing import Demand
from orderloom.engine.state import DRAFT, ORDER, Instance, OrderState
from orderloom.engine.turn import Turn, with_status


def is_draft(state: OrderState) -> bool:
    """Whether the order has yet to be submitted."""
    return state.status == DRAFT and not state.instances


def timer_of(order: str) -> str:
    """The key of the timer at which an order's soft reservations expire."""
    return f"{order}/draft"


def hold(turn: Turn, event: Drafted) -> None:
    """Takes a draft in, or another version of it: plans it, and reserves what is there until `expires_at`."""
    let_go(turn)
    turn.change(order=event.order)
    with_status(turn, Instance(ORDER, "", ""), DRAFT)
    try:
        _reserve(turn, event.expires_at)
    except NoWayForward as fault:
        turn.note(ORDER, "draft", f"nothing is held: {fault.because}")


def _reserve(turn: Turn, until: datetime) -> None:
    policy, answer = policy_of(turn)
    made = planned(turn, policy, Demand(turn.state.order, open_quantities(turn.state)))
    why = {**answer.inputs, CHOSEN_BY: answer.origin}
    turn.emit(Record("sourcing", "order", made.outcome, made.origin, policy.title, why, plan=made))
    shipments = tuple(shipment for shipment in made.shipments if _is_there(turn, shipment))
    if shipments and until > turn.at:
        turn.post(replace(entry, expires_at=until) for entry in planned_entries("reserve", turn, shipments))
        turn.change(planned=shipments, held_until=until)
        turn.emit(SetTimer(timer_of(turn.state.order.id), until))


def _is_there(turn: Turn, shipment: PlannedShipment) -> bool:
    """Whether it takes nothing that would have to be ordered first."""
    places = ((turn.stock.position(a.item, shipment.node), a.supply) for a in shipment.allocations if a.supply)
    return all(position is not None and position.supply(supply) is not None for position, supply in places)


def submit(turn: Turn, order: Order) -> None:
    """Makes an order of a draft: what is held for all of this order is its own now, else it is to be planned anew."""
    with_status(turn, Instance(ORDER, "", ""), "captured")
    held = turn.state.held_until is not None and turn.state.held_until > turn.at
    if not held or not order.same_as(turn.state.order) or open_quantities(turn.state):
        let_go(turn)
        turn.change(order=order)
        return
    turn.emit(ClearTimer(timer_of(order.id)))
    turn.post(_hardened(turn))
    turn.change(held_until=None)
    rules = turn.world.program.promising[policy_of(turn)[0].promising].slip
    promise(turn, (part.line for shipment in turn.state.planned for part in shipment.allocations), MORE, rules)


def _hardened(turn: Turn) -> Iterator[Entry]:
    for entry in planned_entries("reserve", turn, turn.state.planned):
        if entry.resource == SHIPPING:
            yield replace(entry, kind="harden", ship_on=None)


def expire(turn: Turn, at: datetime) -> None:
    """Gives back what the draft holds, once its time is over; the draft stays."""
    if turn.state.held_until is None or turn.state.held_until > at:
        turn.note(ORDER, "late", "the time of its soft reservations")
        return
    let_go(turn)
    turn.note(ORDER, "draft", "its soft reservations have expired")


def let_go(turn: Turn) -> None:
    """Gives back whatever the draft holds."""
    if turn.state.held_until is not None:
        turn.emit(ClearTimer(timer_of(turn.state.order.id)))
        turn.post(planned_entries("release", turn, turn.state.planned))
        turn.change(planned=(), held_until=None)
