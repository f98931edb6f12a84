"""How an order of one version goes over to another: each of its instances to the place that its step has there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from orderloom.dsl.program import Process, Program, Raise, Step
from orderloom.dsl.stepmap import StateMap
from orderloom.engine.awaited import awaited
from orderloom.engine.events import Move
from orderloom.engine.process.clocks import has_clock
from orderloom.engine.state import Done, Instance, OpenIssue, OrderState

LEAVES = frozenset({"reply", "event", "time", "exception"})  #: what can be left, so that another step is entered


class Stays(Struct, frozen=True):
    """Why an order cannot go over; `step` has process and step where that is because these have no place."""

    because: str
    step: tuple[str, str] | None = None


def moves(state: OrderState, old: Program, new: Program, places: StateMap) -> tuple[Move, ...] | Stays:
    """How each instance of an order that has not ended goes over; it stays where one of them has no place."""
    lost = _lost(state, new)
    if lost:
        return Stays(lost)
    found: list[Move] = []
    for instance in running(state):
        move = _of(instance, state, old, new, places)
        if isinstance(move, Stays):
            return move
        found.append(move)
    return tuple(found)


def _lost(state: OrderState, new: Program) -> str:
    """What the other version would not know of an order; empty where it knows all."""
    if state.undoing:
        return "what it did is being undone; let that end first"
    strange = [held.hold for held in state.holds.values() if held.resolved_by is None and held.hold not in new.holds]
    if strange:
        return f"it is held by {', '.join(strange)}, which is no hold any more"
    gone = [done.step for done in state.done if not _undoes(new, done)]
    return f"it has done {', '.join(gone)}, which could not be undone by steps that are gone" if gone else ""


def _undoes(program: Program, done: Done) -> bool:
    """Whether a program has the step, and says how it is undone."""
    process = program.processes.get(done.process)
    step = process.steps.get(done.step) if process else None
    return step is not None and bool(step.undo)


def running(state: OrderState) -> Iterable[Instance]:
    """The instances that stand at a step; one that found no process to begin with stands nowhere."""
    return (each for each in state.instances.values() if each.ended is None and each.process)


def _of(instance: Instance, state: OrderState, old: Program, new: Program, places: StateMap) -> Move | Stays:
    targets = places[instance.process]
    target = targets.steps[instance.step]
    here = f"{instance.id} at {instance.process} / {instance.step}"
    if target.step is None or targets.process is None:
        return Stays(f"{here}: {target.how}", (instance.process, instance.step))
    process = new.processes[targets.process]
    before, after = old.processes[instance.process].steps[instance.step], process.steps[target.step]
    if before.block != after.block:
        return Stays(f"{here}: {after.name} stands in another block of steps")
    missed = _missed(instance, state, process)
    if missed:
        return Stays(f"{here}: it keeps the event {missed}, for which no step of {process.name} waits")
    move = Move(instance.id, instance.visit, process.name, after.name)
    issue = state.exceptions.get(instance.waiting.name) if instance.waiting and instance.waiting.kind == "exception" else None
    if _stands_before(instance, before, issue):
        return move
    if target.enters:
        lost = _taken_away(instance)
        return Stays(f"{here}: {lost}") if lost else replace(move, enters=True)
    if not target.same:
        return Stays(f"{here}: {target.how}", (instance.process, instance.step))
    if instance.waiting is not None and instance.waiting.kind == "children" and before.name != after.name:
        return Stays(f"{here}: its parts run, by which they know it; a step with parts keeps its name")
    options = [option for option in issue.options if option not in after.ways] if issue else []
    if options:
        return Stays(f"{here}: its exception offers {', '.join(options)}, to which {after.name} has no way")
    return replace(move, clock=_clock(instance, before, after))


def _stands_before(instance: Instance, step: Step, issue: OpenIssue | None) -> bool:
    """Whether it will enter its step yet: a hold stops it there, or the engine itself has raised an exception."""
    if instance.waiting is not None and instance.waiting.kind == "hold":
        return True
    return issue is not None and not (isinstance(step.verb, Raise) and issue.type == step.verb.exception)


def _taken_away(instance: Instance) -> str:
    """Why an instance cannot be taken from its step; empty where it can."""
    kind = instance.waiting.kind if instance.waiting else "time"
    return "" if kind in LEAVES else f"a map cannot end what it waits for ({kind}); let that end first"


def _missed(instance: Instance, state: OrderState, process: Process) -> str | None:
    """An event that came early, for which nothing waits any more."""
    known = {name for step in process.steps.values() for name in awaited(step)}
    return next((event.name for event in state.early.get(instance.id, ()) if event.name not in known), None)


def _clock(instance: Instance, before: Step, after: Step) -> Literal["", "start", "stop"]:
    """What becomes of the clock of a wait that goes on: one that runs goes on running where the new step has one, too."""
    if instance.waiting is None or instance.waiting.kind == "time" or has_clock(before) == has_clock(after):
        return ""
    return "stop" if has_clock(before) else "start"
