"""Changes that stand: previewed, with what they need held for a while, or waiting for a role that has to agree."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from orderloom.dsl.program.changes import KEPT
from orderloom.engine.drafts import is_draft
from orderloom.engine.effects import ClearTimer, CloseException, Post, Record, SetTimer
from orderloom.engine.events import ModificationAsked
from orderloom.engine.ledger.stock import Entry
from orderloom.engine.modifications.modify import adopt, tried
from orderloom.engine.modifications.request import Difference, Pending
from orderloom.engine.process.holds import ask_rules
from orderloom.engine.process.issues import open_issue
from orderloom.engine.refused import Refused
from orderloom.engine.state import ORDER, OrderState
from orderloom.engine.turn import Turn
from orderloom.engine.words import acting

APPROVAL = "change-approval"  #: the exception by which a role is asked to agree to a change
APPROVE, REJECT = "approve", "reject"


def modification_asked(turn: Turn, event: ModificationAsked) -> None:
    """Carries a change out, keeps it as a preview, or asks the role that has to agree; refused, it is noted with the reason."""
    found = tried(turn, event.parts, event.role, event.by)
    words = f"{event.id}, asked by {acting(event.role, event.by) or 'somebody'}: {'; '.join(map(str, event.parts))}"
    if isinstance(found, Refused):
        turn.note(ORDER, "refused", f"{words}: {found.because}")
        return
    trial, difference = found
    if not event.preview and difference.approve is None:
        adopt(turn, trial)
        turn.note(ORDER, "changed", f"{words} ({difference})")
        ask_rules(turn, changed=True)
        return
    _keep(turn, event, trial, difference, words)


def _keep(turn: Turn, event: ModificationAsked, trial: Turn, difference: Difference, words: str) -> None:
    until = turn.at + max((each.keep for each in turn.world.program.changes.values()), default=KEPT)
    plans = tuple(effect.plan for effect in trial.effects if isinstance(effect, Record) and effect.plan is not None)
    held = () if is_draft(turn.state) else _needed(event.id, trial, until)
    pending = Pending(event.id, event.parts, event.role, event.by, difference, until, plans, held)
    turn.post(held)
    turn.emit(SetTimer(timer_of(turn.state.order.id, event.id), until))
    turn.note(ORDER, "previewed", f"{words} ({difference})")
    turn.change(modifications={**turn.state.modifications, event.id: pending})
    if not event.preview:
        _ask(turn, pending)


def _needed(id: str, trial: Turn, until: datetime) -> tuple[Entry, ...]:
    """What the change takes beyond what it gives back, to be reserved softly."""
    net: dict[tuple[object, ...], int] = {}
    for effect in trial.effects:
        if isinstance(effect, Post) and effect.entry.kind in ("reserve", "release"):
            e = effect.entry
            key = (e.item, e.node, e.supply, e.ship_on, e.resource)
            net[key] = net.get(key, 0) + (e.quantity if e.kind == "reserve" else -e.quantity)
    own = {e.entry.supply for e in trial.effects if isinstance(e, Post) and e.entry.kind == "expect"}
    order = trial.state.order.id
    return tuple(
        Entry("reserve", item, node, supply, quantity, order, f"~{id}", ship_on, resource=resource, expires_at=until)  # type: ignore[arg-type]
        for (item, node, supply, ship_on, resource), quantity in net.items()
        if quantity > 0 and supply not in own
    )


def _ask(turn: Turn, pending: Pending) -> None:
    """Puts the change into the queue of the role that has to agree."""
    role = pending.difference.approve
    assert role is not None, "what nobody has to agree to is carried out"
    cause = f"{'; '.join(map(str, pending.parts))} ({pending.difference})"
    root = turn.state.instances[ORDER]
    issue = open_issue(turn, root, APPROVAL, (APPROVE, REJECT), cause, role, f"{turn.state.order.id}/{pending.id}")
    waits = replace(pending, exception=issue.id)
    turn.change(modifications={**turn.state.modifications, pending.id: waits})


def confirmed(turn: Turn, id: str, by: str) -> None:
    """Carries a preview out, as it was worked out; where a role has to agree, it is asked now."""
    pending = turn.state.modifications.get(id)
    if pending is None or pending.exception is not None:
        turn.note(ORDER, "late", f"confirmation of {id} by {by}")
    elif pending.difference.approve is not None:
        _ask(turn, pending)
    else:
        _finish(turn, pending)


def approved(turn: Turn, exception: str, option: str) -> None:
    """The role has said whether it agrees."""
    pending = next((each for each in turn.state.modifications.values() if each.exception == exception), None)
    if pending is None:
        return
    if option == APPROVE:
        _finish(turn, pending, settle=False)
    else:
        forget(turn, pending, "rejected", settle=False)


def _finish(turn: Turn, pending: Pending, settle: bool = True) -> None:
    forget(turn, pending, "", settle)
    found = tried(turn, pending.parts, pending.role, pending.by, pending.plans)
    words = f"{pending.id}, asked by {acting(pending.role, pending.by) or 'somebody'}: {'; '.join(map(str, pending.parts))}"
    if isinstance(found, Refused):
        turn.note(ORDER, "refused", f"{words}: {found.because}")
        return
    trial, difference = found
    adopt(turn, trial)
    turn.note(ORDER, "changed", f"{words} ({difference})")
    ask_rules(turn, changed=True)


def forget(turn: Turn, pending: Pending, because: str, settle: bool = True) -> None:
    """Gives back what was held for a change; noted where it comes to nothing."""
    turn.emit(ClearTimer(timer_of(turn.state.order.id, pending.id)))
    turn.post(replace(entry, kind="release", expires_at=None) for entry in pending.held)
    turn.change(modifications={id: each for id, each in turn.state.modifications.items() if id != pending.id})
    if settle and pending.exception is not None and pending.exception in turn.state.exceptions:
        turn.change(exceptions={key: each for key, each in turn.state.exceptions.items() if key != pending.exception})
        turn.emit(CloseException(pending.exception, because or "confirmed"))
    if because:
        turn.note(ORDER, "lapsed", f"{pending.id}: {because}")


def lapse(turn: Turn, before: OrderState) -> None:
    """Forgets previews of what is not so any more."""
    for pending in list(turn.state.modifications.values()):
        if pending.id in before.modifications and _basis(turn.state) != _basis(before):
            forget(turn, pending, "the order has changed since")


def _basis(state: OrderState) -> object:
    units = {id: (unit.lines, unit.released, unit.shipped, unit.outcome) for id, unit in state.units.items()}
    return state.order, state.planned, state.cancelled, units, state.ended


def timer_of(order: str, id: str) -> str:
    """The key of the timer at which a preview expires."""
    return f"{order}/change/{id}"


def pending_of(state: OrderState, key: str) -> Pending | None:
    """The preview that a timer is about."""
    return next((each for each in state.modifications.values() if timer_of(state.order.id, each.id) == key), None)
