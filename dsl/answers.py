"""What the people of a process fill in: the fields of all its forms, which its expressions see as `answer`."""

from __future__ import annotations

from collections.abc import Iterator

from orderloom.dsl.feel.types import ANY, ContextType, Simple, Type, same_kind
from orderloom.dsl.fields import Pair
from orderloom.dsl.forms import FormField, field_type
from orderloom.dsl.steps import Process, TaskStep
from orderloom.dsl.walk import leaves


def tasks_of(process: Process) -> Iterator[TaskStep]:
    """The `task` steps, those within blocks included, in the order of the text."""
    seen: list[TaskStep] = []
    for leaf in leaves(process):
        if isinstance(leaf.section, TaskStep) and leaf.section not in seen:
            seen.append(leaf.section)
            yield leaf.section


def fields_of(process: Process) -> Iterator[Pair[FormField]]:
    """The fields of every form."""
    for step in tasks_of(process):
        yield from step.form


def answer_type(process: Process) -> ContextType | None:
    """The type of `answer`; None where nobody fills anything in. What two forms have is of the type of both."""
    found: dict[str, Type] = {}
    for pair in fields_of(process):
        kind = field_type(pair.value.type) if pair.value.type is not None else ANY
        found[pair.key.value] = either(found.get(pair.key.value), kind or ANY)
    return ContextType(found) if found else None


def either(before: Type | None, kind: Type) -> Type:
    """The type of a field that is of one type here and of another there."""
    if before is None or before == kind:
        return kind
    return Simple(kind.name) if isinstance(kind, Simple) and same_kind(before, kind) else ANY
