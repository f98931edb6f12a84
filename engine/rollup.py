"""The order's status out of its lines and units of work, where a decision says it; else what its process says."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.engine.decisions import decide
from orderloom.engine.effects import Record
from orderloom.engine.state import ORDER
from orderloom.engine.turn import Turn
from orderloom.engine.views import order_view

STATUS_FOR_ORDER = "status-for-order"


def roll_up(turn: Turn) -> None:
    """Asks for the status after everything else of the turn; `order.status` is then what the process has said."""
    decision = turn.world.program.decisions.get(STATUS_FOR_ORDER)
    if decision is None or not turn.state.instances:
        return
    own = turn.state.own_status or turn.state.status
    as_said = replace(turn.state, status=own)
    view = order_view(turn.state.order, turn.world.catalog, turn.world.program.attributes, as_said)
    answer = decide(decision, {"now": turn.at, "today": turn.at.date(), "order": view, "unit": None, "node": None})
    status = answer.value if isinstance(answer.value, str) else own
    if status != turn.state.status:
        turn.emit(Record("status", ORDER, status, answer.origin, decision.title, answer.inputs))
        turn.note(ORDER, "status", status)
    if (status, "" if status == own else own) != (turn.state.status, turn.state.own_status):
        turn.change(status=status, own_status="" if status == own else own)
