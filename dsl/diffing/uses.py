"""What asks a decision: expressions that call it by name, steps that decide by it, policies that name it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from orderloom.dsl.program import Decide, Decision, Formula, Program
from orderloom.dsl.tables import Table

_FIELDS = ("sourcing", "promising", "appeasements", "returns", "offers", "holds", "replenishment", "decisions", "changes")


def users(program: Program, decision: str) -> Iterator[str]:
    """The addresses of what asks a decision of this name, shortest ones first."""
    found = dict[str, None]()
    for field in _FIELDS:
        for name, each in getattr(program, field).items():
            label = "decision" if field == "decisions" else field
            if name != decision or field != "decisions":
                found |= dict.fromkeys(_within(each, decision, f"{label} {name}"))
    for process in program.processes.values():
        for step in process.steps.values():
            if isinstance(step.verb, Decide) and step.verb.decision == decision:
                found[f"process {process.name}: step {step.name}"] = None
    yield from found


def _within(value: Any, decision: str, address: str) -> Iterator[str]:
    """Where a definition calls it, one level below the definition."""
    for field in value.__struct_fields__ if isinstance(value, Struct) else ():
        part = getattr(value, field)
        if part == decision and field == "disposition":
            yield address
        entries = part.items() if isinstance(part, Mapping) else enumerate(part) if isinstance(part, tuple) else [("", part)]
        for key, each in entries:
            if _calls(each, decision):
                name = key if isinstance(key, str) else getattr(each, "name", "")
                yield f"{address}: {name or field.replace('_', ' ')}"


def _calls(value: Any, decision: str) -> bool:
    if isinstance(value, Formula):
        return value.shape is not None and (decision,) in value.shape.reads
    if isinstance(value, Decision):
        return any(_calls(each, decision) for each in (value.logic, *value.inputs.values(), *value.where.values()))
    if isinstance(value, Table):
        texts = [cell.text for row in value.rows for cell in row.cells if cell.test is not None]
        texts += [result.text for row in value.rows for result in row.results if result.evaluate is not None]
        return any(f"{decision}(" in text for text in texts)
    if isinstance(value, Struct):
        return any(_calls(getattr(value, field), decision) for field in value.__struct_fields__)
    if isinstance(value, Mapping):
        return any(_calls(each, decision) for each in value.values())
    return isinstance(value, tuple) and any(_calls(each, decision) for each in value)
