"""Where the instances of one version stand in another: the step of the same name, else the one that does the same.

Pure: two programs, and what a person has written of it, give each step of the one its place in the other, or why there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from orderloom.dsl.digest import canonical
from orderloom.dsl.program import Process, Program, Raise, Step, Wait
from orderloom.engine.awaited import awaited
from orderloom.engine.clocks import has_clock
from orderloom.engine.events import Move
from orderloom.engine.state import Done, Instance, OpenIssue, OrderState

LEAVES = frozenset({"reply", "event", "time", "exception"})  #: what can be left, so that another step is entered


class Written(Struct, frozen=True):
    """What a map file says of a process: what it is called now, and which steps become which."""

    becomes: str | None = None
    steps: Mapping[str, str] = field(default_factory=dict)


class Target(Struct, frozen=True):
    """What becomes of a step: the step of the other version, `how` that was found, or why there is none where `step` is None.

    Whoever stands there goes on waiting where the two are the `same`; else he `enters` the new one, if a map says that he does.
    """

    step: str | None
    how: str
    same: bool = True
    enters: bool = False


class Targets(Struct, frozen=True):
    """What becomes of a process; `process` is None where the other version has none for it."""

    process: str | None
    steps: Mapping[str, Target]


StateMap = Mapping[str, Targets]  #: by process of the version that is left


def state_map(old: Program, new: Program, written: Mapping[str, Written]) -> StateMap:
    """What becomes of each step of each process."""
    return {name: _targets(process, new, written.get(name, Written())) for name, process in old.processes.items()}


def _targets(old: Process, program: Program, written: Written) -> Targets:
    name = written.becomes or old.name
    new = program.processes.get(name)
    if new is None:
        return Targets(None, {step: Target(None, f"there is no process {name} any more") for step in old.steps})
    if new.purpose != old.purpose:
        return Targets(None, {step: Target(None, f"{name} is for {new.purpose}, not for {old.purpose}") for step in old.steps})
    return Targets(name, {step.name: _target(step, old, new, written.steps.get(step.name)) for step in old.steps.values()})


def _target(step: Step, old: Process, new: Process, written: str | None) -> Target:
    if written is not None:
        same = waits_alike(step, new.steps[written])
        return Target(written, "by the map", same, enters=not same)
    there = new.steps.get(step.name)
    if there is not None:
        alike = waits_alike(step, there)
        return Target(step.name, "same name" if alike else "it does something else now", alike)
    alike_there = [each for each in new.steps.values() if each.name not in old.steps and waits_alike(step, each)]
    if len(alike_there) > 1:
        return _closest(step, alike_there, old, new)
    if alike_there:
        return Target(alike_there[0].name, "does the same")
    return Target(None, "there is no such step any more, and none that does the same")


def _closest(step: Step, candidates: list[Step], old: Process, new: Process) -> Target:
    """The one candidate that stands between the same steps, with the same status."""
    around = _around(old, step)
    scores = {each.name: len(around & _around(new, each)) + (each.status == step.status) for each in candidates}
    best = max(scores.values())
    first, *others = [name for name, score in scores.items() if score == best]
    if others:
        return Target(None, f"{', '.join(scores)} do the same: which it becomes is for a map to say")
    return Target(first, "does the same, between the same steps")


def _around(process: Process, step: Step) -> set[tuple[str, str]]:
    before = {("before", each.name) for each in process.steps.values() if step.name in _after(each)}
    return before | {("after", name) for name in _after(step)}


def _after(step: Step) -> set[str]:
    ways = {way.next for way in getattr(step.verb, "ways", ())}
    return ways | set(step.ways.values()) | ({step.next} if step.next else set())


def waits_alike(one: Step, other: Step) -> bool:
    """Whether whoever waits at one step waits for the same at the other."""
    if isinstance(one.verb, Wait) and isinstance(other.verb, Wait):
        return one.verb.event == other.verb.event
    return canonical(one.verb) == canonical(other.verb)


# --- one order -------------------------------------------------------------------------------------------------------


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
