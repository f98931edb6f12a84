"""Events that the user declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

from orderloom.dsl.feel.types import Type
from orderloom.dsl.program.formula import Formula, Origin

Subject = Literal["order", "line", "unit", "node", "participant"]


class Start(Struct, frozen=True):
    """The process that an event starts, where `when` holds; `node` is where a new unit of work is done."""

    process: str
    when: Formula | None = None
    node: Formula | None = None


class Event(Struct, frozen=True):
    """An event. `source` is the event that it comes of where `when` holds; with `when` alone it comes of a change of the order.

    `fields` are those that its facts have, where it has a source those of the source.
    """

    name: str
    title: str
    about: Subject
    origin: Origin
    fields: Mapping[str, Type] = field(default_factory=dict)
    source: str | None = None
    when: Formula | None = None
    starts: Start | None = None

    @property
    def reported(self) -> bool:
        """Whether participants report it: it comes of nothing else."""
        return self.source is None and self.when is None
