"""The case that an offer is made for: units of a line, why they would come back, and who asks."""

from __future__ import annotations

from msgspec import Struct

from orderloom.engine.appeasements.appeasement import COUNTS
from orderloom.engine.money.billing import INVOICE, PAYMENT, refundable
from orderloom.engine.money.shares import charge
from orderloom.engine.refused import Refused
from orderloom.engine.state import OrderState
from orderloom.engine.turn import Turn
from orderloom.engine.views import cancelled


class Case(Struct, frozen=True):
    """What is asked of a line. Without a `quantity` it is about all that is left in a row, from `first` on or the first left.

    Without a `role` nobody's authority is asked for.
    """

    line: str
    reason: str
    condition: str = ""
    quantity: int | None = None
    first: int | None = None
    role: str = ""
    by: str = ""


def units_of(state: OrderState, case: Case) -> tuple[int, int] | Refused:
    """The units that the case is about, as where they begin and how many they are: some that nothing was granted for, if any."""
    line = next((each for each in state.order.lines if each.id == case.line and each.part_of is None), None)
    if line is None:
        there = ", ".join(each.id for each in state.order.lines if each.part_of is None)
        return Refused(f"order {state.order.id} has no line {case.line}; it has: {there}")
    last = line.quantity - cancelled(line, state)
    left = [refundable(state, line.id, unit, 1).amount > 0 for unit in range(last)]
    fresh = [is_left and not _granted(state, line.id, unit) for unit, is_left in enumerate(left)]
    for kept in (fresh, left):
        found = _run(kept, case)
        if found is not None:
            return found
    if not any(left):
        return Refused(_nothing(state, line.id))
    wanted = "those" if case.quantity is None else f"{case.quantity}"
    return Refused(f"line {line.id} has not {wanted} units in a row of which anything is left to give back")


def _nothing(state: OrderState, line: str) -> str:
    """Why there is nothing of a line to give back."""
    if any(each.kind in (INVOICE, PAYMENT) for each in state.documents):
        return f"nothing is left of what was paid of line {line} to give back"
    shipped = any(unit.shipped for unit in state.units.values())
    return f"nothing of order {state.order.id} is {'billed' if shipped else 'delivered'} or paid yet"


def _run(there: list[bool], case: Case) -> tuple[int, int] | None:
    """The first units in a row that are there."""
    starts = range(len(there)) if case.first is None else [case.first]
    for first in starts:
        rest = there[first:] if first >= 0 else []
        length = next((at for at, is_there in enumerate(rest) if not is_there), len(rest))
        if length and (case.quantity is None or 0 < case.quantity <= length):
            return first, case.quantity or length
    return None


def _granted(state: OrderState, line: str, unit: int) -> bool:
    return any(each.status in COUNTS and each.concerns(line, unit, 1) for each in state.appeasements.values())


def seen(turn: Turn, case: Case, first: int, quantity: int) -> dict[str, object]:
    """What the expressions of a policy see."""
    context, order = turn.context(), turn.state.order
    view = context["order"]
    lines = view["lines"] if isinstance(view, dict) else []
    line = next(each for each in lines if each["id"] == case.line)
    cost = charge(order.line(case.line), first, quantity, order.currency)
    return context | {
        "line": line,
        "item": line["item"],
        "reason": case.reason,
        "condition": case.condition or None,
        "quantity": quantity,
        "price": cost.price - cost.discount,
        "refund": refundable(turn.state, case.line, first, quantity).amount,
    }
