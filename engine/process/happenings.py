"""Declared events: whom they reach, what comes of them, what they start, and which changes of an order are events.

What is reported of an order is `taken`: an event that fits its declaration reaches every process that waits for it or handles it,
applies and resolves the holds that name it, starts the process that it names, and becomes the events that come of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from orderloom.dsl.program import Event
from orderloom.engine.effects import Record
from orderloom.engine.events import Happened
from orderloom.engine.ledger.stock import ON_HAND
from orderloom.engine.process.concerns import concerned, concerns
from orderloom.engine.process.flow import reach
from orderloom.engine.process.handlers import start_beside
from orderloom.engine.process.holds import happened
from orderloom.engine.process.misunderstood import refuse_event
from orderloom.engine.process.running import run
from orderloom.engine.process.told import event_view, misfits
from orderloom.engine.process.undo import is_cancelling
from orderloom.engine.returns.repairs import unrepairable
from orderloom.engine.state import ORDER, OrderState
from orderloom.engine.turn import Turn
from orderloom.engine.unit import REPAIR, Unit
from orderloom.engine.views import View, line_view

AFTER_THE_SALE = ("return", "repair")  #: what is started though the order has ended


def taken(turn: Turn, event: Happened) -> None:
    """Takes an event in that a participant reports."""
    declared = turn.world.program.events.get(event.name)
    if declared is None:
        held = happened(turn, event)
        if not reach(turn, event.unit or ORDER, event) and not held:
            turn.note(event.unit or ORDER, "late", f"event {event.name}")
    elif wrong := misfits(event.data, declared.fields):
        refuse_event(turn, event, wrong)
    elif declared.about == "unit" and event.unit not in turn.state.units:
        turn.note(ORDER, "late", f"event {event.name} of unit {event.unit}, which there is not")
    elif event.if_concerned and not concerns(turn.world, turn.state, event):
        turn.note(ORDER, "late", f"event {event.name} does not concern it")
    else:
        _occur(turn, declared, event)


def _occur(turn: Turn, declared: Event, event: Happened) -> bool:
    """Lets an event happen; whether anything came of it. One that nobody waits for and of which nothing comes is late."""
    context = _about(turn, event)
    came = [happened(turn, event)]
    came += [reach(turn, instance, event) for instance in concerned(turn.world, turn.state, declared, event)]
    came.append(_starts(turn, declared, event, context))
    for other in turn.world.program.events.values():
        if other.source == declared.name and (other.when is None or other.when(context) is True):
            turn.note(event.unit or ORDER, "event", f"{other.name}, of {declared.name}")
            came.append(_occur(turn, other, replace(event, name=other.name)))
    if not any(came):
        turn.note(event.unit or ORDER, "late", f"event {event.name}")
    return any(came)


# --- what its conditions see ------------------------------------------------------------------------------------------


def _about(turn: Turn, event: Happened) -> View:
    """What the conditions of an event see."""
    context = turn.context(event.unit or ORDER) | {"event": event_view(event, turn.world.program)}
    if event.line is not None:
        lines = [line for line in turn.state.order.lines if line.id == event.line]
        program = turn.world.program
        view = line_view(lines[0], turn.world.catalog, program.attributes, turn.state) if lines else {}
        context |= {"line": view, "item": view.get("item")}
    if event.node is not None:
        context["node"] = turn.world.catalog.node_views.get(event.node)
    return context | {"participant": event.participant}


# --- what it starts --------------------------------------------------------------------------------------------------


def _starts(turn: Turn, declared: Event, event: Happened, context: View) -> bool:
    """Starts the process that the event names, where its condition holds and the order has not ended."""
    starts = declared.starts
    if (
        starts is None
        or (turn.state.ended and turn.world.program.processes[starts.process].purpose not in AFTER_THE_SALE)
        or is_cancelling(turn.state)
        or (starts.when is not None and starts.when(context) is not True)
    ):
        return False
    process, why = turn.world.program.processes[starts.process], f"event {declared.name}"
    if process.purpose == "order":
        start_beside(turn, ORDER, declared.name, process.name, process.first, event)
        return True
    node = starts.node(context) if starts.node is not None else context["node"] and context["node"]["id"]  # type: ignore[index]
    if node not in turn.world.catalog.nodes:
        turn.note(ORDER, "late", f"{why} starts no unit of work: there is no node {node}")
        return False
    unit = _unit(turn, str(node), process.purpose, event)
    if unit.type == REPAIR and event.line is not None and (because := unrepairable(turn, event.line, unit.serial)):
        turn.note(ORDER, "refused", f"{why} starts no repair: {because}")
        return False
    turn.put_unit(unit)
    turn.emit(Record("process", unit.id, process.name, str(declared.origin), why))
    turn.start(unit.id, process.name)
    turn.put(replace(turn.state.instances[unit.id], event=event))
    return True


def _unit(turn: Turn, node: str, purpose: str, event: Happened) -> Unit:
    """A unit of work without lines, which is not moved anywhere; of an event about a line it is for that and its `serial`."""
    today = turn.at.date()
    id = f"{turn.state.order.id}-{len(turn.state.units) + 1}"
    return Unit(
        id,
        node,
        purpose,
        "",
        ON_HAND,
        (),
        turn.at,
        today,
        today,
        type=purpose,
        for_line=event.line,
        serial=_text(event.data.get("serial")),
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


# --- changes that are events -----------------------------------------------------------------------------------------

Mark = tuple[str, str | None, str | None]  #: an event with the unit or the line to which it happens


def notice(turn: Turn, before: OrderState | None) -> None:
    """Lets happen what the turn's changes are, by the conditions that hold now and did not before; each once a turn."""
    declared = [event for event in turn.world.program.events.values() if event.source is None and event.when is not None]
    if not declared:
        return
    held = set(_holding(_as_of(turn, before), declared)) if before is not None else set[Mark]()
    noticed = set[Mark]()
    while new := [mark for mark in _holding(turn, declared) if mark not in held | noticed]:
        held = set(_holding(turn, declared))
        for name, unit, line in new:
            noticed.add((name, unit, line))
            turn.note(unit or ORDER, "event", name)
            _occur(turn, turn.world.program.events[name], Happened(turn.at, name, unit, line=line))
        run(turn)


def _as_of(turn: Turn, state: OrderState) -> Turn:
    return Turn(turn.world, state, turn.at, turn.stock)


def _holding(turn: Turn, declared: list[Event]) -> Iterator[Mark]:
    for event in declared:
        assert event.when is not None, "chosen by it"
        for unit, line in _subjects(turn, event):
            fact = Happened(turn.at, event.name, unit, line=line)
            if event.when(_about(turn, fact)) is True:
                yield event.name, unit, line


def _subjects(turn: Turn, event: Event) -> list[tuple[str | None, str | None]]:
    match event.about:
        case "unit":
            return [(unit, None) for unit in turn.state.units]
        case "line":
            return [(None, line.id) for line in turn.state.order.lines]
        case _:
            return [(None, None)]
