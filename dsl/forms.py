"""What work for people is written with: the fields that a person fills in, and where work goes that nobody does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from orderloom.dsl.feel.types import BOOLEAN, DATE, NUMBER, STRING, Type, one_of
from orderloom.dsl.fields import Duration, Located, OneOf, Ref, Syntax, Text, TypeText, WrittenType, key

#: What a person may fill in, by its word; `string` is what expressions call a text.
FORM_TYPES: Mapping[str, Type] = {"text": STRING, "string": STRING, "number": NUMBER, "date": DATE, "boolean": BOOLEAN}
TRUTH = ("true", "false")


_TYPE = "text, number, date, boolean, or a list of the texts to choose from."


class FormField(Syntax, frozen=True, eq=False):
    """A field that the person fills in."""

    type: WrittenType = key("type", TypeText(), _TYPE, required=True)
    title: Located[str] | None = key("title", Text(), "What people see.")
    required: Located[str] | None = key("required", OneOf(TRUTH), "Whether it must be filled in; `true` unless said.")


_TO = "The role that has it from then on; whoever has claimed it has it no more."


class Escalation(Syntax, frozen=True, eq=False):
    """Where work goes that nobody has done in time."""

    after: Located[timedelta] = key("after", Duration(), "How long after it came into the queue.", required=True)
    to: Located[str] = key("to", Ref("role"), _TO, required=True)
    every: Located[timedelta] | None = key(
        "every", Duration(), "Once more after each such time, as long as it is open; only the last one may."
    )


def field_type(written: WrittenType) -> Type | None:
    """The type of a field; None where there is no such type."""
    if written.text is None:
        return one_of(*(value.value for value in written.values))
    return FORM_TYPES.get(written.text.value)
