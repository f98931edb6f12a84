"""Units of work of one order that go the same way become one, before their node has begun with them."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.dsl.program import Do
from orderloom.engine.blocks import end_children, settle
from orderloom.engine.effects import ClearTimer
from orderloom.engine.state import Instance
from orderloom.engine.turn import Turn, with_status
from orderloom.engine.unit import Unit

CONSOLIDATED = "consolidated"  #: the status and outcome of a unit of work that goes on in another one
ACTION = "consolidate"


def consolidate(turn: Turn, instance: Instance) -> str:
    """Takes the lines of such units into this one; every line keeps its quantity, and what is reserved for it."""
    unit = turn.put_unit(replace(turn.unit(instance), gathered=True))
    for other in [each for each in turn.state.units.values() if each.id != unit.id and _goes_along(turn, each, unit)]:
        unit = turn.put_unit(
            replace(
                unit,
                lines=(*unit.lines, *other.lines),
                release_at=max(unit.release_at, other.release_at),
                promised_on=min(unit.promised_on or unit.deliver_on, other.promised_on or other.deliver_on),
                cost=unit.cost + other.cost,
            )
        )
        turn.put_unit(replace(other, lines=tuple(replace(part, quantity=0) for part in other.lines)))
        turn.note(unit.id, CONSOLIDATED, f"with {other.id}")
        _ends(turn, other.id)
    return CONSOLIDATED


def _goes_along(turn: Turn, other: Unit, unit: Unit) -> bool:
    """Whether the other goes the same way on the same day, and has not come to where it would consolidate."""
    if other.gathered or other.shipped or other.released or other.outcome is not None or not other.quantity:
        return False
    return _way(other) == _way(unit) and _may_consolidate(turn, turn.state.instances[other.id])


def _way(unit: Unit) -> tuple[object, ...]:
    return unit.node, unit.type, unit.method, unit.service, unit.supply, unit.ship_on, unit.deliver_on, unit.after


def _may_consolidate(turn: Turn, instance: Instance) -> bool:
    process = turn.world.program.processes.get(instance.process)
    verbs = [step.verb for step in process.steps.values()] if process is not None else []
    return any(isinstance(verb, Do) and verb.action == ACTION for verb in verbs)


def _ends(turn: Turn, id: str) -> None:
    for issue in [each for each in turn.state.exceptions.values() if each.instance == id]:
        settle(turn, issue, CONSOLIDATED)
    end_children(turn, id)
    turn.queue[:] = [entry for entry in turn.queue if entry[0] != id]
    instance = turn.state.instances[id]
    if instance.waiting is not None:
        turn.emit(ClearTimer(turn.key(instance)))
    with_status(turn, instance, CONSOLIDATED)
    turn.put(replace(instance, ended=CONSOLIDATED, waiting=None))
    turn.put_unit(replace(turn.state.units[id], outcome=CONSOLIDATED))
    turn.note(id, "ended", CONSOLIDATED)
