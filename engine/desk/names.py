"""Names that somebody asks for: whether the definitions have them, or the store still does from definitions that went before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from sqlalchemy import ColumnElement, select

from orderloom.dsl.program import ENGINE_TYPES, OPERATIONS, BookedService, Program, Raise, Task
from orderloom.dsl.suggest import hint_for
from orderloom.engine.refused import Refused
from orderloom.engine.store import Store, tables


def unknown_name(store: Store, program: Program, **asked: str | None) -> Refused | None:
    """Why nothing can be found by these names, as of a `role` or `type`: a misspelt one must not find nothing in silence."""
    for kind, name in asked.items():
        declared = set(_DECLARED[kind](program))
        if name is None or name in declared or (kind in OPTIONAL and not declared) or _there(store, kind, name):
            continue
        there = "known: " + ", ".join(sorted(declared)) if declared else "nothing is called so"
        return Refused(f"there is no {_WORDS.get(kind, kind)} {name}; {hint_for(name, declared) or there}")
    return None


OPTIONAL = ("person", "region")  #: what nobody has to declare
_WORDS = {"type": "exception type", "task": "task called"}


def _types(program: Program) -> Iterator[str]:
    yield from ENGINE_TYPES
    yield from program.exceptions
    for process in program.processes.values():
        yield from (step.verb.exception for step in process.steps.values() if isinstance(step.verb, Raise))


def _tasks(program: Program) -> Iterator[Task]:
    for process in program.processes.values():
        yield from (step.verb for step in process.steps.values() if isinstance(step.verb, Task))


def _skills(program: Program) -> Iterator[str]:
    yield from (task.skill for task in _tasks(program) if task.skill is not None)
    yield from (skill for person in program.people.values() for skill in person.skills)
    yield from (offered.skill for offered in _services(program) if isinstance(offered.skill, str))
    yield from (skill for resource in program.resources.values() for skill in resource.skills)


def _regions(program: Program) -> Iterator[str]:
    """Those of resources, where none of them serves wherever it is."""
    if all(resource.regions for resource in program.resources.values()):
        yield from (region for resource in program.resources.values() for region in resource.regions)


def _services(program: Program) -> Iterator[BookedService]:
    for services in program.services.values():
        yield from services.services


_DECLARED: Mapping[str, Callable[[Program], Iterable[str]]] = {
    "role": lambda program: (*program.roles, OPERATIONS),
    "type": _types,
    "hold": lambda program: program.holds,
    "task": lambda program: (task.name for task in _tasks(program)),
    "skill": _skills,
    "person": lambda program: program.people,
    "service": lambda program: (offered.name for offered in _services(program)),
    "region": _regions,
}

_e, _t, _h = tables.exceptions.c, tables.tasks.c, tables.holds.c
_IN_STORE: Mapping[str, tuple[ColumnElement[str], ...]] = {
    "role": (_e.role, _t.role),
    "type": (_e.type,),
    "hold": (_h.hold,),
    "task": (_t.name,),
    "skill": (_t.skill,),
    "person": (_e.claimed_by, _t.claimed_by),
}


def _there(store: Store, kind: str, name: str) -> bool:
    """Whether anything in the store has this name, whatever the definitions in force say. Asked of strange names only."""
    with store.reading() as connection:
        for column in _IN_STORE.get(kind, ()):
            if connection.execute(select(column).where(column == name).limit(1)).first() is not None:
                return True
    return False
