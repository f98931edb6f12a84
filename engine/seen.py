"""An order cut down to what somebody may see of it. What he may not see is absent, and so is an order that he may not know of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct, to_builtins
from msgspec.structs import replace

from orderloom.dsl.program import Formula, Program, SavedView, StatusMap
from orderloom.engine.access.grants import granted, home, is_own
from orderloom.engine.access.rights import are_declared
from orderloom.engine.access.who import Who
from orderloom.engine.bringing import lines_of, statuses
from orderloom.engine.catalog import Catalog
from orderloom.engine.order import Line
from orderloom.engine.promises.versions import standing
from orderloom.engine.refused import Refused
from orderloom.engine.state import OrderState
from orderloom.engine.unit import Unit
from orderloom.engine.views import cancelled, order_view, unit_view

Seen = dict[str, object]  #: field by its name, snake_case

_DOCUMENTS = ("invoice", "payment", "refund", "fee")  #: that the customer has, too
_TOLD = ("status", "placed at", "total", "lines", "prices", "dates", "documents")  #: what customers are told
_OF_STATUS = ("status", "placed at", "dates")  #: all that a relation shows which grants the status alone


class Looked(Struct, frozen=True, eq=False):
    """An order that is looked at: by whom, with what in reach, and by which entry; `units` are those that he sees."""

    who: Who
    state: OrderState
    program: Program
    catalog: Catalog
    context: Mapping[str, object]
    show: tuple[str, ...]
    units: tuple[Unit, ...]
    whole: bool
    words: StatusMap | None
    history: Sequence[object] = ()

    def word(self, status: str) -> str:
        return self.words.word(status) if self.words is not None else status


def seen_order(
    who: Who, state: OrderState, program: Program, catalog: Catalog, at: datetime, history: Sequence[object] = (),
    saved: SavedView | None = None,
) -> Seen | Refused:  # fmt: skip
    """What somebody with a role sees of an order, in a saved view where one is named; refused where that is nothing."""
    looked = look(who, state, program, catalog, at, history)
    if looked is None:
        return unknown(state.order.id, who)
    if saved is not None and saved.orders is not None and saved.orders(looked.context) is not True:
        return Refused(f"order {state.order.id} is not in the view {saved.name}")
    if saved is not None and saved.show:
        looked = replace(looked, show=tuple(field for field in looked.show if field in saved.show))
    return cut(looked)


def unknown(order: str, who: Who) -> Refused:
    """What is said of an order that somebody may not know of: the same, whether there is one or not."""
    return Refused(
        f"there is no order {order} that {who.role} of {who.organization} may see; "
        f"`sees orders` of the role says which it sees, relations say of whom"
    )


def look(
    who: Who, state: OrderState, program: Program, catalog: Catalog, at: datetime, history: Sequence[object] = ()
) -> Looked | None:
    """The order as it lies before him, by the first entry of his role that fits; None where he may not know of it."""
    flows = flows_to(program, who, state.order.division)
    if not flows & {"orders", "status"} or who.customer not in (None, state.order.customer.id):
        return None
    of = program.of(state.order.division)
    order = order_view(state.order, catalog, of.attributes, state)
    context = {"now": at, "today": at.date(), "order": order, "user": who.view}
    maps = (each for each in of.status_maps.values() if who.role in each.roles)
    words = next((each for each in maps if each.when is None or each.when(context) is True), None)
    shown = _shown(program, who.role, context, words)
    if shown is None:
        return None
    show, which = shown
    if "orders" not in flows:
        show = tuple(name for name in show if name in _OF_STATUS)
    units = tuple(_units(which, state, catalog, context))
    if which is not None and not units:
        return None
    return Looked(who, state, program, catalog, context, show, units, which is None, words, history)


def _shown(
    program: Program, role: str, context: Mapping[str, object], words: StatusMap | None
) -> tuple[tuple[str, ...], Formula | None] | None:
    """The fields that a role sees of an order, and the condition on units of work; None where it sees nothing.

    Where no role says what it sees of orders, a role for which there is a map of statuses sees what a customer is told.
    """
    known = program.roles.get(role)
    if known is None or not are_declared(program):
        return None if words is None else (_TOLD, None)
    entry = next((each for each in known.sees_orders if each.orders(context) is True), None)
    return None if entry is None else (entry.show, entry.units)


def flows_to(program: Program, who: Who, division: str | None) -> frozenset[str]:
    """What somebody may know and do of orders of a division, by the flows: of those of his own organization all."""
    of = home(program, division)
    flows = ("orders", "modifications", "status", "exceptions")
    if is_own(program, who.organization, of):
        return frozenset(flows)
    return frozenset(flow for flow in flows if next(granted(program, of, who.organization, flow), None) is not None)


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


def _units(which: Formula | None, state: OrderState, catalog: Catalog, context: Mapping[str, object]) -> Iterator[Unit]:
    for unit in state.units.values():
        seen = {**context, "unit": unit_view(unit, catalog, state), "node": catalog.node_views.get(unit.node)}
        if which is None or which(seen) is True:
            yield unit


def _lines(looked: Looked) -> Iterator[Line]:
    """The lines as they were ordered; to whom only some units of work are shown, what is in these."""
    theirs = {line for unit in looked.units for line, _, _ in lines_of(looked.state, unit)}
    for line in looked.state.order.lines:
        if line.part_of is None if looked.whole else line.id in theirs:
            yield line


def _line(line: Line, looked: Looked) -> Iterator[tuple[str, object]]:
    state, show = looked.state, looked.show
    yield "line", line.id
    if "lines" in show:
        item = looked.catalog.items.get(line.item)
        yield "item", line.item
        yield "title", item.title if item is not None and item.title else line.item
        yield "quantity", _quantity(line, looked)
    if "prices" in show:
        yield "unit_price", line.unit_price
    if "status" in show and looked.whole:
        yield "status", _status(line, looked)
        if gone := cancelled(line, state):
            yield "cancelled", gone
    arrives = _arrives(line, looked) if "dates" in show else None
    if arrives is not None:
        yield "arrives_on", arrives


def _quantity(line: Line, looked: Looked) -> int:
    if looked.whole:
        return line.quantity
    return sum(units for unit in looked.units for of, _, units in lines_of(looked.state, unit) if of == line.id)


def _status(line: Line, looked: Looked) -> str:
    state, gone = looked.state, cancelled(line, looked.state)
    if gone == line.quantity:
        return looked.word("cancelled")
    told = dict.fromkeys(looked.word(status) for status in statuses(state, _parts(line, looked), given_back=False))
    return ", ".join(told) or looked.word(state.status)


def _arrives(line: Line, looked: Looked) -> date | None:
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


def _total(looked: Looked) -> Seen:
    """The price of what was not given up."""
    order = looked.state.order
    left = ((line.quantity - cancelled(line, looked.state)) * line.unit_price for line in order.lines)
    return {"currency": order.currency, "total": sum(left, Decimal(0))}


def _documents(looked: Looked) -> Seen:
    told = (d for d in looked.state.documents if d.kind in _DOCUMENTS)
    return {"documents": [{"kind": d.kind, "number": d.number, "at": d.at, "amount": d.amount} for d in told]}


def _places(looked: Looked) -> Seen:
    order = looked.state.order
    places = {"selling_node": order.selling_node, "pickup_node": order.pickup_node} if looked.whole else {}
    return {name: node for name, node in places.items() if node is not None}


def _holds(looked: Looked) -> Seen:
    standing = (held for held in looked.state.holds.values() if held.resolved_by is None)
    return {"holds": [{"hold": held.hold, "line": held.line, "since": held.applied_at} for held in standing]}


def _happened(line: Seen) -> Seen:
    """What happened; of an event itself only its kind: what it says is of fields that have names of their own."""
    return {name: value for name, value in line.items() if name != "text" or line["subject"]}


_FIELDS: Mapping[str, Callable[[Looked], Seen]] = {
    "status": lambda looked: {"status": looked.word(looked.state.status)},
    "placed at": lambda looked: {"placed_at": looked.state.order.placed_at},
    "channel": lambda looked: {"channel": looked.state.order.channel},
    "customer": lambda looked: {"customer": to_builtins(looked.state.order.customer)},
    "ship to": lambda looked: {"ship_to": to_builtins(looked.state.order.ship_to)},
    "total": _total,
    "nodes": _places,
    "documents": _documents,
    "holds": _holds,
    "exceptions": lambda looked: {
        "exceptions": [{"exception": e.id, "type": e.type, "subject": e.instance} for e in looked.state.exceptions.values()]
    },
    "history": lambda looked: {"history": [_happened(to_builtins(line)) for line in looked.history]},
}
