"""Somebody asks to cancel an order: it is refused, becomes a change, is for its process to say, or is done."""

from __future__ import annotations

from orderloom.dsl.actions import CANCEL_REQUESTED
from orderloom.engine.awaited import outcome_of
from orderloom.engine.commands import cancelled
from orderloom.engine.drafts import is_draft, let_go
from orderloom.engine.events import Cancelled, Happened
from orderloom.engine.modifications.modify import allowed
from orderloom.engine.modifications.pending import modification_asked
from orderloom.engine.process.cancelling import cancel_all
from orderloom.engine.process.flow import reach
from orderloom.engine.process.handlers import handler_of
from orderloom.engine.refused import Refused
from orderloom.engine.state import ORDER, Instance
from orderloom.engine.turn import Turn
from orderloom.engine.words import acting


def cancel_asked(turn: Turn, event: Cancelled) -> None:
    """Does what is to be done of the request, by the tables of changes and the order's process."""
    answer = cancelled(turn.state, event.by, event.at, event.reason, event.agreed)
    said = answer if isinstance(answer, Refused) else allowed(turn, event)
    if isinstance(said, Refused):
        turn.note(ORDER, "late", f"cancelled by {acting(event.role, event.by)}: {said.because}")
    elif said is not None:
        modification_asked(turn, said)
    else:
        if is_draft(turn.state):
            let_go(turn)
            turn.put(Instance(ORDER, "", ""))
        elif _takes_up(turn, Happened(event.at, CANCEL_REQUESTED, data={"by": event.by, "reason": event.reason})):
            return
        cancel_all(turn, event.by, event.reason)


def _takes_up(turn: Turn, event: Happened) -> bool:
    """Whether the order's process itself says what is done where somebody asks to cancel the order."""
    instance = turn.state.instances.get(ORDER)
    if instance is None or not (outcome_of(turn, instance, event.name) is not None or handler_of(turn, instance, event)):
        return False
    return reach(turn, ORDER, event)
