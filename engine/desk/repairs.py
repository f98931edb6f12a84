"""Repairs: asked for of a piece that was sold, and gone on with; refused at once with the reason, or put in for a worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.feel.types import Type
from orderloom.dsl.program import Ask, Event, Program, Wait
from orderloom.dsl.suggest import with_hint
from orderloom.engine.advance import advance
from orderloom.engine.desk.requests import requested
from orderloom.engine.desk.returns import order_of
from orderloom.engine.desk.standing import standing
from orderloom.engine.effects import Note
from orderloom.engine.events import Happened, Replied
from orderloom.engine.process.told import in_types, misfits
from orderloom.engine.refused import Refused
from orderloom.engine.returns.repairs import unrepairable
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.versions import versions
from orderloom.engine.state import Instance, OrderState
from orderloom.engine.store import Store
from orderloom.engine.task import lacks_role
from orderloom.engine.turn import Turn
from orderloom.engine.unit import REPAIR, Unit


class Opened(Struct, frozen=True):
    """A repair that is about to begin, or would: its unit of work, the event that starts it, and its status then."""

    id: str
    line: str
    item: str
    serial: str | None
    node: str
    event: str
    process: str
    status: str


class Told(Struct, frozen=True):
    """What was told of a repair: the reply to a request, or an event."""

    repair: str
    what: str
    to: str = ""


def ask_repair(
    store: Store, programs: Programs, order: str, asked: Happened, *, preview: bool = False, version: int | None = None
) -> Opened | Refused:
    """What comes of asking for a repair of a line, worked out as a worker will; unless it is a `preview`, it is put in.

    Without a name it is the event that starts repairs, where there is one.
    """
    found = standing(store, programs, order)
    if isinstance(found, Refused):
        return found
    event = _event(found.program, asked.name)
    if isinstance(event, Refused):
        return event if starters(found.program) else _of_its_version(store, order, found.program, event)
    asked = replace(asked, name=event.name, data=in_types(asked.data, event.fields))
    if refused := _unfit(found.program, asked, event.name, event.fields):
        return refused
    made = _begun(found.trial(store, asked.at, asked), event, asked)
    if isinstance(made, Refused) or preview:
        return made
    busy = f"a repair of line {asked.line} was asked"
    key = f"repair/{asked.line}/{made.serial or made.id}"
    return requested(store, programs, order, key, lambda p, s: asked, version or found.version, busy) or made


def starters(program: Program) -> list[Event]:
    """The events of a line by which a repair begins."""
    found = (event for event in program.events.values() if event.about == "line" and event.starts is not None and event.reported)
    return [event for event in found if event.starts and program.processes[event.starts.process].purpose == REPAIR]


def _event(program: Program, name: str) -> Event | Refused:
    there = {event.name: event for event in starters(program)}
    if not there:
        return Refused("no event of a line starts a repair: write one with `about: line` and `starts: { process: ... }`")
    if not name and len(there) > 1:
        return Refused(f"several events start a repair, say which: {', '.join(there)}")
    found = there.get(name) if name else next(iter(there.values()))
    return found or Refused(with_hint(f"no event {name} starts a repair", name, there))


def _of_its_version(store: Store, order: str, program: Program, none: Refused) -> Refused:
    """Why nothing starts a repair of an order that runs on an older version; what is in force may have what starts one."""
    on = next((each for each in versions(store) if each.digest == program.digest and not each.in_force), None)
    if on is None:
        return none
    return Refused(
        f"order {order} is on version {on.number}, which has no event of a line that starts a repair; one that runs is moved by "
        f"`orderloom migrate`, one that has ended stays there: take the piece back for another, or offer something in its place"
    )


def _unfit(program: Program, told: Happened | Replied, what: str, fields: Mapping[str, Type]) -> Refused | None:
    """Why this cannot be told, or not by him."""
    if because := lacks_role(told.by, told.role, program.people):
        return Refused(because)
    unknown = [with_hint(f"{what} has no field {name}", name, fields) for name in told.data if fields and name not in fields]
    wrong = "; ".join(unknown) or misfits(told.data, fields)
    return Refused(wrong) if wrong else None


def _begun(turn: Turn, event: Event, asked: Happened) -> Opened | Refused:
    """What a worker will make of it; the turn itself is only to try it on."""
    world, state, serial = turn.world, turn.state, asked.data.get("serial")
    if because := unrepairable(turn, str(asked.line), None if serial is None else str(serial)):
        return Refused(because)
    step = advance(world, state, asked)
    unit = next((each for id, each in step.state.units.items() if id not in state.units and each.type == REPAIR), None)
    if unit is None:
        notes = [effect.text for effect in step.effects if isinstance(effect, Note)]
        return Refused(f"event {event.name} starts no repair" + (f": {notes[-1]}" if notes else ""))
    instance, item = step.state.instances[unit.id], state.order.line(str(asked.line)).item
    return Opened(unit.id, str(asked.line), item, unit.serial, unit.node, event.name, instance.process, unit.status)


# --- going on ---------------------------------------------------------------------------------------------------------


def repair_of(state: OrderState, id: str) -> Unit | Refused:
    """The repair with this id."""
    there = [unit.id for unit in state.units.values() if unit.type == REPAIR]
    words = f"there is no repair {id}"
    none = f"{words}; nothing of order {state.order.id} was ever repaired"
    return state.units[id] if id in there else Refused(with_hint(words, id, there) if there else none)


def tell_repair(
    store: Store, programs: Programs, repair: str, at: datetime, reply: str | None = None,
    data: Mapping[str, object] | None = None, by: str = "", role: str = "",
) -> Told | Refused:  # fmt: skip
    """Answers the request for whose reply a repair waits; without a `reply` tells the event for which it waits."""
    found = standing(store, programs, order_of(repair))
    if isinstance(found, Refused):
        return Refused(f"there is no repair {repair}: {found.because}")
    told: list[Told] = []

    def answer(program: Program, state: OrderState) -> Happened | Replied | Refused:
        unit = repair_of(state, repair)
        if isinstance(unit, Refused):
            return unit
        made = _answer(program, state, unit, reply, dict(data or {}), (at, by, role))
        if isinstance(made, Refused):
            return made
        told.append(made[1])
        return made[0]

    busy = f"what becomes of repair {repair} was told"
    return requested(store, programs, order_of(repair), f"tell/{repair}", answer, found.version, busy) or told[0]


Who = tuple[datetime, str, str]  #: when something is told, by whom, in which role


def _answer(
    program: Program, state: OrderState, unit: Unit, reply: str | None, data: dict[str, object], who: Who
) -> tuple[Happened | Replied, Told] | Refused:
    at, by, role = who
    waits = awaited(program, state, unit)
    for instance, verb in waits:
        if reply is None and isinstance(verb, Wait):
            name = str(verb.event)
            fields = program.events[name].fields if name in program.events else {}
            event = Happened(at, name, unit.id, in_types(data, fields), by=by, role=role)
            return _unfit(program, event, name, fields) or (event, Told(unit.id, name))
        if reply is not None and isinstance(verb, Ask):
            message = program.roles[verb.role].receives[verb.message]
            if message.replies and reply not in message.replies:
                return Refused(with_hint(f"{reply} is no reply to {verb.message}", reply, message.replies))
            key = f"{state.order.id}/{instance.key}"
            answer = Replied(at, key, reply, in_types(data, message.fields), by, role)
            return _unfit(program, answer, verb.message, message.fields) or (answer, Told(unit.id, reply, verb.message))
    return Refused(f"repair {unit.id} {_for_what(unit, waits)}")


def awaited(program: Program, state: OrderState, unit: Unit) -> list[tuple[Instance, Ask | Wait]]:
    """What a repair waits for that somebody could tell: the replies to requests, and events."""
    found: list[tuple[Instance, Ask | Wait]] = []
    for instance in state.instances.values():
        kind = instance.waiting.kind if instance.waiting is not None else ""
        if instance.root == unit.id and instance.ended is None and kind in ("event", "reply"):
            verb = program.processes[instance.process].steps[instance.step].verb
            found += [(instance, verb)] if isinstance(verb, (Ask, Wait)) else []
    return found


def words(waits: list[tuple[Instance, Ask | Wait]]) -> str:
    """What it waits for, in words."""
    return " and ".join(
        f"{verb.event}" if isinstance(verb, Wait) else f"{verb.role} to answer {verb.message}" for _, verb in waits
    )


def _for_what(unit: Unit, waits: list[tuple[Instance, Ask | Wait]]) -> str:
    if unit.outcome is not None:
        return f"has ended as {unit.outcome}"
    return f"waits for {words(waits)}" if waits else f"waits for nothing that could be told: it is {unit.status}"
