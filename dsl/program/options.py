"""Promise options and slips."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from orderloom.dsl.program.formula import Formula, Origin


class PromiseOption(Struct, frozen=True):
    """An option offers the cheapest plan for which `when` is true (None: any), for `price` (None: what the plan costs)."""

    name: str
    when: Formula | None
    price: Formula | None
    origin: Origin


Jeopardy = Literal["LOW", "MEDIUM", "HIGH"]


class Slip(Struct, frozen=True):
    """What becomes of a promise whose supply slips, and how bad that is, by days later than promised.

    Units are sourced again where `source_again` holds, at least `days_saved` days are saved and at most `extra_cost` is added.
    """

    source_again: bool = False
    days_saved: int = 1
    extra_cost: Decimal = Decimal(0)
    medium: int = 1
    high: int = 3
    origin: Origin | None = None

    def jeopardy(self, days_late: int) -> Jeopardy | None:
        """How much a promise is in danger that will be this many days late; None where it is not."""
        if days_late >= self.high:
            return "HIGH"
        return "MEDIUM" if days_late >= self.medium else None
