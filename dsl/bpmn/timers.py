"""Clocks as BPMN has them: a duration in ISO 8601, or an expression that gives a moment."""

from __future__ import annotations

from datetime import timedelta
from xml.etree.ElementTree import Element, SubElement

from orderloom.dsl.program import Formula, Handler, Step, Task, Wait

XSI = "{http://www.w3.org/2001/XMLSchema-instance}type"


def timer(event: Element, name: str, step: Step) -> None:
    """What a wait for a moment or a duration waits for."""
    if isinstance(step.verb, Wait):
        _written(event, name, step.verb.moment, step.verb.duration)


def begins(event: Element, name: str, handler: Handler) -> None:
    """When a handler on time begins."""
    _written(event, name, handler.at, handler.after)


def clock(event: Element, name: str, step: Step) -> None:
    """When a step is late."""
    moment = step.verb.deadline if isinstance(step.verb, Wait) else step.verb.due if isinstance(step.verb, Task) else None
    _written(event, name, None if step.within else moment, step.within)


def _written(event: Element, name: str, moment: Formula | None, duration: timedelta | None) -> None:
    definition = SubElement(event, "timerEventDefinition", id=name)
    if moment is not None:
        SubElement(definition, "timeDate", {XSI: "tFormalExpression"}).text = moment.text
    else:
        SubElement(definition, "timeDuration", {XSI: "tFormalExpression"}).text = iso(duration or timedelta())


def iso(duration: timedelta) -> str:
    """A duration in ISO 8601: P2D, PT36H, P1DT30M."""
    minutes, seconds = divmod(int(duration.total_seconds()) % 86400, 60)
    hours, minutes = divmod(minutes, 60)
    time = "".join(f"{amount}{unit}" for amount, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if amount)
    days = f"{duration.days}D" if duration.days else ""
    return f"P{days}T{time}" if time else f"P{days or 'T0S'}"
