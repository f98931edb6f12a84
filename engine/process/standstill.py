"""Instances that have no way forward: each an exception, to be tried again."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.engine.effects import ClearTimer
from orderloom.engine.process.issues import open_issue
from orderloom.engine.state import Instance, Waiting
from orderloom.engine.turn import Turn

TRY_AGAIN = "try-again"  #: the one option of an exception that the engine itself raises: enter the step anew
NO_WAY_FORWARD, UNDELIVERABLE = "no-way-forward", "undeliverable"  #: the types of such exceptions


def stand_still(turn: Turn, instance: Instance, because: str, type: str = NO_WAY_FORWARD) -> None:
    """Puts an instance that has no way forward into the queue of operations, to be tried again."""
    if instance.waiting is not None:
        turn.emit(ClearTimer(turn.key(instance)))  # time has no say in what a person decides
    issue = open_issue(turn, instance, type, (TRY_AGAIN,), because)
    turn.put(replace(instance, waiting=Waiting("exception", issue.id)))
