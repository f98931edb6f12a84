"""An exception cut down to what somebody may see of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from orderloom.engine.seen import Seen
from orderloom.engine.store.queries import ExceptionLine

_QUEUED = ("id", "type", "role", "subject", "cause", "claimed_by", "priority", "opened_at", "due_at")


def queued_view(line: ExceptionLine) -> Mapping[str, object]:
    """`exception`, as expressions see it."""
    return {name: getattr(line, name) for name in _QUEUED}


def seen_exception(line: ExceptionLine, show: Sequence[str]) -> Seen:
    """The fields of an exception that are shown; all where none is said."""
    told: Seen = {"order": line.order, "exception": line.id}
    for field in show or _EXCEPTION:
        read = _EXCEPTION.get(field)
        value = read(line) if read is not None else None
        if value is not None:
            told[field.replace(" ", "_")] = value
    return told


_EXCEPTION: dict[str, Callable[[ExceptionLine], object]] = {
    "type": lambda line: line.type,
    "subject": lambda line: line.subject,
    "role": lambda line: line.role,
    "cause": lambda line: line.cause,
    "options": lambda line: line.option if line.closed_at is not None else line.options,
    "priority": lambda line: line.priority,
    "opened at": lambda line: line.opened_at,
    "due at": lambda line: line.due_at,
    "claimed by": lambda line: line.claimed_by,
    "note": lambda line: line.title or None,
}
