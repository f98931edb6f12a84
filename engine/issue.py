"""An exception that waits for a decision, and what is offered to whoever decides it."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from decimal import Decimal

from msgspec import Struct


class Offered(Struct, frozen=True, omit_defaults=True):
    """An option that may be taken, with what it means, and its cost and date where they are known."""

    option: str
    title: str = ""
    cost: Decimal | None = None
    date: dt.date | None = None


class OpenIssue(Struct, frozen=True, omit_defaults=True):
    """An exception that waits for a decision. `claimed_by` is who looks after it, `escalated` how often it went on.

    Where an older release opened it, its role is empty, as nobody asks for it.
    """

    id: str
    type: str
    instance: str
    options: tuple[str, ...]
    role: str = ""
    claimed_by: str | None = None
    escalated: int = 0
    opened_at: datetime | None = None

    @property
    def skill(self) -> str | None:
        """No exception asks for one."""
        return None
