"""An order goes on by another version: its instances stand at steps of that one from then on, or again as they stood before."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.engine.effects import ClearTimer, SetTimer
from orderloom.engine.errors import NoWayForward
from orderloom.engine.events import Migrated, MigratedBack, Move
from orderloom.engine.process.blocks import settle
from orderloom.engine.process.clocks import let_wait
from orderloom.engine.process.holds import ask_rules
from orderloom.engine.process.standstill import stand_still
from orderloom.engine.process.verbs import clock_at
from orderloom.engine.state import ORDER, Instance, Waiting
from orderloom.engine.turn import Turn, with_status


def migrated(turn: Turn, event: Migrated) -> None:
    """Moves every instance, or none where one has gone on since the move was decided."""
    if event.before != turn.state.program or any(_standing(turn, each) is None for each in event.moves):
        turn.note(ORDER, "late", f"migration {event.migration}: the order has moved on")
        return
    turn.change(program=event.program)
    turn.note(ORDER, "migrated", f"by {event.by}, migration {event.migration}")
    for each in event.moves:
        _move(turn, each)
    ask_rules(turn, moved=True)


def _standing(turn: Turn, move: Move) -> Instance | None:
    """The instance, where it still stands at that visit."""
    found = turn.state.instances.get(move.instance)
    return found if found is not None and found.visit == move.visit and found.ended is None else None


def _move(turn: Turn, move: Move) -> None:
    before = turn.state.instances[move.instance]
    if before.step != move.step:
        turn.note(before.id, "moved", f"{before.step} -> {move.step}")
    instance = turn.put(replace(before, process=move.process, step=move.step))
    if move.enters:
        _leave(turn, instance)
        turn.queue.append((instance.id, move.step))
    elif move.clock == "stop":
        turn.emit(ClearTimer(turn.key(instance)))
        turn.put(replace(instance, waiting=_without_clock(instance.waiting)))
    elif move.clock == "start":
        _start_clock(turn, instance)


def _start_clock(turn: Turn, instance: Instance) -> None:
    try:
        due_at = clock_at(turn, instance, turn.step(instance))
    except NoWayForward as fault:
        stand_still(turn, instance, fault.because)
        return
    if due_at is None or instance.waiting is None:
        return
    if instance.waiting.kind == "task":
        turn.emit(SetTimer(turn.key(instance), due_at))
    else:
        let_wait(turn, instance, instance.waiting, due_at)


def _without_clock(waiting: Waiting | None) -> Waiting | None:
    return replace(waiting, due_at=None) if waiting is not None else None


def _leave(turn: Turn, instance: Instance) -> None:
    """Ends what the instance waited for."""
    turn.emit(ClearTimer(turn.key(instance)))
    if instance.waiting is not None and (issue := turn.state.exceptions.get(instance.waiting.name)) is not None:
        settle(turn, issue, "migrated")


def migrated_back(turn: Turn, event: MigratedBack) -> None:
    """Lets every instance stand as it did before."""
    if event.before != turn.state.program:
        turn.note(ORDER, "late", f"migration {event.migration} cannot be undone: the order has moved on")
        return
    turn.change(program=event.program)
    turn.note(ORDER, "migrated", f"back by {event.by}, migration {event.migration}")
    for each in event.moves:
        now = turn.state.instances[each.instance]
        turn.emit(ClearTimer(turn.key(now)))
        if now.step != each.step:
            turn.note(now.id, "moved", f"{now.step} -> {each.step}")
        turn.forget_clocks(now)
        stood = replace(
            now,
            process=each.process,
            step=each.step,
            visit=each.visit,
            waiting=Waiting(*each.waiting),
            tries=each.tries,
            clocks=each.clocks,
        )
        with_status(turn, turn.put(stood), each.status)
    for key, due_at in event.clocks.items():
        turn.emit(SetTimer(key, due_at))
