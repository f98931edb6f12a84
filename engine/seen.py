"""An order cut down to what somebody may see of it. What he may not see is absent, and so is an order that he may not know of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct, to_builtins
from msgspec.structs import asdict, replace

from orderloom.dsl.program import Program, SavedView
from orderloom.engine.access.who import Who
from orderloom.engine.bringing import lines_of, statuses
from orderloom.engine.catalog import Catalog
from orderloom.engine.looked import Looked, look, unknown
from orderloom.engine.order import Line
from orderloom.engine.promises.versions import standing
from orderloom.engine.refused import Refused
from orderloom.engine.state import OrderState
from orderloom.engine.unit import Unit
from orderloom.engine.views import cancelled

Seen = dict[str, object]  #: field by its name, snake_case

_DOCUMENTS = ("invoice", "payment", "refund", "fee")  #: that the customer has, too
_OF_MONEY = ("document", "money", "appeasement")  #: what happened that says an amount


def seen_order(
    who: Who, state: OrderState, program: Program, catalog: Catalog, at: datetime, history: Sequence[Struct] = (),
    saved: SavedView | None = None,
) -> Seen | Refused:  # fmt: skip
    """What somebody with a role sees of an order, in a saved view where one is named; refused where that is nothing."""
    looked = look(who, state, program, catalog, at, history)
    return unknown(state.order.id, who) if looked is None else seen_in(looked, saved)


def seen_in(looked: Looked, saved: SavedView | None = None) -> Seen | Refused:
    """What is shown of an order that lies before somebody, in a saved view where one is named; refused if it is not in that."""
    if saved is not None and saved.orders is not None and saved.orders(looked.context) is not True:
        return Refused(f"order {looked.state.order.id} is not in the view {saved.name}")
    if saved is not None and saved.show:
        looked = replace(looked, show=tuple(field for field in looked.show if field in saved.show))
    return cut(looked)


def cut(looked: Looked) -> Seen:
    """The fields that are shown, and no others."""
    found: Seen = {"order": looked.state.order.id}
    for field in looked.show:
        read = _FIELDS.get(field)
        if read is not None:
            found |= read(looked)
    if {"lines", "prices", "dates"} & set(looked.show):
        found["lines"] = [dict(_line(line, looked)) for line in _lines(looked)]
    if {"units", "nodes"} & set(looked.show):
        found["units"] = [dict(_unit(unit, looked)) for unit in looked.units]
    return found


def _lines(looked: Looked) -> Iterator[Line]:
    """The lines as they were ordered; to whom only some units of work are shown, what is in these."""
    return (line for line in looked.state.order.lines if line.id in looked.counts)


def _line(line: Line, looked: Looked) -> Iterator[tuple[str, object]]:
    state, show = looked.state, looked.show
    yield "line", line.id
    if "lines" in show:
        item = looked.catalog.items.get(line.item)
        yield "item", line.item
        yield "title", item.title if item is not None and item.title else line.item
        yield "quantity", looked.counts[line.id]
    if "prices" in show:
        yield "unit_price", line.unit_price
    if "status" in show and looked.whole:
        yield "status", _status(line, looked)
        if gone := cancelled(line, state):
            yield "cancelled", gone
    arrives = _arrives(line, looked) if "dates" in show else None
    if arrives is not None:
        yield "arrives_on", arrives


def _status(line: Line, looked: Looked) -> str:
    state, gone = looked.state, cancelled(line, looked.state)
    if gone == line.quantity:
        return looked.word("cancelled")
    told = dict.fromkeys(looked.word(status) for status in statuses(state, _parts(line, looked), given_back=False))
    return ", ".join(told) or looked.word(state.status)


def _arrives(line: Line, looked: Looked) -> date | None:
    if not looked.whole:
        of_line = (u for u in looked.units if any(line.id == of for of, _, _ in lines_of(looked.state, u)))
        return max((unit.deliver_on for unit in of_line if unit.deliver_on is not None), default=None)
    parts, gone = _parts(line, looked), cancelled(line, looked.state)
    days = [p.deliver_on for p in standing(looked.state) if p.line in parts and gone < line.quantity]
    return max((day for day in days if day is not None), default=None)


def _parts(line: Line, looked: Looked) -> set[str]:
    return {part.id for part in looked.state.order.lines if line.id in (part.id, part.part_of)}


def _unit(unit: Unit, looked: Looked) -> Iterator[tuple[str, object]]:
    yield "unit", unit.id
    if "nodes" in looked.show:
        yield "node", unit.node
    if "units" in looked.show:
        yield "type", unit.type
        yield "status", unit.status
        yield "lines", [{"line": line, "item": item, "quantity": n} for line, item, n in lines_of(looked.state, unit)]
        yield "ship_on", unit.ship_on
    if "dates" in looked.show:
        yield "deliver_on", unit.deliver_on


def status(looked: Looked) -> str:
    """How the order stands, in his words; to whom only some units of work are shown, how these do."""
    if looked.whole:
        return looked.word(looked.state.status)
    return ", ".join(dict.fromkeys(looked.word(unit.status) for unit in looked.units))


def total(looked: Looked) -> Decimal:
    """The price of what was not given up; to whom only some units of work are shown, of what is in these."""
    left = {line.id: line.quantity - cancelled(line, looked.state) for line in looked.state.order.lines}
    counts = left if looked.whole else looked.counts
    return sum((counts.get(line.id, 0) * line.unit_price for line in looked.state.order.lines), Decimal(0))


def _documents(looked: Looked) -> Seen:
    told = (d for d in looked.state.documents if d.kind in _DOCUMENTS and looked.has(d.unit))
    return {"documents": [{"kind": d.kind, "number": d.number, "at": d.at, "amount": d.amount} for d in told]}


def _places(looked: Looked) -> Seen:
    order = looked.state.order
    places = {"selling_node": order.selling_node, "pickup_node": order.pickup_node} if looked.whole else {}
    return {name: node for name, node in places.items() if node is not None}


def _holds(looked: Looked) -> Seen:
    """Those that stand: of the whole order, and of the lines that are before him."""
    open_ = (held for held in looked.state.holds.values() if held.resolved_by is None)
    theirs = (held for held in open_ if looked.whole or held.line is None or held.line in looked.counts)
    return {"holds": [{"hold": held.hold, "line": held.line, "since": held.applied_at} for held in theirs]}


def happened(looked: Looked) -> list[Seen]:
    """What happened of what is before him; of an event itself only its kind: what it says is of fields with names of their own.

    So it is of a document or an amount, for whoever is shown no documents.
    """
    lines = [asdict(line) for line in looked.history]
    theirs = {line["sequence"] for line in lines if looked.whole or (line["subject"] and looked.has(line["subject"]))}
    silent = () if "documents" in looked.show else _OF_MONEY
    return [
        {name: value for name, value in line.items() if name != "text" or (line["subject"] and line["kind"] not in silent)}
        for line in lines
        if line["sequence"] in theirs and (not line["subject"] or looked.has(line["subject"]))
    ]


_FIELDS: Mapping[str, Callable[[Looked], Seen]] = {
    "status": lambda looked: {"status": status(looked)},
    "placed at": lambda looked: {"placed_at": looked.state.order.placed_at},
    "channel": lambda looked: {"channel": looked.state.order.channel},
    "customer": lambda looked: {"customer": to_builtins(looked.state.order.customer)},
    "ship to": lambda looked: {"ship_to": to_builtins(looked.state.order.ship_to)},
    "total": lambda looked: {"currency": looked.state.order.currency, "total": total(looked)},
    "nodes": _places,
    "documents": _documents,
    "holds": _holds,
    "exceptions": lambda looked: {
        "exceptions": [
            {"exception": e.id, "type": e.type, "subject": e.instance}
            for e in looked.state.exceptions.values()
            if looked.has(e.instance)
        ]
    },
    "history": lambda looked: {"history": happened(looked)},
}
