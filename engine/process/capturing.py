"""The first event of an order: its capture, or its draft."""

from __future__ import annotations

from orderloom.engine.drafts import hold, is_draft, submit
from orderloom.engine.errors import NoWayForward
from orderloom.engine.events import Captured, Drafted, ReturnAsked
from orderloom.engine.process.standstill import stand_still
from orderloom.engine.returns.asked import brought
from orderloom.engine.sources import PROCESS_FOR_ORDER, process_named_by
from orderloom.engine.state import ORDER, Instance
from orderloom.engine.turn import Turn


def captured(turn: Turn, event: Captured) -> None:
    """Starts the order's process, also where a draft is submitted; what is brought back without a sale begins as a return."""
    if turn.state.instances:
        turn.note(ORDER, "late", "captured again")
        return
    if event.returns is not None:
        brought(turn, ReturnAsked(event.at, event.returns, event.by, event.role))
        return
    if is_draft(turn.state):
        submit(turn, event.order)
    try:
        turn.start(ORDER, process_named_by(turn, PROCESS_FOR_ORDER))
    except NoWayForward as fault:
        stand_still(turn, turn.put(Instance(ORDER, "", "")), fault.because)


def drafted(turn: Turn, event: Drafted) -> None:
    """Holds what the draft would take."""
    if turn.state.instances:
        turn.note(ORDER, "late", "kept as a draft")
    else:
        hold(turn, event)
