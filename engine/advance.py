"""The core on one page: `advance(world, state, event) -> Step`, pure. Time enters only as `event.at`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from orderloom.engine.appeasements.grant import appeased
from orderloom.engine.commands import hold_applied, hold_resolved
from orderloom.engine.divisions import belonging
from orderloom.engine.drafts import expire, timer_of
from orderloom.engine.effects import Effect
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
from orderloom.engine.ledger.stock import Stock
from orderloom.engine.migrated import migrated, migrated_back
from orderloom.engine.modifications.pending import confirmed, forget, lapse, modification_asked, pending_of
from orderloom.engine.monitoring.raising import raised
from orderloom.engine.monitoring.watch import is_watch, watch
from orderloom.engine.notifying import notify
from orderloom.engine.process.blocks import CHILDREN
from orderloom.engine.process.cancel_request import cancel_asked
from orderloom.engine.process.capturing import captured, drafted
from orderloom.engine.process.flow import reach
from orderloom.engine.process.happenings import notice, taken
from orderloom.engine.process.holds import applied_by_hand, happened, is_timer, resolved_by_hand
from orderloom.engine.process.people import claimed, completed, delegated, escalate, released, tidy
from orderloom.engine.process.replying import replied, undelivered, waiting_at
from orderloom.engine.process.resolving import resolved, settle_gone
from orderloom.engine.process.running import run, time_out
from orderloom.engine.process.timed import is_clock, strike_handler, strike_step
from orderloom.engine.process.undo import is_cancelling
from orderloom.engine.promises.delays import DELAYED, delayed
from orderloom.engine.promises.slips import supply_moved
from orderloom.engine.refused import Refused
from orderloom.engine.returns.asked import return_asked
from orderloom.engine.rollup import roll_up
from orderloom.engine.state import ORDER, OrderState
from orderloom.engine.turn import Turn
from orderloom.engine.unsupplied import tell_unsupplied
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
        settle_gone(turn, state, event)
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
    settle_gone(turn, state)
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


def _happened(turn: Turn, event: Happened) -> None:
    if event.name == DELAYED:
        happened(turn, event)
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
    if is_clock(turn.state.order.id, event.key):
        strike_handler(turn, event.key)
        return
    if (pending := pending_of(turn.state, event.key)) is not None:
        forget(turn, pending, "its time is over")
        return
    if escalate(turn, event.key):
        return
    instance = waiting_at(turn, event.key, "reply", "event", "time", CHILDREN, "task")
    if instance is not None and not strike_step(turn, instance):
        time_out(turn, instance)


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


_HANDLERS: dict[type[Event], Callable[[Turn, Any], None]] = {
    Captured: captured,
    Drafted: drafted,
    HoldApplied: _hold_applied,
    HoldResolved: _hold_resolved,
    ModificationAsked: modification_asked,
    ReturnAsked: return_asked,
    ModificationConfirmed: _modification_confirmed,
    Replied: replied,
    Happened: _happened,
    TimeReached: _time_reached,
    Undelivered: undelivered,
    Resolved: resolved,
    Cancelled: cancel_asked,
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
