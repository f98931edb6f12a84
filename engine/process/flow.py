"""How an instance moves from step to step: enters, waits, is woken, ends, or stands still as an exception."""

from __future__ import annotations

from msgspec.structs import replace

from orderloom.dsl.program import JOIN, Step, TakeBack, Wait
from orderloom.engine.awaited import outcome_of
from orderloom.engine.effects import ClearTimer
from orderloom.engine.errors import NoWayForward
from orderloom.engine.events import Happened
from orderloom.engine.process.attempts import attempted
from orderloom.engine.process.blocks import CHILDREN, OVER, end_children, is_beside, is_called, one_over, stopped, tree, whole_of
from orderloom.engine.process.cancelling import all_cancelled, cancel
from orderloom.engine.process.early import kept
from orderloom.engine.process.following import FOLLOWERS_ENDED, UNITS_ENDED, all_ended, freed
from orderloom.engine.process.handlers import handled
from orderloom.engine.process.holds import ask_rules, held_up
from orderloom.engine.process.misunderstood import understood
from orderloom.engine.process.standstill import stand_still
from orderloom.engine.process.timed import strike_again
from orderloom.engine.process.undo import UNDO, go_on, on_behalf_of, went
from orderloom.engine.process.unit_actions import release_stock
from orderloom.engine.sources import give_up_rest
from orderloom.engine.state import ORDER, Instance
from orderloom.engine.turn import MAIN, Turn, with_status
from orderloom.engine.unit import COMING_BACK


def enter(turn: Turn, instance_id: str, name: str) -> None:
    """Enters a step, unless holds block it: skips it, or does what it says."""
    before = turn.state.instances[instance_id]
    if name == JOIN and turn.step(before).block:
        _over(turn, before)
        return
    if before.waiting is not None and before.waiting.kind == CHILDREN:
        end_children(turn, instance_id)
    if on_behalf_of(before, turn.state) is None and held_up(turn, before, turn.process(before).steps[name]):
        return
    instance = turn.put(replace(before, step=name, visit=before.visit + 1, waiting=None, tries=0))
    step = turn.step(instance)
    if step.when is not None and step.when(turn.context(instance_id)) is not True:
        turn.note(instance_id, "skipped", name)
        turn.queue.append((instance_id, _main(step)))
        return
    turn.note(instance_id, "entered", name)
    if step.milestone is not None:
        turn.note(instance.root, "milestone", step.milestone)
    if step.status is not None:
        with_status(turn, instance, step.status)
        if instance.root == ORDER:
            ask_rules(turn)
    perform(turn, instance, step)


def perform(turn: Turn, instance: Instance, step: Step) -> None:
    """Does what the step says, and lets the instance go on, wait, end, or stand still."""
    instance_id = instance.id
    try:
        outcome = attempted(turn, instance, step)
    except NoWayForward as fault:
        stand_still(turn, turn.state.instances[instance_id], fault.because)
        return
    if isinstance(step.verb, TakeBack) and outcome is not None:
        _undone(turn, instance_id, cancels=False)
    elif outcome is not None:
        leave(turn, turn.state.instances[instance_id], outcome)
    elif (ended := turn.state.instances[instance_id]).ended is not None:
        _ended(turn, ended)
    else:
        _claim_early(turn, turn.state.instances[instance_id], step)


def leave(turn: Turn, instance: Instance, outcome: str) -> None:
    """Takes the way that an outcome leads; an outcome without a way of its own takes the main one."""
    step = turn.step(instance)
    understood(turn, instance)
    went(turn, instance, step, outcome)
    if instance.waiting is not None and (step.within is not None or step.retry is not None or isinstance(step.verb, Wait)):
        turn.emit(ClearTimer(turn.key(instance)))
    if instance.waiting is not None and instance.waiting.kind == CHILDREN:
        end_children(turn, instance.id)
    turn.put(replace(instance, waiting=None))
    turn.queue.append((instance.id, step.ways.get(outcome) or _main(step)))


def _main(step: Step) -> str:
    assert step.next is not None, f"{step.origin}: the compiler lets no step without a way on pass"
    return step.next


