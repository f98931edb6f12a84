"""Elements of an `each`: kept with the part of the instance that runs for one, seen by its expressions, told in its messages."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from orderloom.dsl.feel import from_python
from orderloom.dsl.feel.temporal import Temporal, parse_temporal
from orderloom.dsl.program import Each, Program
from orderloom.engine.errors import NoWayForward
from orderloom.engine.state import Element, OrderState

_NOT_PLAIN = "@"  #: marks what JSON has no value for


def element_of(value: object, lines: object) -> Element:
    """An element as it is kept: of the order's lines by its id, so that what becomes of the line is seen; else the value."""
    if isinstance(value, dict) and isinstance(lines, list) and any(value is line for line in lines):
        return Element(line=value["id"])
    return Element(value=packed(value))


def packed(value: object) -> object:
    """A FEEL value as JSON, from which `unpacked` makes the same value."""
    value = from_python(value)
    match value:
        case None | bool() | str() | Decimal():
            return value
        case list():
            return [packed(item) for item in value]
        case dict():
            fields = {name: packed(item) for name, item in value.items()}
            return {_NOT_PLAIN: fields} if _NOT_PLAIN in fields else fields
        case _ if isinstance(value, Temporal):
            return {_NOT_PLAIN: str(value)}
        case _:
            raise NoWayForward(f"an element of the list is a {type(value).__name__.lower()}, which cannot be kept")


def unpacked(value: object) -> object:
    """The FEEL value of such JSON."""
    match value:
        case list():
            return [unpacked(item) for item in value]
        case {"@": str() as text}:
            return parse_temporal(text)
        case {"@": dict() as fields} | dict(fields):
            return {name: unpacked(item) for name, item in fields.items()}
        case _:
            return value


def elements(program: Program, state: OrderState, instance_id: str) -> dict[str, Element]:
    """The elements that the instance is for, by the names that its process gives them; those around it first."""
    found: list[tuple[str, Element]] = []
    process = state.instances[instance_id].process if instance_id in state.instances else ""
    while "/" in instance_id:
        instance = state.instances[instance_id]
        if instance.process != process:
            break  # a process that is run sees nothing of the one that runs it
        instance_id, _, part = instance_id.rpartition("/")
        step = program.processes[process].steps.get(part.rpartition(".")[0])
        if instance.element is not None and step is not None and isinstance(step.verb, Each):
            found.insert(0, (step.verb.name, instance.element))
    return dict(found)


def seen(element: Element, lines: object) -> object:
    """What an expression sees of it; `lines` are the views of the order's lines."""
    if element.line is None:
        return unpacked(element.value)
    return next((line for line in lines if line["id"] == element.line), None) if isinstance(lines, list) else None


def told(elements: Mapping[str, Element]) -> dict[str, object]:
    """What a message says of them."""
    return {name: element.value if element.line is None else element.line for name, element in elements.items()}
