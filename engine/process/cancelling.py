"""Ending instances as cancelled, and the whole order, once everything is undone that can be."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.engine.effects import ClearTimer
from orderloom.engine.money.billing import credit, give_back_rest
from orderloom.engine.process.blocks import settle_all
from orderloom.engine.process.following import PREDECESSORS
from orderloom.engine.process.undo import undo_everything
from orderloom.engine.process.unit_actions import release_stock
from orderloom.engine.sources import give_up_rest
from orderloom.engine.state import ORDER, Instance, Waiting
from orderloom.engine.turn import Turn, with_status


def cancel_all(turn: Turn, by: str, reason: str) -> None:
    """Ends every instance as cancelled, once everything is undone that can be; what has not begun is given back before."""
    turn.note(ORDER, "cancelled", f"by {by}" + (f": {reason}" if reason else ""))
    for instance in [each for each in turn.state.instances.values() if each.waiting == Waiting(PREDECESSORS)]:
        cancel(turn, instance)
    if not undo_everything(turn):
        all_cancelled(turn)


def all_cancelled(turn: Turn) -> None:
    """Reservations go back, and what was paid; timers and exceptions are closed."""
    settle_all(turn, turn.state.exceptions.values(), "cancelled")
    for instance in turn.state.instances.values():
        if instance.ended is None:
            cancel(turn, instance)
    give_up_rest(turn)
    give_back_rest(turn)


def cancel(turn: Turn, instance: Instance) -> None:
    """Ends an instance as cancelled; a unit of work gives back what is reserved for it, and its invoice counts no more."""
    if instance.waiting is not None:
        turn.emit(ClearTimer(turn.key(instance)))
    settle_all(turn, [issue for issue in turn.state.exceptions.values() if issue.instance == instance.id], "cancelled")
    turn.put(replace(instance, ended="cancelled", waiting=None))
    if instance.parent is not None:
        return
    with_status(turn, instance, "cancelled")
    if instance.id != ORDER:
        credit(turn, turn.unit(instance))
        release_stock(turn, instance)
        turn.put_unit(replace(turn.unit(instance), outcome="cancelled"))
