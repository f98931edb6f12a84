"""The core on one page: `advance(world, state, event) -> Step`, pure. Time enters only as `event.at`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.actions import CANCEL_REQUESTED
from orderloom.dsl.program import Message
from orderloom.engine.appeasements.grant import APPROVAL as APPEASEMENT_APPROVAL
from orderloom.engine.appeasements.grant import appeased
from orderloom.engine.appeasements.grant import decided as appeasement_decided
from orderloom.engine.attempts import again_later
from orderloom.engine.blocks import CHILDREN, settle
from orderloom.engine.claims import decided as refund_decided
from orderloom.engine.claims import gone_back, not_delivered
from orderloom.engine.commands import cancelled, hold_applied, hold_resolved
from orderloom.engine.divisions import belonging
from orderloom.engine.drafts import expire, hold, is_draft, let_go, submit, timer_of
from orderloom.engine.effects import ClearTimer, Effect
from orderloom.engine.errors import NoWayForward
from orderloom.engine.events import (
    Appeased,
    Cancelled,
    Captured,
    Claimed,
    Completed,
    Delegated,
    Drafted,
    Event,
    Happened,
    HoldApplied,
    HoldResolved,
    Migrated,
    MigratedBack,
    ModificationAsked,
    ModificationConfirmed,
    Raised,
    Released,
    Replied,
    Resolved,
    ReturnAsked,
    SupplyMoved,
    TimeReached,
    Undelivered,
)
from orderloom.engine.flow import (
    NO_WAY_FORWARD,
    TRY_AGAIN,
    UNDELIVERABLE,
    cancel_all,
    leave,
    reach,
    run,
    stand_still,
    time_out,
)
from orderloom.engine.given import keeper
from orderloom.engine.handlers import handler_of
from orderloom.engine.happenings import notice, taken
from orderloom.engine.holds import applied_by_hand, happened, is_timer, resolved_by_hand
from orderloom.engine.issues import gone
from orderloom.engine.ledger.stock import Stock
from orderloom.engine.migrated import migrated, migrated_back
from orderloom.engine.misunderstood import ASK_AGAIN, WRONG_DATA, refuse_reply
from orderloom.engine.modifications.modify import allowed
from orderloom.engine.modifications.pending import APPROVAL as CHANGE_APPROVAL
from orderloom.engine.modifications.pending import approved, confirmed, forget, lapse, modification_asked, pending_of
from orderloom.engine.monitoring.raising import is_of_alarm, raised
from orderloom.engine.monitoring.watch import is_watch, watch
from orderloom.engine.notifying import notify
from orderloom.engine.payments import granted
from orderloom.engine.people import claimed, completed, delegated, escalate, released, tidy, too_late
from orderloom.engine.promises.delays import DELAYED, delayed
from orderloom.engine.promises.remedies import CANCEL_ORDER, CUSTOMER_DECISION, decided
from orderloom.engine.promises.slips import supply_moved
from orderloom.engine.refused import Refused
from orderloom.engine.returns.asked import brought, return_asked
from orderloom.engine.rollup import roll_up
from orderloom.engine.sources import PROCESS_FOR_ORDER, process_named_by
from orderloom.engine.state import ORDER, REFUND_FAILED, Claim, Instance, OpenIssue, OrderState, Waiting, visit_of
from orderloom.engine.supply.supplying import APPROVAL, answered
from orderloom.engine.told import misfits
from orderloom.engine.turn import Turn
from orderloom.engine.undo import is_cancelling
from orderloom.engine.unsupplied import tell_unsupplied
from orderloom.engine.words import acting
from orderloom.engine.world import World

SUPPLY_MOVED = "supply-moved"


class Step(Struct, frozen=True):
    """What one event makes of an order: its new state, the effects, and the stock after the turn's entries.

    Every ledger entry is among the effects (`Post`) and already in `stock`.
    """

    state: OrderState
    effects: tuple[Effect, ...]
    stock: Stock


def advance(world: World, state: OrderState | None, event: Event) -> Step:
    """Applies a fact to an order; `state` is None for `Captured` alone.

    Runs every process of the order until it waits or has ended. Never refuses: a fact that no longer fits is noted.
    """
    if isinstance(event, (Captured, Drafted)):
        event = replace(event, order=belonging(event.order, world, event.at))
        state = state or OrderState(event.order, world.program.digest)
    assert state is not None, "the first event of an order is its capture or its draft"
    world = world.of(state.order.division)
    before = state if state.sequence else None
    turn = Turn(world, replace(state, sequence=state.sequence + 1), event.at, world.stock)
    _HANDLERS[type(event)](turn, event)
    if isinstance(event, Happened):
        _settle_gone(turn, state, event)
    _go_on(turn, state, before)
    if world.program.order_monitors:
        _watch(turn, state, before, event)
    if world.program.notifications:
        notify(turn, before, event)
    return Step(turn.state, tuple(turn.effects), turn.stock)


def _go_on(turn: Turn, state: OrderState, before: OrderState | None) -> None:
    """Lets everything come of what has happened, until all wait."""
    run(turn)
    tell_unsupplied(turn)
    notice(turn, before)
    _settle_gone(turn, state)
    lapse(turn, state)
    tidy(turn, state)
    roll_up(turn)


def _watch(turn: Turn, state: OrderState, before: OrderState | None, event: Event | None) -> None:
    """Lets monitors look at what has come of the event, and again at what comes of what they raise, which each raises once."""
    told = 0
    while True:
        seen, so_far = turn.state, len(turn.effects)
        if not watch(turn, before, event, told):
            return
        _go_on(turn, state, seen)
        before, event, told = seen, None, so_far


def _captured(turn: Turn, event: Captured) -> None:
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


def _drafted(turn: Turn, event: Drafted) -> None:
    if turn.state.instances:
        turn.note(ORDER, "late", "kept as a draft")
    else:
        hold(turn, event)


def _replied(turn: Turn, event: Replied) -> None:
    instance, claim = _at(turn, event.key, "reply"), turn.state.claims.get(visit_of(event.key))
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


def _happened(turn: Turn, event: Happened) -> None:
    happened(turn, event)
    if event.name == DELAYED:
        delayed(turn, event)
    else:
        taken(turn, event)


def _time_reached(turn: Turn, event: TimeReached) -> None:
    if event.key == timer_of(turn.state.order.id):
        expire(turn, event.at)
        return
    if is_timer(turn.state.order.id, event.key):
        return  # the rules of holds are asked in every turn
    if is_watch(turn.state.order.id, event.key):
        return  # monitors are asked in every turn
    if (pending := pending_of(turn.state, event.key)) is not None:
        forget(turn, pending, "its time is over")
        return
    if escalate(turn, event.key):
        return
    instance = _at(turn, event.key, "reply", "event", "time", CHILDREN, "task")
    if instance is not None and instance.waiting is not None and instance.waiting.kind == "task":
        too_late(turn, instance)
    elif instance is not None:
        time_out(turn, instance)


def _undelivered(turn: Turn, event: Undelivered) -> None:
    instance, claim = _at(turn, event.key, "reply"), turn.state.claims.get(visit_of(event.key))
    if claim is not None and claim.document:
        not_delivered(turn, claim, event.because)
    elif instance is None:
        turn.note(ORDER, "late", f"message {event.key} was not delivered: {event.because}")
    elif not again_later(turn, instance):
        stand_still(turn, instance, f"the request could not be delivered: {event.because}", UNDELIVERABLE)


def _resolved(turn: Turn, event: Resolved) -> None:
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
    _decided(turn, issue, instance, event.option, event.by)


def _decided(turn: Turn, issue: OpenIssue, instance: Instance, option: str, by: str = "") -> None:
    """Takes an option of an exception."""
    settle(turn, issue, option)
    if issue.type == CUSTOMER_DECISION and option == CANCEL_ORDER:
        _cancelled(turn, Cancelled(turn.at, by))
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
        _captured(turn, Captured(turn.at, turn.state.order))


def _settle_gone(turn: Turn, before: OrderState, event: Happened | None = None) -> None:
    """Exceptions that were open before and whose cause has gone settle themselves, and their instances go on."""
    for issue, option, because in gone(turn, tuple(before.exceptions.values()), event):
        instance = turn.state.instances[issue.instance]
        turn.note(instance.id, "resolved", f"{option} by itself: {because}")
        _decided(turn, issue, instance, option)
        run(turn)


def _cancelled(turn: Turn, event: Cancelled) -> None:
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


def _hold_applied(turn: Turn, event: HoldApplied) -> None:
    answer = hold_applied(turn.world.program, turn.state, event)
    if isinstance(answer, Refused):
        turn.note(ORDER, "late", f"hold {event.hold} by {event.role} {event.by}: {answer.because}")
    else:
        applied_by_hand(turn, answer)


def _hold_resolved(turn: Turn, event: HoldResolved) -> None:
    answer = hold_resolved(turn.world.program, turn.state, event)
    if isinstance(answer, Refused):
        turn.note(ORDER, "late", f"hold {event.hold} resolved by {event.role} {event.by}: {answer.because}")
    else:
        resolved_by_hand(turn, answer)


def _modification_confirmed(turn: Turn, event: ModificationConfirmed) -> None:
    confirmed(turn, event.id, event.by)


def _takes_up(turn: Turn, event: Happened) -> bool:
    """Whether the order's process itself says what is done where somebody asks to cancel the order."""
    instance = turn.state.instances.get(ORDER)
    if instance is None or not (instance.waiting == Waiting("event", event.name) or handler_of(turn, instance, event)):
        return False
    return reach(turn, ORDER, event)


