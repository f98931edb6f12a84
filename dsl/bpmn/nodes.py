"""What a node of a diagram is in BPMN."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from orderloom.dsl.program import (
    LATE,
    Choose,
    Decide,
    Each,
    End,
    Parallel,
    Raise,
    Run,
    Step,
    TakeBack,
    Task,
    Tell,
    Wait,
)

Kind = Literal[
    "start", "end", "timer", "take-back", "gateway", "split", "join", "some",
    "service", "user", "send", "receive", "rule", "call", "sub",
]  # fmt: skip
EVENTS = ("start", "end", "timer", "take-back")  #: drawn as circles
GATEWAYS = ("gateway", "split", "join", "some")  #: drawn as diamonds; everything else is an activity


class Node(Struct, frozen=True):
    """One node; `step` is that which it stands for, None for what BPMN has besides."""

    name: str
    kind: Kind
    title: str
    step: Step | None = None

    @property
    def activity(self) -> bool:
        return self.kind not in EVENTS and self.kind not in GATEWAYS


def kind_of(step: Step) -> Kind:
    """What a step is."""
    match step.verb:
        case Task() | Raise():
            return "user"
        case Tell():
            return "send"
        case Wait(event):
            return "receive" if event or LATE in step.ways else "timer"
        case Choose():
            return "gateway"
        case Decide():
            return "rule"
        case TakeBack():
            return "take-back"
        case End():
            return "end"
        case Parallel() | Each():
            return "sub"
        case Run():
            return "call"
        case _:
            return "service"