def _over(turn: Turn, instance: Instance) -> None:
    """A branch came to its join: the step around it goes on when enough have. What undid something lets the next be undone."""
    turn.put(replace(instance, ended=OVER, waiting=None))
    if is_beside(instance):
        return
    if (of := on_behalf_of(instance, turn.state)) is not None:
        cancels = turn.state.undoing[of].cancels
        if not go_on(turn, of):
            _undone(turn, of, cancels)
        return
    parent = turn.state.instances[instance.parent or ""]
    if one_over(turn, parent):
        leave(turn, turn.state.instances[parent.id], MAIN)


def _undone(turn: Turn, instance_id: str, cancels: bool) -> None:
    """All is undone: the order is cancelled, or the instance on behalf of which it was goes on; the order's without its units."""
    if cancels:
        all_cancelled(turn)
        return
    if instance_id == ORDER:
        for unit in [each for each in turn.state.instances.values() if each.waiting == UNDO and each.id != ORDER]:
            cancel(turn, unit)
        _tell_units_ended(turn)
    strike_again(turn, turn.state.instances[instance_id])
    leave(turn, turn.state.instances[instance_id], MAIN)


def _ended(turn: Turn, instance: Instance) -> None:
    """Closes what an instance leaves behind: nothing stays reserved, and every unit of every line is accounted for.

    A branch ends the whole process that it is a part of; a process that was run gives its outcome to the step that ran it.
    """
    whole = whole_of(turn, instance)
    whole = turn.put(replace(stopped(turn, whole, f"ended as {instance.ended}"), ended=instance.ended))
    turn.note(whole.id, "ended", whole.ended or "")
    if whole.parent is not None and not is_called(turn, whole):
        return  # it was started by an event
    if whole.parent is not None:
        leave(turn, turn.state.instances[whole.parent], whole.ended or MAIN)
        return
    _closed(turn, whole)


def _closed(turn: Turn, instance: Instance) -> None:
    if instance.id == ORDER:
        give_up_rest(turn)
        return
    if turn.unit(instance).quantity:
        release_stock(turn, instance)
    at = turn.at if turn.world.program.returns else None  # from when on it may come back
    turn.put_unit(replace(turn.unit(instance), outcome=instance.ended, ended_at=at))
    for before in freed(turn.state, turn.unit(instance)):
        if turn.state.instances[before.id].ended is None:
            happen(turn, before.id, Happened(turn.at, FOLLOWERS_ENDED))
    if turn.state.ended:
        give_up_rest(turn)
    if turn.unit(instance).type not in COMING_BACK:
        _tell_units_ended(turn)


def _tell_units_ended(turn: Turn) -> None:
    if turn.state.units and all_ended(turn.state):
        happen(turn, ORDER, Happened(turn.at, UNITS_ENDED))


def happen(turn: Turn, root: str, event: Happened) -> None:
    """Gives an event to an instance and its parts; what none of them has any use for is noted as late."""
    if not reach(turn, root, event):
        turn.note(root, "late", f"event {event.name}")


def reach(turn: Turn, root: str, event: Happened) -> bool:
    """Gives an event to an instance and its parts: all that wait for it go on; whether any of them has a use for it.

    If none waits, a handler takes it up; if there is none, it is kept for the first part that comes to wait for it.
    """
    instance = turn.state.instances.get(root)
    if instance is None or instance.ended is not None:
        return False
    if instance.waiting == UNDO:  # it goes on afterwards, unless it is cancelled
        return not any(undoing.cancels for undoing in turn.state.undoing.values()) and kept(turn, instance, event)
    waiting = [(each, way) for each in tree(turn, root) if (way := outcome_of(turn, each, event.name)) is not None]
    for each, way in waiting:
        leave(turn, turn.put(replace(each, answer=event.data, event=event)), way)
    return bool(waiting) or handled(turn, root, event) or kept(turn, instance, event)


def _claim_early(turn: Turn, instance: Instance, step: Step) -> None:
    kept = turn.state.early.get(instance.root, ())
    for at, event in enumerate(kept):
        way = outcome_of(turn, instance, event.name)
        if way is not None:
            turn.keep(instance.root, kept[:at] + kept[at + 1 :])
            leave(turn, turn.put(replace(instance, answer=event.data, event=event)), way)
            return
