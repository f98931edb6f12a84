"""What participants tell that does not fit its declared fields: it has no effect, and somebody is told, with the cause."""

from __future__ import annotations

from orderloom.engine.events import Happened
from orderloom.engine.process.blocks import settle
from orderloom.engine.process.issues import open_issue
from orderloom.engine.state import ORDER, Instance
from orderloom.engine.turn import Turn

WRONG_DATA = "wrong-data"  #: the type of the exception
ASK_AGAIN = "ask-again"  #: of a reply: the step is entered anew, and its request sent again
IGNORE = "ignore"  #: of an event
UNDERSTOOD = "over"  #: how it is settled by itself, once the instance goes on


def refuse_event(turn: Turn, event: Happened, wrong: str) -> None:
    """An event that does not fit its declaration."""
    subject = event.unit if event.unit is not None and event.unit in turn.state.instances else ORDER
    instance, id = turn.state.instances[subject], f"{turn.state.order.id}/event:{turn.state.sequence}"
    if instance.ended is not None:
        turn.note(subject, "late", f"event {event.name}: {wrong}")
        return
    open_issue(turn, instance, WRONG_DATA, (IGNORE,), f"event {event.name}: {wrong}", id=id)


def refuse_reply(turn: Turn, instance: Instance, reply: str, wrong: str) -> None:
    """A reply that does not fit the fields of its message: the request stays open, for a better one or for its clock."""
    id = f"{turn.key(instance)}/{WRONG_DATA}"
    if id in turn.state.exceptions:
        turn.note(instance.id, "late", f"reply {reply}: {wrong}")
    else:
        open_issue(turn, instance, WRONG_DATA, (ASK_AGAIN,), f"reply {reply}: {wrong}", id=id)


def understood(turn: Turn, instance: Instance) -> None:
    """Settles what was wrong with the replies to an instance that goes on."""
    issue = turn.state.exceptions.get(f"{turn.key(instance)}/{WRONG_DATA}")
    if issue is not None:
        settle(turn, issue, UNDERSTOOD)
