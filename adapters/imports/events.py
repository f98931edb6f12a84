"""What participants report of orders: the reply to a request, or an event of an order or of one of its units of work.

`id`, the participant's own; `participant`, `order`, `at`, `data`, and either `request` (the key of the message) with `reply`, or
`event`, with `unit`, `line` or `node` where it concerns one; it is checked against its declaration. Without `at`
it is of now. Each counts once, however often it comes.
"""

from __future__ import annotations

from datetime import datetime

from orderloom.adapters.imports.event_fields import check_event, told_of
from orderloom.adapters.imports.fields import Fields
from orderloom.adapters.imports.known import Known
from orderloom.engine.events import Happened, Replied
from orderloom.engine.shell.ports import Incoming


def event_of(row: Fields, known: Known, now: datetime) -> Incoming:
    """The fact of a row; of use only when the row has no problems."""
    at = row.moment_by("at", known.zone, now)
    key, participant, order = row.needed("id"), row.needed("participant"), row.needed("order")
    return Incoming(key, participant, order, _fact(row, known, at, participant))


def _fact(row: Fields, known: Known, at: datetime, participant: str) -> Replied | Happened:
    request, name, data = row.id("request"), row.id("event"), _data(row)
    if (request is None) == (name is None):
        row.problem("either request and reply are needed, or event")
    if request is not None:
        return Replied(at, request, row.needed("reply"), data)
    about = {part: row.id(part) for part in ("unit", "line", "node")}
    declared = known.program.events.get(name or "") if known.program is not None else None
    if name is not None and known.program is not None:
        check_event(row, name, known.program)
    by = participant if declared is not None and declared.about == "participant" else None
    return Happened(at, name or "", data=told_of(row, data, declared), participant=by, **about)


def _data(row: Fields) -> dict[str, object]:
    value = row.raw("data")
    if value is not None and not isinstance(value, dict):
        row.problem("data must be an object")
    return dict(value) if isinstance(value, dict) else {}
