"""Which process fits after a change: the decisions are asked anew, and whoever's answer differs begins in the new process."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.engine.effects import Record
from orderloom.engine.order import Order
from orderloom.engine.process.blocks import stopped
from orderloom.engine.sources import PROCESS_FOR_ORDER, PROCESS_FOR_UNIT, ask
from orderloom.engine.state import ORDER
from orderloom.engine.turn import Turn


def reselect(turn: Turn, before: Order) -> None:
    """Restarts the order, and units of work that have not shipped, where another process fits now."""
    if turn.state.order is before:
        return
    was = replace(turn, state=replace(turn.state, order=before), effects=[], queue=[])
    _restart(turn, was, ORDER, PROCESS_FOR_ORDER)
    for unit in list(turn.state.units.values()):
        if unit.id in turn.state.instances and not (unit.supply_order or unit.shipped or unit.released or unit.outcome):
            _restart(turn, was, unit.id, PROCESS_FOR_UNIT)


def _restart(turn: Turn, was: Turn, id: str, decision: str) -> None:
    unit = turn.state.units.get(id)
    old, new = ask(was, decision, unit), ask(turn, decision, unit)
    instance = turn.state.instances.get(id)
    unchanged = old.value == new.value or new.value not in turn.world.program.processes
    if instance is None or instance.ended is not None or unchanged or instance.process == new.value:
        return
    turn.emit(Record("process", unit.id if unit else ORDER, str(new.value), new.origin, inputs=new.inputs))
    turn.note(id, "restarted", str(new.value))
    stopped(turn, instance, "restarted")
    turn.start(id, str(new.value))
