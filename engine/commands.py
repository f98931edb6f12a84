"""Requests that what has become of an order may refuse: each gives the fact that it causes, or why it is refused. Pure."""

from __future__ import annotations

from datetime import datetime

from orderloom.dsl.program import Program
from orderloom.dsl.suggest import hint_for
from orderloom.engine.drafts import is_draft
from orderloom.engine.events import Cancelled, HoldApplied, HoldResolved
from orderloom.engine.process.holds import hold_key, standing_holds
from orderloom.engine.process.points import points
from orderloom.engine.refused import Refused
from orderloom.engine.state import ORDER, OrderState, Passed
from orderloom.engine.task import lacks_role

SHIP = "ship"


def cancelled(state: OrderState, by: str, at: datetime, reason: str = "", agreed: bool = False) -> Cancelled | Refused:
    """Cancels the whole order; refused when it has ended, when anything of it left its node, and behind a point of no return.

    Behind a soft one it is cancelled only where its cost was `agreed`.
    """
    if state.ended:
        return Refused(f"order {state.order.id} has ended as {state.status}")
    if going := being_cancelled(state):
        return going
    shipped = sorted(unit.id for unit in state.units.values() if unit.shipped and not can_come_back(unit.id, state))
    if shipped:
        left = ", ".join(shipped)
        return Refused(f"order {state.order.id} cannot be cancelled: {left} left its node; take it back as a return")
    passed = points(state)
    if passed and (passed[0].hard or not agreed):
        return _behind(passed[0], state)
    return Cancelled(at, by, reason, agreed=agreed)


def being_cancelled(state: OrderState) -> Refused | None:
    """Refuses what comes while the order is being cancelled."""
    going = ORDER in state.undoing and state.undoing[ORDER].cancels
    return Refused(f"order {state.order.id} is being cancelled") if going else None


def hold_applied(program: Program, state: OrderState, asked: HoldApplied) -> HoldApplied | Refused:
    """Applies a hold by hand; refused to whom the hold does not name, and where it stands already."""
    hold = program.holds.get(asked.hold)
    if hold is None:
        return Refused(f"there is no hold {asked.hold}; {hint_for(asked.hold, program.holds) or 'none is defined'}")
    if asked.role not in hold.apply.by:
        return Refused(f"{asked.role} may not apply {asked.hold}; {_may(hold.apply.by)}")
    if because := lacks_role(asked.by, asked.role, program.people):
        return Refused(because)
    if hold.of_line is (asked.line is None) or (asked.line and all(line.id != asked.line for line in state.order.lines)):
        return Refused(f"{asked.hold} is for {'a line' if hold.of_line else 'the whole order'} of {state.order.id}")
    if state.ended or is_draft(state):
        return Refused(f"order {state.order.id} is {state.status}")
    if hold_key(asked.hold, asked.line) in standing_holds(state):
        return Refused(f"{asked.hold} stands already")
    return asked


def hold_resolved(program: Program, state: OrderState, asked: HoldResolved) -> HoldResolved | Refused:
    """Resolves a hold by hand; refused to whom the hold does not name, and where it does not stand."""
    standing = standing_holds(state)
    if hold_key(asked.hold, asked.line) not in standing:
        there = ", ".join(standing) or "none"
        return Refused(f"hold {hold_key(asked.hold, asked.line)} does not stand; of order {state.order.id} stand: {there}")
    hold = program.holds.get(asked.hold)
    if hold is not None and asked.role not in hold.resolve.by:
        return Refused(f"{asked.role} may not resolve {asked.hold}; {_may(hold.resolve.by)}")
    because = lacks_role(asked.by, asked.role, program.people)
    return Refused(because) if because else asked


def _may(roles: tuple[str, ...]) -> str:
    return f"who may: {', '.join(roles)}" if roles else "no role may"


def can_come_back(unit: str, state: OrderState) -> bool:
    """Whether the step that shipped the unit says how to undo that."""
    return any(done.action == SHIP and done.instance.partition("/")[0] == unit for done in state.done)


def _behind(passed: Passed, state: OrderState) -> Refused:
    who = "it" if passed.instance == ORDER else passed.instance
    words = f"order {state.order.id} cannot be cancelled: {who} is behind {passed.step}, from which there is no return"
    return Refused(words if passed.hard else f"{words} unless its cost is agreed to", soft=not passed.hard)
