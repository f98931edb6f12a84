"""Slot records: what others have taken of a resource's time.

`resource`, `day`, `slot` (`08:00-10:00`, or `full` for the whole day), and `visits`, where that is more than one: 0 frees it.
"""

from __future__ import annotations

from datetime import date

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import Known
from orderloom.dsl.suggest import hint_for
from orderloom.engine.desk.slots import TakenSlot
from orderloom.engine.servicing.slots import WHOLE_DAY, span_of

FULL = "full"  #: what is said of a day on which a resource has no time left


def slot_of(row: Fields, known: Known) -> TakenSlot:
    """The slot of a row; of use only when the row has no problems."""
    resource, slot = row.needed("resource"), row.needed("slot")
    if resource and resource not in known.resources:
        hint = hint_for(resource, known.resources)
        row.problem(f"unknown resource {resource}" + (f"; {hint}" if hint else ""))
    if slot and slot != FULL and span_of(slot) is None:
        row.problem(f"{slot} is no slot such as 08:00-10:00, nor {FULL}")
    usual = known.resources.get(resource, 1) if slot == FULL else 1
    visits = usual if row.raw("visits") is None else row.count("visits", least=0)
    return TakenSlot(resource, row.day("day", needed=True) or date.min, WHOLE_DAY if slot == FULL else slot, visits)
