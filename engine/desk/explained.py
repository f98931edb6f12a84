"""Why an order stands as it does, what has come back of it, what a change of it comes to: cut down to what somebody may see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from orderloom.engine.effects import Record
from orderloom.engine.looked import Looked
from orderloom.engine.modifications.request import Difference
from orderloom.engine.seen import Seen, happened, status
from orderloom.engine.store.queries import MessageLine, RecordLine

#: The field of an order that shows something of a return of it.
RETURN_FIELDS: Mapping[str, str] = {
    "line": "lines",
    "item": "lines",
    "quantity": "lines",
    "reason": "lines",
    "condition": "lines",
    "received": "lines",
    "way": "nodes",
    "node": "nodes",
    "to": "nodes",
    "status": "status",
    "next": "status",
    "refund": "documents",
    "fees": "documents",
}
#: The same of a repair.
REPAIR_FIELDS: Mapping[str, str] = {
    "line": "lines",
    "item": "lines",
    "serial": "lines",
    "told": "lines",
    "node": "nodes",
    "status": "status",
    "outcome": "status",
    "waits_for": "status",
    "fee": "documents",
    "documents": "documents",
    "placed_at": "placed at",
    "customer": "customer",
    "delivered_on": "dates",
    "decided": "decisions",
    "history": "history",
}


def explained(looked: Looked, records: Iterable[RecordLine], exceptions: Iterable[Seen]) -> Seen:
    """The decisions, what happened and what went wrong, each where it is shown to him."""
    told: Seen = {"order": looked.state.order.id}
    if "status" in looked.show:
        told["status"] = status(looked)
    if "decisions" in looked.show:
        told["records"] = list(seen_records(looked, records))
    if "history" in looked.show:
        told["history"] = happened(looked)
    return told | ({"exceptions": found} if (found := list(exceptions)) else {})


def seen_records(looked: Looked, lines: Iterable[RecordLine]) -> Iterator[RecordLine]:
    """A plan speaks of nodes; to whom only some units of work are shown, what is decided of these, without what it compares."""
    for line in lines:
        if not looked.has(line.record.subject) or (line.record.plan is not None and "nodes" not in looked.show):
            continue
        yield line if looked.whole else replace(line, record=_alone(line.record))


def _alone(record: Record) -> Record:
    return replace(record, plan=None, inputs={}, because="")


def seen_return(looked: Looked, id: str, told: Mapping[str, object]) -> Seen | None:
    """What he sees of a return of the order; None where it is of other units of work than he sees."""
    return _seen(looked, "return", id, told, RETURN_FIELDS)


def seen_repair(looked: Looked, id: str, told: Mapping[str, object]) -> Seen | None:
    """What he sees of a repair of what the order sold; None where it is of other units of work than he sees."""
    return _seen(looked, "repair", id, told, REPAIR_FIELDS)


def _seen(looked: Looked, what: str, id: str, told: Mapping[str, object], fields: Mapping[str, str]) -> Seen | None:
    if not looked.has(id):
        return None
    shown = {name: value for name, value in told.items() if fields.get(name) in looked.show}
    return {what: id, "order": looked.state.order.id} | shown


def seen_difference(looked: Looked | None, found: Difference) -> Seen:
    """What a change comes to, as far as he sees the order, without what it costs us.

    Who sees units of work sees which of them it takes back. The fee, and who has to agree, is told to whoever asks.
    """
    show = set(looked.show) if looked is not None and looked.whole else set()
    told: Seen = {"fee": found.fee}
    if {"total", "prices"} & show:
        told |= {"total": found.total, "total_after": found.total_after}
    if "dates" in show:
        told["promised"] = found.promised
    if "ship to" in show:
        told["address"] = found.address
    if "units" in show:
        told["undone"] = found.undone
    return told | ({"approve": found.approve} if found.approve else {})


def seen_requests(looked: Looked, messages: Iterable[MessageLine]) -> Seen:
    """What his organization was asked of what is before him: the key by which it is answered, and whatever it was told."""
    asked = [
        {"request": m.key, "message": m.message, "at": m.at}
        for m in messages
        if m.organization in (looked.who.by, looked.who.organization) and looked.has(asked_of(m.key))
    ]
    return {"requests": asked} if asked else {}


def asked_of(key: str) -> str:
    """The unit of work, or the part of its process, that asks under this key."""
    return key.partition("/")[2].rpartition(":")[0]
