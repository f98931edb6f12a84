"""Monitors."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from orderloom.dsl.program.formula import Formula, Origin

LONGEST = Decimal(36500)  #: days of supply of what nobody wants, and the most that cover ever is


class Monitor(Struct, frozen=True):
    """Raises the alert `event` of an item, or of its position at each node, when `when` holds; clears it when `until` holds.

    The nodes for which `nodes` holds count, all where it is None. `days` is the window of velocity and cover, None where neither
    is used.
    """

    name: str
    title: str
    watch: Literal["item", "position"]
    nodes: Formula | None
    method: str
    when: Formula
    until: Formula
    days: int | None
    event: str
    origin: Origin
