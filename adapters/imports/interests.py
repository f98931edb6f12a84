"""Records of what customers are interested in; see `Interest`. One without an id is known by all that it says."""

from __future__ import annotations

from datetime import datetime

from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import Known
from orderloom.adapters.imports.orders import price_of
from orderloom.engine import wire
from orderloom.engine.interest import KINDS, Interest


def interest_of(row: Fields, known: Known, now: datetime) -> Interest:
    """The interest of a record; of use only when the record has no problems."""
    customer, item, kind, channel = row.needed("customer"), known.item(row, "item"), row.needed("kind"), row.needed("channel")
    at = row.moment_by("at", known.zone, now)
    if kind and kind not in KINDS:
        row.problem(f"kind must be one of {', '.join(KINDS)}, not {kind}")
    id = row.id("id") or f"{channel}/{kind}/{item}/{wire.moment_text(at)}"
    quantity, price = row.count("quantity", least=1), price_of(row, "price")
    return Interest(id, customer, item, kind, channel, at, quantity, price, row.text("note") or "")
