"""Handlers: what a process does about an event that comes at any time, instead of what it waits for or beside it."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.dsl.program import Handler
from orderloom.engine.events import Happened
from orderloom.engine.process.blocks import BESIDE, start_child, stopped, tree, whole_of
from orderloom.engine.process.told import event_view
from orderloom.engine.state import Instance
from orderloom.engine.turn import Turn


def handled(turn: Turn, root: str, event: Happened) -> bool:
    """Lets the first handler take the event up that is for it: of a process that is run before that which runs it."""
    whole = [each for each in tree(turn, root) if whole_of(turn, each).id == each.id]
    for instance in sorted(whole, key=lambda each: -each.id.count("/")):
        handler = handler_of(turn, instance, event)
        if handler is not None:
            _take_up(turn, instance, handler, event)
            return True
    return False


def handler_of(turn: Turn, instance: Instance, event: Happened) -> Handler | None:
    """The first handler of the instance's process that is for the event, as things stand."""
    process = turn.world.program.processes.get(instance.process)
    fitting = [each for each in (process.handlers if process else ()) if each.event == event.name]
    context = {**turn.context(instance.id), "event": event_view(event, turn.world.program)} if fitting else {}
    return next((each for each in fitting if each.when is None or each.when(context) is True), None)


def _take_up(turn: Turn, instance: Instance, handler: Handler, event: Happened) -> None:
    turn.note(instance.id, "event", event.name)
    if handler.beside:
        start_beside(turn, instance.id, event.name, instance.process, handler.first, event)
        return
    turn.put(replace(stopped(turn, instance, f"event {event.name}", beside=False), event=event))
    turn.queue.append((instance.id, handler.first))


def start_beside(turn: Turn, parent: str, name: str, process: str, first: str, event: Happened | None) -> None:
    """Starts a part that its parent does not wait for."""
    child = start_part(turn, parent, f"{BESIDE}{name}", process, first)
    turn.put(replace(child, event=event))


def start_part(turn: Turn, parent: str, name: str, process: str, first: str) -> Instance:
    """Starts another part of this name."""
    count = sum(id.startswith(f"{parent}/{name}.") for id in turn.state.instances)
    return start_child(turn, turn.state.instances[parent], f"{name}.{count + 1}", process, first)
