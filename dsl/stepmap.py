"""Where the steps of one version are in another: the step of the same name, else the one that does the same.

Pure: two programs, and what a person has written of it, give each step of the one its place in the other, or why there is none.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from orderloom.dsl.digest import canonical
from orderloom.dsl.program import Process, Program, Step, Wait


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
