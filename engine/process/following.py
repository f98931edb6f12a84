"""Finish-to-start: a unit of work begins when the lines that it follows are done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from orderloom.engine.state import ORDER, Instance, OrderState, Waiting
from orderloom.engine.turn import Turn
from orderloom.engine.unit import COMING_BACK, Unit

PREDECESSORS = "predecessors"  #: what an instance waits for that has not begun
FOLLOWERS_ENDED = "followers-ended"  #: the event of a unit whose followers have all ended
UNITS_ENDED = "units-ended"  #: the event of an order whose units of work have all ended


def start_unit(turn: Turn, unit: Unit, process: str) -> None:
    """Starts the process of a unit of work, or lets it stand before its first step until what it follows is done."""
    if all(done(turn.state, line) for line in unit.after):
        turn.start(unit.id, process)
        return
    first = turn.world.program.processes[process].first
    turn.put(Instance(unit.id, process, first, waiting=Waiting(PREDECESSORS)))
    turn.note(unit.id, "waits", f"for {', '.join(unit.after)}")


def done(state: OrderState, line: str) -> bool:
    """Whether something of the line was done, and nothing of it is still to be done."""
    units = list(_units_of(state, line))
    planned = any(part.line == line for shipment in state.planned for part in shipment.allocations)
    return bool(units) and not planned and all(unit.finished or unit.outcome is not None for unit in units)


def gone(state: OrderState, line: str) -> bool:
    """Whether the whole line was cancelled, so that nothing can follow it."""
    return state.cancelled.get(line, 0) == state.order.line(line).quantity


def ready(turn: Turn) -> Iterator[tuple[Instance, tuple[str, ...]]]:
    """The instances that may begin now, each with the lines that it should follow and that are cancelled."""
    for instance in turn.state.instances.values():
        if instance.waiting == Waiting(PREDECESSORS):
            after = turn.unit(instance).after
            lost = tuple(line for line in after if gone(turn.state, line))
            if all(line in lost or done(turn.state, line) for line in after):
                yield instance, lost


def followers(state: OrderState, unit: Unit) -> list[Unit]:
    """The units of work that follow a line of this one, and are not cancelled."""
    lines = {part.line for part in unit.lines if part.quantity}
    return [each for each in state.units.values() if lines & set(each.after) and not each.released]


def tells_a_state(event: str) -> bool:
    """Whether the event only tells what can be seen of the order, then and later."""
    return event in (UNITS_ENDED, FOLLOWERS_ENDED)


def holds_already(state: OrderState, root: str, event: str) -> bool:
    """Whether what such an event tells is the case, so that nobody would tell it to who comes to wait for it now."""
    if event == UNITS_ENDED and root == ORDER:
        return all_ended(state)
    unit = state.units.get(root) if event == FOLLOWERS_ENDED else None
    return unit is not None and all(each.outcome is not None for each in followers(state, unit))


def all_ended(state: OrderState) -> bool:
    """Whether all units of work have ended but those that bring goods back: the sale waits for none of these."""
    return all(unit.outcome is not None for unit in state.units.values() if unit.type not in COMING_BACK)


def freed(state: OrderState, ended: Unit) -> Iterator[Unit]:
    """The units that this one followed, and of which every follower has ended now."""
    for unit in state.units.values():
        followed = any(part.line in ended.after for part in unit.lines)
        if followed and all(each.outcome is not None for each in followers(state, unit)):
            yield unit


def arrivals(state: OrderState) -> dict[str, date]:
    """The last day on which units of each line come, of those that are planned or in units of work."""
    found: dict[str, date] = {}
    for shipment in state.planned:
        for part in shipment.allocations:
            found[part.line] = max(shipment.deliver_on, found.get(part.line, shipment.deliver_on))
    for unit in state.units.values():
        for line in {part.line for part in unit.lines if part.quantity and not unit.released}:
            found[line] = max(unit.deliver_on, found.get(line, unit.deliver_on))
    return found


def _units_of(state: OrderState, line: str) -> Iterator[Unit]:
    for unit in state.units.values():
        if not unit.released and any(part.line == line and part.quantity for part in unit.lines):
            yield unit
