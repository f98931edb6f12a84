"""Who asks: the name under which somebody works, and how late what waits for him is."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from getpass import getuser
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def user() -> str:
    """The user's name; the number where the system has no name for it, as in many containers."""
    try:
        return getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def by_option(command: F) -> F:
    """The option that says who does it."""
    return click.option("--by", default=user, show_default="your user name", help="Who does it.")(command)


def lateness(due_at: datetime | None, closed_at: datetime | None, now: datetime) -> str | None:
    """How long it is overdue, in its largest whole unit, or was when it was closed; None where it is not."""
    until = closed_at or now
    if due_at is None or due_at >= until:
        return None
    minutes = int((until - due_at).total_seconds() // 60)
    for size, word in ((1440, "d"), (60, "h")):
        if minutes >= size:
            return f"{minutes // size} {word}"
    return f"{minutes} min"
