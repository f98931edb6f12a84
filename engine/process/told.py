"""What is told of an event or in a reply: whether it fits the fields that are declared, and how expressions see it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from orderloom.dsl.actions import EVENTS
from orderloom.dsl.feel.conform import is_a
from orderloom.dsl.feel.types import BOOLEAN, BY_NAME, NUMBER, Simple, Type
from orderloom.dsl.program import Program
from orderloom.engine.events import Happened
from orderloom.engine.views import View, typed

DIGITS = 34  #: of a number, as expressions have them


def in_types(data: Mapping[str, object], fields: Mapping[str, Type]) -> dict[str, object]:
    """The data, where a text stands for a number, yes or no that a field wants as such."""
    return {name: _read(value, fields.get(name)) for name, value in data.items()}


def _read(value: object, kind: Type | None) -> object:
    if not isinstance(value, str) or kind not in (NUMBER, BOOLEAN):
        return value
    if kind == BOOLEAN:
        return {"true": True, "false": False}.get(value.lower(), value)
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    return number if number.is_finite() and abs(number.adjusted()) < DIGITS else value


def misfits(data: Mapping[str, object], fields: Mapping[str, Type]) -> str:
    """What of the data is not of the type of its field, in words; empty where all is. What has no field is not looked at."""
    wrong = [
        f"{name} is {data[name]!r}, and {_wanted(kind)} is needed" for name, kind in fields.items() if _misfit(data, name, kind)
    ]
    return "; ".join(wrong)


def _misfit(data: Mapping[str, object], name: str, kind: Type) -> bool:
    if data.get(name) is None:
        return False
    try:
        value = typed(data[name], kind)
    except ValueError:
        return True
    return not is_a(value, kind) or (isinstance(kind, Simple) and bool(kind.values) and value not in kind.values)


def _wanted(kind: Type) -> str:
    return "one of " + ", ".join(map(str, kind.values)) if isinstance(kind, Simple) and kind.values else f"a {kind}"


NO_EVENT: View = {"name": None, "at": None}  #: before anything has happened


def event_view(event: Happened, program: Program) -> View:
    """The context of an event: its name, its moment, and its fields in their types; of one without fields all that was told."""
    declared = program.events.get(event.name)
    fields = declared.fields if declared else ENGINE_FIELDS.get(event.name, {})
    told = {name: typed(event.data.get(name), kind) for name, kind in fields.items()} if fields else event.data
    return {**told, "name": event.name, "at": event.at}


#: What the engine tells of its own events.
ENGINE_FIELDS = {name: {field: BY_NAME[text] for field, text in event.fields.items()} for name, event in EVENTS.items()}
