"""Events that the user declares."""

from __future__ import annotations

from orderloom.dsl import program
from orderloom.dsl.events import fields_of
from orderloom.dsl.formulas import Compiled, origin
from orderloom.dsl.lower.values import formula, text
from orderloom.dsl.resolve import Definitions
from orderloom.dsl.syntax import Event


def lowered_event(event: Event, definitions: Definitions, formulas: Compiled) -> program.Event:
    starts = event.starts
    return program.Event(
        name=event.name.value,
        title=text(event.title, event.name.value),
        about=event.about.value,  # type: ignore[arg-type]  # one of the subjects, as decoded
        origin=origin(event.name.span),
        fields=fields_of(event.name.value, definitions),
        source=event.source.value if event.source is not None else None,
        when=formula(event.when, formulas),
        starts=program.Start(starts.process.value, formula(starts.when, formulas), formula(starts.node, formulas))
        if starts is not None
        else None,
    )