def _supply_moved(turn: Turn, event: SupplyMoved) -> None:
    """An order that is being cancelled gets no other dates any more."""
    if is_cancelling(turn.state):
        turn.note(ORDER, "late", f"{event.supply} of {event.item} is due on another day")
        return
    supply_moved(turn, event)
    told: dict[str, object] = {
        "supply": event.supply,
        "item": event.item,
        "node": event.node,
        "due_on": str(event.due_on) if event.due_on else None,
    }
    reach(turn, ORDER, Happened(event.at, SUPPLY_MOVED, data=told))


def _at(turn: Turn, key: str, *kinds: str) -> Instance | None:
    """The instance whose present visit has this key and that waits for one of these."""
    visit = visit_of(key)
    instance = turn.state.instances.get(visit.rpartition(":")[0])
    if instance is None or instance.key != visit or instance.waiting is None or instance.waiting.kind not in kinds:
        return None
    return instance


_HANDLERS: dict[type[Event], Callable[[Turn, Any], None]] = {
    Captured: _captured,
    Drafted: _drafted,
    HoldApplied: _hold_applied,
    HoldResolved: _hold_resolved,
    ModificationAsked: modification_asked,
    ReturnAsked: return_asked,
    ModificationConfirmed: _modification_confirmed,
    Replied: _replied,
    Happened: _happened,
    TimeReached: _time_reached,
    Undelivered: _undelivered,
    Resolved: _resolved,
    Cancelled: _cancelled,
    SupplyMoved: _supply_moved,
    Claimed: claimed,
    Released: released,
    Delegated: delegated,
    Completed: completed,
    Migrated: migrated,
    MigratedBack: migrated_back,
    Raised: raised,
    Appeased: appeased,
}
