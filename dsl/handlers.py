"""What is written of a process's handlers: what they are for, and what their blocks are called."""

from __future__ import annotations

from orderloom.dsl.fields import Located
from orderloom.dsl.forms import TRUTH
from orderloom.dsl.steps import AnyHandler, OnEvent, Process


def labels_of(process: Process) -> list[str]:
    """What the block of each handler is called: by its event; by its first step, too, where that has one already, and on time."""
    found, taken = list[str](), {"@time"}
    for handler in process.handlers:
        event, first = event_of_handler(handler), handler.steps[0].name if handler.steps else None
        name = f"@{event.value}" if event is not None else "@time"
        found.append(f"{name}.{first.value}" if name in taken and first is not None else name)
        taken.add(name)
    return found


def beside(handler: AnyHandler) -> bool:
    """Whether it runs beside the process."""
    return handler.beside is not None and handler.beside.value == TRUTH[0]


def event_of_handler(handler: AnyHandler) -> Located[str] | None:
    """The event that a handler takes up; None where it is one on time."""
    return handler.on if isinstance(handler, OnEvent) else None
