"""What a monitor has raised, and why: once, whatever else happens."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from orderloom.dsl.program import Raising


class Alarm(Struct, frozen=True, omit_defaults=True):
    """An alarm of a monitor, of an order, or of its unit of work or its line.

    `key` is what the events of a pattern have in common.
    """

    monitor: str
    id: str
    order: str
    at: datetime
    because: str
    raises: Raising
    origin: str
    title: str = ""
    unit: str | None = None
    line: str | None = None
    key: str = ""


def words(raises: Raising) -> str:
    """What is raised, in words."""
    told = f"{raises.message} to {raises.notify}" if raises.notify else ""
    parts = (("event", raises.event or ""), ("message", told), ("exception", raises.exception or ""))
    return ", ".join(f"{what} {name}" for what, name in parts if name)
