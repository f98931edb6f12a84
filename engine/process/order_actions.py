"""The actions of an order's own process."""

from __future__ import annotations

from orderloom.engine.money import billing
from orderloom.engine.sources import open_quantities, source_open, start_planned, unfilled
from orderloom.engine.state import Instance
from orderloom.engine.turn import Turn


def check_order(turn: Turn, instance: Instance) -> str:
    """Complete when it has lines, every item is known, quantities are positive, and what is shipped has an address."""
    order = turn.state.order
    known = all(line.item in turn.world.catalog.items and line.quantity > 0 for line in order.lines)
    reachable = order.ship_to is not None or all(line.method != "ship" for line in order.lines)
    return "complete" if order.lines and known and reachable else "incomplete"


def source(turn: Turn, instance: Instance) -> str | None:
    """Plans, reserves and promises what is open; the plan's outcome names the way on."""
    if (turn.state.planned or turn.state.units) and not open_quantities(turn.state):
        return "sourced"  # by what the draft held, or before a change
    made = source_open(turn)
    return unfilled(turn, instance, made, made.outcome)


def start_units(turn: Turn, instance: Instance) -> str:
    """Starts a unit of work for every planned shipment."""
    start_planned(turn)
    return "started"


def take_payment(turn: Turn, instance: Instance) -> str:
    """Records that the total was paid at the node that sold, once."""
    billing.take_payment(turn)
    return "paid"
