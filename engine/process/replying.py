"""What comes of messages: their replies, and that they could not be delivered."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from orderloom.dsl.program import Message
from orderloom.engine.events import Replied, Undelivered
from orderloom.engine.money.claims import gone_back, not_delivered
from orderloom.engine.money.payments import granted
from orderloom.engine.process.attempts import again_later
from orderloom.engine.process.flow import leave
from orderloom.engine.process.given import keeper
from orderloom.engine.process.misunderstood import refuse_reply
from orderloom.engine.process.standstill import UNDELIVERABLE, stand_still
from orderloom.engine.process.told import misfits
from orderloom.engine.state import ORDER, Claim, Instance, visit_of
from orderloom.engine.turn import Turn


def replied(turn: Turn, event: Replied) -> None:
    """Goes the way of the reply at the step that waits for it; what tells of money is kept though nothing waits."""
    instance, claim = waiting_at(turn, event.key, "reply"), turn.state.claims.get(visit_of(event.key))
    if claim is not None and (instance is None or claim.document):
        _money_told(turn, event, claim)
    elif instance is None:
        turn.note(ORDER, "late", f"reply {event.reply} to {event.key}")
    elif event.reply not in _asked(turn, instance).replies:
        turn.note(instance.id, "late", f"unknown reply {event.reply}")
    elif wrong := misfits(event.data, _asked(turn, instance).fields):
        refuse_reply(turn, instance, event.reply, wrong)
    else:
        _keep_reply(turn, instance, event.data)
        granted(turn, event.key, event.reply, _asked(turn, instance).replies)
        leave(turn, turn.put(replace(instance, answer=event.data)), event.reply)


def _money_told(turn: Turn, event: Replied, claim: Claim) -> None:
    """An answer about money for which no step waits: to a refund, or a late one."""
    role = turn.world.program.roles.get(claim.role)
    message = role.receives.get(claim.message) if role else None
    replies = message.replies if message else ()
    if claim.document:
        gone_back(turn, visit_of(event.key), claim, event.reply, replies)
        return
    turn.note(ORDER, "late", f"reply {event.reply} to {event.key}")
    granted(turn, event.key, event.reply, replies, late=True)


def _keep_reply(turn: Turn, instance: Instance, data: dict[str, object]) -> None:
    """Keeps what is told with a reply for the expressions of its process; the last reply to a message counts whole."""
    fields, replies, at = _asked(turn, instance).fields, turn.state.replies, keeper(turn.state, instance.id)
    if fields:
        before = {name: value for name, value in replies.get(at, {}).items() if name not in fields}
        told = {name: data.get(name) for name in fields if at != instance.root or data.get(name) is not None}
        turn.change(replies={**replies, at: {**before, **told}})


def _asked(turn: Turn, instance: Instance) -> Message:
    verb: Any = turn.step(instance).verb
    return turn.world.program.roles[verb.role].receives[verb.message]


def undelivered(turn: Turn, event: Undelivered) -> None:
    """Tries the request again as its step says, else its instance stands still."""
    instance, claim = waiting_at(turn, event.key, "reply"), turn.state.claims.get(visit_of(event.key))
    if claim is not None and claim.document:
        not_delivered(turn, claim, event.because)
    elif instance is None:
        turn.note(ORDER, "late", f"message {event.key} was not delivered: {event.because}")
    elif not again_later(turn, instance):
        stand_still(turn, instance, f"the request could not be delivered: {event.because}", UNDELIVERABLE)


def waiting_at(turn: Turn, key: str, *kinds: str) -> Instance | None:
    """The instance whose present visit has this key and that waits for one of these."""
    visit = visit_of(key)
    instance = turn.state.instances.get(visit.rpartition(":")[0])
    if instance is None or instance.key != visit or instance.waiting is None or instance.waiting.kind not in kinds:
        return None
    return instance
