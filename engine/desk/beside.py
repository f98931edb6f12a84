"""What whoever speaks with a customer sees beside him: what there is of items, and in which slots somebody could come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict

from orderloom.dsl.program import Program
from orderloom.engine.access.who import OPERATOR
from orderloom.engine.desk.customers import Timeline
from orderloom.engine.desk.gate import Gate
from orderloom.engine.desk.inquiry import Inquiry, answer
from orderloom.engine.desk.lookup import Lookup
from orderloom.engine.desk.slots import FreeSlot, free_slots
from orderloom.engine.promising.stock_views import Seen
from orderloom.engine.refused import Refused
from orderloom.engine.store import Store

DAYS = 7  #: for which slots are shown, from today on


class Beside(Struct, frozen=True):
    """By item how it stands, as he sees it; and the slots that are free, where he may promise them."""

    stock: dict[str, list[Seen]]
    slots: tuple[FreeSlot, ...]


def beside(store: Store, program: Program, items: Sequence[str], now: datetime, gate: Gate | None = None) -> Beside | Refused:
    """The same for the operator, or for whoever is behind the gate; refused where nothing has such a name."""
    lookup, who = Lookup(store, program), gate.who if gate is not None else OPERATOR
    found: dict[str, list[Seen]] = {}
    for item in items:
        rows = answer(lookup, Inquiry(item, who=who), now)
        if isinstance(rows, Refused):
            return rows
        found[item] = rows
    slots = free_slots(store, program, now, DAYS) if gate is None or gate.may("quote") is None else []
    return slots if isinstance(slots, Refused) else Beside(found, tuple(slots))


def joined(found: Timeline, there: Beside) -> dict[str, object]:
    """Both as one answer; what he does not see of the customer is absent."""
    return {name: value for name, value in asdict(found).items() if value is not None} | asdict(there)
