"""Handlers on time: what a process does once it has run for so long, or at a moment, wherever it stands then.

They are asked in every turn: so a moment that moves is followed, and an order that goes over to another version has its clocks.

A turn that a clock strikes takes up all that were due by then, each when what came of the one before is worked off: what was due
first is first, be it a step's or a handler's; at one moment steps come before handlers, and these as the file has them. What is
interrupted has no clocks any more. Every other turn leaves what is due to its timer: timers and facts come in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from orderloom.dsl.duration_words import duration_words
from orderloom.dsl.program import Handler
from orderloom.engine.effects import ClearTimer, SetTimer
from orderloom.engine.moments import moment_of
from orderloom.engine.process.blocks import stopped, tree, whole_of
from orderloom.engine.process.clocks import clock_from, runs_out
from orderloom.engine.process.following import PREDECESSORS
from orderloom.engine.process.handlers import start_beside
from orderloom.engine.process.undo import UNDO
from orderloom.engine.state import Instance, Waiting
from orderloom.engine.turn import Turn


def ask_clocks(turn: Turn) -> None:
    """Sets the timers of handlers, anew where a moment has moved, and clears those of handlers that are gone."""
    for id in tuple(turn.state.instances):
        handlers = [*_timed(turn, turn.state.instances[id])]
        _forget(turn, turn.state.instances[id], {each.first for each in handlers})
        for handler in handlers:
            instance = turn.state.instances[id]
            if instance.ended is None and not _is_over(instance, handler):
                _ask(turn, instance, handler)


def is_clock(order: str, key: str) -> bool:
    """Whether the timer is of a handler."""
    return key.startswith(f"{order}/clock/")


def _key(turn: Turn, instance: Instance, first: str) -> str:
    return f"{turn.state.order.id}/{instance.clock(first)}"


def _timed(turn: Turn, instance: Instance) -> Iterator[Handler]:
    """The handlers on time of the process that the instance runs; none of a part, and of what has ended or not begun."""
    runs = instance.ended is None and instance.waiting != Waiting(PREDECESSORS)
    process = turn.world.program.processes.get(instance.process) if runs else None
    found = [each for each in process.handlers if not each.event] if process is not None else []
    return iter(found if found and whole_of(turn, instance).id == instance.id else ())


def _is_over(instance: Instance, handler: Handler) -> bool:
    return handler.first in instance.clocks and instance.clocks[handler.first] is None


def _forget(turn: Turn, instance: Instance, firsts: set[str]) -> None:
    """Clears the timers of handlers that there are no more; what was once over stays so."""
    gone = [first for first, due_at in instance.clocks.items() if due_at is not None and first not in firsts]
    for first in gone:
        turn.emit(ClearTimer(_key(turn, instance, first)))
    if gone:
        turn.put(replace(instance, clocks={first: at for first, at in instance.clocks.items() if first not in gone}))


def _ask(turn: Turn, instance: Instance, handler: Handler) -> None:
    known = instance.clocks.get(handler.first)
    due_at = _due(turn, instance, handler, known)
    if due_at == known:
        return
    if due_at is None:
        _forget(turn, instance, instance.clocks.keys() - {handler.first})
        return
    turn.put(replace(instance, clocks={**instance.clocks, handler.first: due_at}))
    _set(turn, instance, handler.first, due_at)


def _set(turn: Turn, instance: Instance, first: str, due_at: datetime) -> None:
    """Sets the timer; of what was due before, the time has come now."""
    turn.emit(SetTimer(_key(turn, instance, first), max(due_at, turn.at)))


def _due(turn: Turn, instance: Instance, handler: Handler, known: datetime | None) -> datetime | None:
    """When its time comes; a clock that runs goes on running."""
    if handler.after is not None:
        return known or clock_from(turn, instance.root, turn.at, handler.after)
    assert handler.at is not None, "a handler on time has one of the two"
    return moment_of(handler.at(turn.context(instance.id)), turn.world.program.timezone)


# --- what has run out --------------------------------------------------------------------------------------------------


def strike_handler(turn: Turn, key: str) -> None:
    """The timer of a handler has come; one that was forgotten meanwhile, or has moved on, strikes nothing."""
    subject, _, first = key.partition("/clock/")[2].rpartition("@")
    instance = turn.state.instances.get(subject)
    due_at = instance.clocks.get(first) if instance is not None else None
    if instance is not None and due_at is not None and due_at <= turn.at:
        turn.struck = instance.root, due_at


def strike_step(turn: Turn, instance: Instance) -> bool:
    """The timer of the step has come; False where nobody knows when that was due, or no handler has a clock."""
    due_at = runs_out(turn, instance) if turn.world.program.has_timed_handlers else None
    if due_at is None or due_at > turn.at:
        return False
    turn.struck = instance.root, due_at
    return True


def strike_again(turn: Turn, instance: Instance) -> None:
    """What was due while something was being undone comes now that this is over."""
    for first, due_at in instance.clocks.items():
        if due_at is not None and due_at <= turn.at:
            _set(turn, instance, first, due_at)


def first_due(turn: Turn) -> tuple[Instance, Handler | None] | None:
    """Of what the turn has struck, the clock that was due first: of a handler, or of a step; None where none is left."""
    if turn.struck is None:
        return None
    root, until = turn.struck
    found = [each for each in _running(turn, root) if each[0] <= until]
    return min(found, key=lambda each: each[0])[1:] if found else None


def _running(turn: Turn, root: str) -> Iterator[tuple[datetime, Instance, Handler | None]]:
    """The clocks of an instance and its parts: of steps first, then of handlers as the file has them."""
    parts = [*tree(turn, root)]
    for each in parts:
        if (due_at := runs_out(turn, each)) is not None:
            yield due_at, each, None
    for each in parts:
        for handler in _timed(turn, each) if each.clocks and each.waiting != UNDO else ():
            if (due_at := each.clocks.get(handler.first)) is not None:
                yield due_at, each, handler


def take_up(turn: Turn, instance: Instance, handler: Handler) -> None:
    """Does what the handler says, in place of what the instance waits for or beside it."""
    turn.emit(ClearTimer(_key(turn, instance, handler.first)))
    instance = turn.put(replace(instance, clocks={**instance.clocks, handler.first: None}))
    if handler.when is not None and handler.when(turn.context(instance.id)) is not True:
        turn.note(instance.id, "time", f"{_words(handler)}, but not {handler.when.text}")
        return
    turn.note(instance.id, "time", _words(handler))
    if handler.beside:
        start_beside(turn, instance.id, handler.block.removeprefix("@"), instance.process, handler.first, None)
        return
    stopped(turn, instance, _words(handler), beside=False)
    turn.queue.append((instance.id, handler.first))


def _words(handler: Handler) -> str:
    return f"at {handler.at.text}" if handler.at is not None else f"{duration_words(handler.after or timedelta())} after it began"
