"""How two processes differ: steps that are new, gone, called otherwise or wired otherwise, and what they wait for and say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from orderloom.dsl.diffing.walk import Differing, differing, said
from orderloom.dsl.pictures.graph import graph
from orderloom.dsl.program import Choose, Formula, Process, Program, Run, Step
from orderloom.dsl.program.process import Way
from orderloom.dsl.stepmap import Targets
from orderloom.dsl.tables import Table

#: The decisions that say which process something follows, and what that is.
SELECTING: Mapping[str, str] = {
    "process-for-order": "orders",
    "process-for-unit": "units of work",
    "process-for-supply": "orders of supply",
}

_ELSEWHERE = frozenset({"name", "origin", "next", "ways", "first", "steps", "verb"})  #: what is looked at by itself

Renames = Mapping[str, str]
Said = tuple[str | None, str]  #: a sentence, and the step of the old process that it is about, where it is about one


def renames(old: Process, new: Process, targets: Targets) -> Renames:
    """The steps of the old process that are there under another name, with it."""
    found: dict[str, str] = {}
    for name in old.steps:
        target = targets.steps[name].step
        if name not in new.steps and target is not None and target not in old.steps and target not in found.values():
            found[name] = target
    return found


def sentences(old: Process, new: Process, names: Renames) -> Iterator[Said]:
    """What became of a process, besides what its conditions decide."""
    kept = _kept(old, new, names)
    arrows = graph(new).arrows
    for name in new.steps.keys() - set(kept.values()):
        comes = [arrow.source for arrow in arrows if arrow.target == name]
        yield None, f"step {name} is added" + (f" after {', '.join(comes)}" if comes else "")
    yield from ((name, f"step {name} is removed") for name in old.steps if name not in kept)
    yield from ((name, f"step {name} is called {other} now") for name, other in names.items())
    if names.get(old.first, old.first) != new.first:
        yield old.first, f"it begins with {new.first}, and no longer with {old.first}"
    for name, other in kept.items():
        yield from (
            (name, text) for text in _rewired(other, *(_ways(each, at, names) for each, at in ((old, name), (new, other))))
        )
    for each in _values(old, new, kept):
        if not isinstance(each.old or each.new, Formula):
            yield each.address[0] if each.address[0] in old.steps else None, _said(each)


def _kept(old: Process, new: Process, names: Renames) -> dict[str, str]:
    return {name: names.get(name, name) for name in old.steps if names.get(name, name) in new.steps}


def _ways(process: Process, step: str, names: Renames) -> set[tuple[str, str]]:
    """Where a step leads to, and by which outcome; conditions of a choice are no outcomes."""
    bare = isinstance(process.steps[step].verb, Choose)
    found = (arrow for arrow in graph(process).arrows if arrow.source == step)
    return {(names.get(arrow.target, arrow.target), "" if bare else arrow.label) for arrow in found}


def _rewired(step: str, before: set[tuple[str, str]], after: set[tuple[str, str]]) -> Iterator[str]:
    leads, no_longer = (_targets(each) for each in (after - before, before - after))
    if leads and no_longer:
        yield f"step {step} leads to {leads}, and no longer to {no_longer}"
    elif leads or no_longer:
        yield f"step {step} leads to {leads} too" if leads else f"step {step} leads to {no_longer} no longer"


def _targets(ways: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{target} ({label})" if label else target for target, label in sorted(ways))


def _values(old: Process, new: Process, kept: Mapping[str, str]) -> Iterator[Differing]:
    """What differs in the steps that both have, each with the name of the old step first, and in the process itself."""
    for name, other in kept.items():
        before, after = old.steps[name], new.steps[other]
        yield from _fields(before, after, (name,))
        if isinstance(before.verb, Choose) and isinstance(after.verb, Choose):
            continue  # asked as a whole
        if type(before.verb) is not type(after.verb):
            yield Differing((name, "does"), _verb(before), _verb(after), str(after.origin))
        else:
            yield from (each for each in differing(before.verb, after.verb, (name,), str(after.origin)) if _counts(each, kept))
    yield from _fields(old, new, ("the process",))


def _fields(before: Step | Process, after: Step | Process, address: tuple[str, ...]) -> Iterator[Differing]:
    for field in before.__struct_fields__:
        if field not in _ELSEWHERE:
            label = field.replace("_", " ")
            yield from differing(getattr(before, field), getattr(after, field), (*address, label), str(after.origin), field)


def _counts(each: Differing, kept: Mapping[str, str]) -> bool:
    """Whether it is more than a step that is called otherwise."""
    return not (isinstance(each.old, str) and kept.get(each.old, "") == each.new)


def _verb(step: Step) -> str:
    return type(step.verb).__name__.lower()


def _said(each: Differing) -> str:
    subject = each.address[0] if each.address[0] == "the process" else f"step {each.address[0]}"
    what = ": ".join(each.address[1:])
    if each.new is None or each.old is None:
        value = said(each.new if each.old is None else each.old)
        return f"{subject}: {what} {value} is {'new' if each.old is None else 'gone'}"
    return f"{subject}: {what} is {said(each.new)}, and was {said(each.old)}"


def conditions(old: Process, new: Process, names: Renames) -> Iterator[Differing]:
    """The expressions of steps that both have which are not the same; a choice is one, by the ways that it takes."""
    kept = _kept(old, new, names)
    yield from (each for each in _values(old, new, kept) if isinstance(each.old or each.new, Formula))
    for name, other in kept.items():
        before, after = old.steps[name].verb, new.steps[other].verb
        if isinstance(before, Choose) and isinstance(after, Choose) and _texts(before, names) != _texts(after, {}):
            yield Differing((name, "chooses"), choosing(before, names), choosing(after, {}), str(new.steps[other].origin))


def _texts(verb: Choose, names: Renames) -> list[tuple[str, str]]:
    return [(" ".join(way.when.text.split()) if way.when else "", names.get(way.next, way.next)) for way in verb.ways]


def choosing(verb: Choose, names: Renames) -> tuple[Way, ...]:
    """The ways of a choice, with the steps as they are called in the new version."""
    return tuple(Way(way.when, names.get(way.next, way.next), way.origin) for way in verb.ways)


def followed_by(program: Program, process: str) -> Iterator[str]:
    """What follows a process: what the rows that select it are for, other processes, events, returns; each with its place."""
    for name, what in SELECTING.items():
        logic = program.decisions[name].logic if name in program.decisions else None
        if isinstance(logic, Formula):
            yield f"{what} by {name} ({logic.origin})"
        for row in logic.rows if isinstance(logic, Table) else ():
            if any(result.value == process or result.evaluate is not None for result in row.results[:1]):
                cells = zip(logic.inputs, row.cells, strict=True) if isinstance(logic, Table) else ()
                tests = [f"{column.name} {cell.text}" for column, cell in cells if not cell.any]
                yield f"{what} with {', '.join(tests) or 'anything'} ({row.place})"
    for each in program.processes.values():
        for step in each.steps.values():
            if isinstance(step.verb, Run) and step.verb.process == process:
                yield f"{each.name}, at step {step.name} ({step.origin})"
    yield from (f"event {e.name} ({e.origin})" for e in program.events.values() if e.starts and e.starts.process == process)
    yield from (f"returns by {each.name} ({each.origin})" for each in program.returns.values() if each.process == process)
