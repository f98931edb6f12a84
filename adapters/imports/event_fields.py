"""What is told of an event, checked against its declaration: its name, what it is about, and every field in its type."""

from __future__ import annotations

from orderloom.adapters.imports.fields import Fields
from orderloom.dsl.program import Event, Program
from orderloom.dsl.suggest import hint_for

NEEDED = {"line": "line", "unit": "unit", "node": "node"}  #: by what an event is about


def reported_names(program: Program) -> frozenset[str]:
    """The events that participants may report."""
    sent = frozenset(name for role in program.roles.values() for name in role.sends)
    return sent | {name for name, event in program.events.items() if event.reported}


def check_event(row: Fields, name: str, program: Program) -> None:
    """Notes what is wrong with the name of an event, and what it must be about that is missing."""
    declared = program.events.get(name)
    if declared is not None and not declared.reported:
        row.problem(f"{name} is not reported: it comes of {declared.source or 'a change of the order'}")
    elif name not in reported_names(program):
        hint = hint_for(name, reported_names(program))
        row.problem(f"there is no event {name}" + (f"; {hint}" if hint else ""))
    elif declared is not None and declared.about in NEEDED and row.raw(NEEDED[declared.about]) is None:
        row.problem(f"{NEEDED[declared.about]} is missing: {name} is about a {declared.about}")


def told_of(row: Fields, data: dict[str, object], declared: Event | None) -> dict[str, object]:
    """The fields of an event in their types, with a problem for each that is of another or that nothing declares."""
    if declared is None:
        return data
    part = Fields(data, "data", row.problems)
    found = {name: part.value(name, kind) for name, kind in declared.fields.items()}
    for name in sorted(data.keys() - declared.fields.keys()):
        hint = hint_for(name, declared.fields)
        part.problem(f"{declared.name} has no field {name}" + (f"; {hint}" if hint else ""))
    return {name: value for name, value in found.items() if value is not None}
