"""Units of work of one order that go the same way become one, before their node has begun with them."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.dsl.program import Choose, Do, Step
from orderloom.engine.process.blocks import CHILDREN, end
from orderloom.engine.state import Instance
from orderloom.engine.turn import Turn, with_status
from orderloom.engine.unit import Unit

CONSOLIDATED = "consolidated"  #: the status and outcome of a unit of work that goes on in another one
ACTION = "consolidate"
_AT_WORK = ("reply", "task", CHILDREN, "undo")  #: what an instance waits for while somebody does something for it


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
    """Whether the other goes the same way on the same day, and its node has not begun with it."""
    if other.gathered or other.shipped or other.released or other.outcome is not None or not other.quantity:
        return False
    return _way(other) == _way(unit) and _has_not_begun(turn, turn.state.instances[other.id])


def _way(unit: Unit) -> tuple[object, ...]:
    return unit.node, unit.type, unit.method, unit.service, unit.supply, unit.ship_on, unit.deliver_on, unit.after


def _has_not_begun(turn: Turn, instance: Instance) -> bool:
    """Whether nobody is at work for it, and its own `consolidate` is still ahead on the main way; any way of a `choose` is one.

    A process has `consolidate` where its node begins: who has gone round it, or has been there, is behind that.
    """
    process = turn.world.program.processes.get(instance.process)
    if process is None or (instance.waiting is not None and instance.waiting.kind in _AT_WORK):
        return False
    ahead = [dict(turn.queue).get(instance.id, instance.step)]
    for name in ahead:  # it grows meanwhile
        step = process.steps.get(name)
        if step is not None and isinstance(step.verb, Do) and step.verb.action == ACTION:
            return True
        ahead += [each for each in _on(step) if each not in ahead]
    return False


def _on(step: Step | None) -> list[str]:
    if step is None:
        return []
    if isinstance(step.verb, Choose):
        return [way.next for way in step.verb.ways]
    return [step.next] if step.next is not None else []


def _ends(turn: Turn, id: str) -> None:
    with_status(turn, end(turn, id, CONSOLIDATED), CONSOLIDATED)
    turn.put_unit(replace(turn.state.units[id], outcome=CONSOLIDATED))
