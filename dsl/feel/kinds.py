"""The FEEL type of a value, in words."""

from orderloom.dsl.feel.conform import CLASSES
from orderloom.dsl.feel.ranges import Range
from orderloom.dsl.feel.scope import Function
from orderloom.dsl.feel.values import from_python

_WORDS = {python: name for name, python in CLASSES.items()} | {
    list: "list", dict: "context", Range: "range", Function: "function", type(None): "null",
}  # fmt: skip


def kind_of(value: object) -> str:
    """`number`, `date and time`, `list`, `null` ..."""
    return _WORDS.get(type(from_python(value)), "value")
