"""An accepted offer within a turn: granted at once, or when the role agrees that has to; void where it has come too late."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.dsl.program import CREDITED
from orderloom.engine.appeasements.appeasement import GRANTED, REJECTED, VOID, WAITING, Appeasement
from orderloom.engine.effects import KeepAppeasement, Record
from orderloom.engine.events import Appeased
from orderloom.engine.money import billing
from orderloom.engine.money.shares import Charge
from orderloom.engine.process.issues import open_issue
from orderloom.engine.state import ORDER
from orderloom.engine.turn import Turn
from orderloom.engine.views import cancelled

APPROVAL = "appeasement-approval"  #: the exception by which a role is asked to agree
APPROVE, REJECT = "approve", "reject"


def appeased(turn: Turn, event: Appeased) -> None:
    """The customer accepted an offer; what it was judged by is recorded with it."""
    asked = event.appeasement
    if asked.id in turn.state.appeasements:
        turn.note(ORDER, "late", f"{asked.id} again")
        return
    because = "; ".join(f"{name} {amount}" for name, amount in event.expected.items())
    inputs: dict[str, object] = {
        "return_cost": str(asked.return_cost),
        "reason": asked.reason,
        "role": asked.role,
        "by": asked.by,
    }
    inputs |= {"condition": asked.condition} if asked.condition else {}
    inputs |= {f"not {name}": "; ".join(reasons) for name, reasons in event.blocked.items()}
    inputs |= {f"or {name}": cost for name, cost in event.others.items()}
    turn.emit(Record("appeasement", asked.line, asked.offer, event.origin, f"a return would cost: {because}", inputs))
    if asked.approve is None:
        _grant(turn, asked)
        return
    cause = f"{_words(asked)}, {asked.reason}; asked by {asked.role} {asked.by}".rstrip()
    root = turn.state.instances[ORDER]
    issue = open_issue(turn, root, APPROVAL, (APPROVE, REJECT), cause, asked.approve, f"{turn.state.order.id}/{asked.id}")
    _keep(turn, replace(asked, status=WAITING, exception=issue.id))
    turn.note(ORDER, "appeasement", f"{_words(asked)} waits for {asked.approve} to agree")


def decided(turn: Turn, exception: str, option: str, by: str) -> None:
    """The role has said whether it agrees."""
    waiting = next((each for each in turn.state.appeasements.values() if each.exception == exception), None)
    if waiting is None or waiting.status != WAITING:
        return
    if option == APPROVE:
        _grant(turn, replace(waiting, decided_by=by))
    else:
        _keep(turn, replace(waiting, status=REJECTED, decided_by=by))
        turn.note(ORDER, "appeasement", f"{_words(waiting)} is rejected by {by}")


def _grant(turn: Turn, asked: Appeasement) -> None:
    """Gives what was offered: a credit memo of exactly these units, or a document of its own."""
    if (because := _too_late(turn, asked)) is not None:
        _keep(turn, replace(asked, status=VOID, because=because))
        turn.note(ORDER, "late", f"{_words(asked)}: {because}")
        return
    charges = (Charge(asked.line, asked.first, asked.quantity, asked.amount),)
    if asked.kind in CREDITED:
        billing.grant(turn, charges)
    else:
        billing.present(turn, asked.kind.replace(" ", "-"), asked.amount, charges=charges)
    _keep(turn, replace(asked, status=GRANTED))
    turn.note(ORDER, "appeasement", f"{_words(asked)} is granted; saves {asked.saving}")


def _too_late(turn: Turn, asked: Appeasement) -> str | None:
    """Why it cannot be granted any more: the units were given up or given back meanwhile."""
    state = turn.state
    line = next((line for line in state.order.lines if line.id == asked.line), None)
    if line is None or asked.first + asked.quantity > line.quantity - cancelled(line, state):
        return "the units are not of the order any more"
    left = billing.refundable(state, asked.line, asked.first, asked.quantity).amount
    if (asked.kind in CREDITED and asked.amount > left) or left <= 0:
        return f"only {left} is left to give back"
    return None


def _keep(turn: Turn, appeasement: Appeasement) -> None:
    turn.change(appeasements={**turn.state.appeasements, appeasement.id: appeasement})
    turn.emit(KeepAppeasement(turn.state.order.customer.id, appeasement))


def _words(asked: Appeasement) -> str:
    return f"{asked.id}: {asked.offer} of {asked.amount} for {asked.quantity} of line {asked.line}"
