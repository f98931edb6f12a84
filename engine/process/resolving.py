"""Exceptions that are settled, by somebody or by themselves, and what comes of the option."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.engine.appeasements.grant import APPROVAL as APPEASEMENT_APPROVAL
from orderloom.engine.appeasements.grant import decided as appeasement_decided
from orderloom.engine.effects import ClearTimer
from orderloom.engine.events import Cancelled, Captured, Happened, Resolved
from orderloom.engine.modifications.pending import APPROVAL as CHANGE_APPROVAL
from orderloom.engine.modifications.pending import approved
from orderloom.engine.money.claims import decided as refund_decided
from orderloom.engine.monitoring.raising import is_of_alarm
from orderloom.engine.process.blocks import settle
from orderloom.engine.process.cancel_request import cancel_asked
from orderloom.engine.process.capturing import captured
from orderloom.engine.process.flow import leave
from orderloom.engine.process.issues import gone
from orderloom.engine.process.misunderstood import ASK_AGAIN, WRONG_DATA
from orderloom.engine.process.running import run
from orderloom.engine.process.standstill import NO_WAY_FORWARD, TRY_AGAIN, UNDELIVERABLE
from orderloom.engine.promises.remedies import CANCEL_ORDER, CUSTOMER_DECISION, decided
from orderloom.engine.state import ORDER, REFUND_FAILED, Instance, OpenIssue, OrderState
from orderloom.engine.supply.supplying import APPROVAL, answered
from orderloom.engine.turn import Turn
from orderloom.engine.words import acting


def resolved(turn: Turn, event: Resolved) -> None:
    """Takes the option that somebody chose, unless another has claimed the exception."""
    issue = turn.state.exceptions.get(event.exception)
    instance = turn.state.instances.get(issue.instance) if issue else None
    if issue is None or instance is None or event.option not in issue.options:
        turn.note(ORDER, "late", f"resolution {event.option} of {event.exception}")
        return
    who = acting(event.role, event.by)
    if issue.claimed_by not in (None, event.by):
        turn.note(ORDER, "late", f"{event.option} by {who}: {issue.claimed_by} has claimed {issue.id}")
        return
    turn.note(instance.id, "resolved", f"{event.option} by {who}" + (f": {event.note}" if event.note else ""))
    known = turn.state.returns.get(instance.root)
    if known is not None and event.condition is not None:
        turn.change(returns={**turn.state.returns, instance.root: replace(known, condition=event.condition)})
    _decided(turn, issue, instance, event.option, event.by)


def _decided(turn: Turn, issue: OpenIssue, instance: Instance, option: str, by: str = "") -> None:
    """Takes an option of an exception."""
    settle(turn, issue, option)
    if issue.type == CUSTOMER_DECISION and option == CANCEL_ORDER:
        cancel_asked(turn, Cancelled(turn.at, by))
    elif issue.type == CUSTOMER_DECISION:
        decided(turn, issue, option)
    elif is_of_alarm(turn.state.order.id, issue.id):
        pass  # nothing waits for it
    elif issue.type == WRONG_DATA:
        if option == ASK_AGAIN:
            turn.emit(ClearTimer(turn.key(instance)))
            turn.queue.append((instance.id, instance.step))
    elif issue.type == REFUND_FAILED:
        refund_decided(turn, issue, option)
    elif issue.type == CHANGE_APPROVAL:
        approved(turn, issue.id, option)
    elif issue.type == APPEASEMENT_APPROVAL:
        appeasement_decided(turn, issue.id, option, by)
    elif issue.type == APPROVAL:
        answered(turn, option)
        turn.queue.append((instance.id, instance.step))
    elif option != TRY_AGAIN or issue.type not in (NO_WAY_FORWARD, UNDELIVERABLE):
        leave(turn, instance, option)
    elif instance.process:
        turn.queue.append((instance.id, instance.step))
    else:
        turn.change(instances={})
        captured(turn, Captured(turn.at, turn.state.order))


def settle_gone(turn: Turn, before: OrderState, event: Happened | None = None) -> None:
    """Exceptions that were open before and whose cause has gone settle themselves, and their instances go on."""
    for issue, option, because in gone(turn, tuple(before.exceptions.values()), event):
        instance = turn.state.instances[issue.instance]
        turn.note(instance.id, "resolved", f"{option} by itself: {because}")
        _decided(turn, issue, instance, option)
        run(turn)
