"""Handlers on time: what a process does once it has run for so long, or at a moment, wherever it stands then.

They are asked in every turn: so a moment that moves is followed, and an order that goes over to another version has its clocks.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec.structs import replace

from orderloom.dsl.duration_words import duration_words
from orderloom.dsl.program import Handler
from orderloom.engine.effects import ClearTimer, SetTimer
from orderloom.engine.moments import moment_of
from orderloom.engine.process.blocks import stopped, whole_of
from orderloom.engine.process.clocks import clock_from
from orderloom.engine.process.following import PREDECESSORS
from orderloom.engine.process.handlers import start_beside
from orderloom.engine.process.undo import UNDO
from orderloom.engine.state import Instance, Waiting
from orderloom.engine.turn import Turn


def ask_clocks(turn: Turn) -> None:
    """Takes up every handler whose time has come, and sets the timers of those whose time is yet to come."""
    for id in tuple(turn.state.instances):
        handlers = [*_timed(turn, turn.state.instances[id])]
        _forget(turn, turn.state.instances[id], {each.first for each in handlers})
        for handler in handlers:
            instance = turn.state.instances[id]
            if instance.ended is None and not _is_over(instance, handler):
                _ask(turn, instance, handler)


def is_clock(order: str, key: str) -> bool:
    """Whether the timer is of a handler; in every turn these are asked."""
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
    if due_at is not None and due_at <= turn.at:
        if instance.waiting != UNDO:  # else once that is over
            _take_up(turn, instance, handler, known)
        return
    if due_at == known:
        return
    if due_at is None:
        _forget(turn, instance, instance.clocks.keys() - {handler.first})
        return
    turn.put(replace(instance, clocks={**instance.clocks, handler.first: due_at}))
    turn.emit(SetTimer(_key(turn, instance, handler.first), due_at))


def _due(turn: Turn, instance: Instance, handler: Handler, known: datetime | None) -> datetime | None:
    """When its time comes; a clock that runs goes on running."""
    if handler.after is not None:
        return known or clock_from(turn, instance.root, turn.at, handler.after)
    assert handler.at is not None, "a handler on time has one of the two"
    return moment_of(handler.at(turn.context(instance.id)), turn.world.program.timezone)


def _take_up(turn: Turn, instance: Instance, handler: Handler, known: datetime | None) -> None:
    if known is not None:
        turn.emit(ClearTimer(_key(turn, instance, handler.first)))
    instance = turn.put(replace(instance, clocks={**instance.clocks, handler.first: None}))
    if handler.when is not None and handler.when(turn.context(instance.id)) is not True:
        return
    turn.note(instance.id, "time", _words(handler))
    if handler.beside:
        start_beside(turn, instance.id, handler.block.removeprefix("@"), instance.process, handler.first, None)
        return
    stopped(turn, instance, _words(handler), beside=False)
    turn.queue.append((instance.id, handler.first))


def _words(handler: Handler) -> str:
    return f"at {handler.at.text}" if handler.at is not None else f"{duration_words(handler.after or timedelta())} after it began"
