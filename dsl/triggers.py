"""What the text of a `wait` means: an event, a duration, or an expression that gives a moment."""

from __future__ import annotations

import re

from orderloom.dsl.leaves import duration

_EVENT = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def event_of(text: str) -> str | None:
    """The name of the event; a single word is always one."""
    return text if _EVENT.fullmatch(text) else None


def moment_of(text: str) -> str | None:
    """The expression that gives a date, or a date and time."""
    return text if event_of(text) is None and duration(text) is None else None
