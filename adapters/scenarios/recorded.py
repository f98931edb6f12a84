"""A scenario out of an order of a store: what it asked for, the stock that it saw, what was told of it, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct
from msgspec.structs import asdict, fields
from sqlalchemy import select

from orderloom.adapters.props import Props
from orderloom.adapters.replay.stock_then import props_seen
from orderloom.adapters.scenarios import accounts, queue_accounts
from orderloom.adapters.scenarios.written import Record, bare, document
from orderloom.adapters.story import Story, story
from orderloom.engine import wire
from orderloom.engine.events import (
    Cancelled,
    Captured,
    Event,
    Happened,
    HoldApplied,
    HoldResolved,
    Replied,
    Resolved,
    TimeReached,
)
from orderloom.engine.order import Order
from orderloom.engine.refused import Refused
from orderloom.engine.store import Store, past, tables

_COPIED = ("node", "method", "service", "lines", "ship on", "deliver on", "status")  #: of a unit of work
_DOCUMENTS = ("invoice", "payment", "refund")
_INSTANT = timedelta(microseconds=1)


class Recorded(Struct, frozen=True):
    """The text of a scenario; `left_out` says what happened that no scenario can say: there it ends."""

    text: str
    left_out: str = ""


def recorded(store: Store, order: str, name: str) -> Recorded | Refused:
    """The scenario of an order; it ends before the first thing that cannot be said in a scenario."""
    whole = story(store, order)
    if whole is None:
        return Refused(f"there is no order {order} in this store, or no worker has come to it yet")
    events = _events(store, order)
    if not events or not isinstance(events[0], Captured):
        return Refused(f"order {order} was not captured in one go; a scenario begins with an order that is submitted")
    when: list[tuple[datetime, Record]] = [(events[0].at, {"capture": {"order": _order(events[0].order)}})]
    left_out, clock = "", events[0].at
    for event in events[1:]:
        entry = _entry(event, whole)
        if entry is None:
            left_out = f"{type(event).__name__} at {_moment(event.at)} cannot be said in a scenario: it ends before that"
            then = _as_of(store, order, event.at - _INSTANT)
            if then is None:
                return Refused(f"{left_out}, and how the order stood then is not known")
            whole, when = then, [(at, each) for at, each in when if at < event.at]
            break
        if event.at > clock:
            when.append((event.at, {"at": _moment(event.at)}))
        when += [(event.at, each) for each in entry]
        clock = max(clock, event.at)
    with store.reading() as connection:
        items = {line.item for line in events[0].order.lines}
        props = props_seen(connection, store.shard, items, events[0].at, order)
    head: Record = {"kind": "scenario", "name": name, "clock": _moment(events[0].at), "given": _given(props, events[0].order)}
    comment = f"As order {order} went in the store. What others had reserved is not on hand here."
    return Recorded(
        document({**head, "when": [each for _, each in when], "then": list(_then(whole))}, comment, left_out), left_out
    )


def _events(store: Store, order: str) -> list[Event]:
    h = tables.history.c
    rows = select(h.event).where(h.shard == store.shard, h.order_id == order).order_by(h.sequence)
    with store.reading() as connection:
        return [wire.load_event(text) for text in connection.execute(rows).scalars() if text]


def _as_of(store: Store, order: str, at: datetime) -> Story | None:
    found = past.order_at(store, order, at)
    if found is None or isinstance(found, past.Unknown) or found.state is None:
        return None
    return Story(found.state, found.history, found.messages, found.records, found.exceptions, {}, found.tasks)


# --- given -----------------------------------------------------------------------------------------------------------


def _given(props: Props, order: Order) -> Record:
    """The items, the nodes that have any of them or are named by the order, and what nobody else had reserved."""
    named = {order.pickup_node, order.selling_node} | {position.node for position in props.positions}
    named |= set() if props.positions else {each.id for each in props.nodes}
    stock: dict[str, Record] = {}
    supply: list[Record] = []
    for position in props.positions:
        free = sum(part.received - part.reserved for part in position.supplies if part.due_on is None)
        held = bare({"on hand": max(free, 0), "safety stock": position.safety_stock or None, **position.attributes})
        stock.setdefault(position.node, {})[position.item] = held
        supply += [_coming(each) for each in position.supplies if each.due_on is not None and each.unreserved > 0]
    found: Record = {
        "items": {each.id: _fields(each) for each in props.items},
        "nodes": {each.id: _fields(each) for each in props.nodes if each.id in named},
        "stock": stock,
    }
    return {**found, "supply": supply} if supply else found


def _coming(supply: Struct) -> Record:
    told = asdict(supply)
    kept = {name: told[name] for name in ("id", "item", "node", "type", "due_on")}
    return {**kept, "quantity": told["quantity"] - told["reserved"]}


def _fields(value: Struct) -> Record:
    """A record as an import reads it: what is as usual is left out, and the workspace's own fields stand beside ours."""
    told = asdict(value)
    usual = {each.name: each.default for each in fields(value)}
    own = told.pop("attributes", {})
    return bare({**{name: each for name, each in told.items() if name != "id" and each != usual[name]}, **own})


def _order(order: Order) -> Record:
    """The order as it came in: components and shares of its lines are made again."""
    told = _fields(order) | {"id": order.id}
    lines = [{"id": line.id, **_fields(line)} for line in order.lines if line.part_of is None]
    drop = ("bill", "part_of", "apart", "shipping")
    told["lines"] = [{name: each for name, each in line.items() if name not in drop} for line in lines]
    told["customer"] = {"id": order.customer.id, **_fields(order.customer)}
    if order.ship_to is not None:
        told["ship_to"] = _fields(order.ship_to)
    told["payments"] = [_fields(each) for each in order.payments]
    if order.promise is not None:
        told["promise"] = _fields(order.promise)
    told["placed_at"] = _moment(order.placed_at)
    return bare({"id": order.id, **{name: each for name, each in told.items() if name not in ("id", "discount", "traceparent")}})


# --- when ------------------------------------------------------------------------------------------------------------


def _entry(event: Event, told: Story) -> list[Record] | None:
    """What a scenario says in place of an event; nothing for a clock that runs out by itself, None where it has no words."""
    match event:
        case TimeReached():
            return []
        case Replied(key=key, reply=reply, data=data):
            sent = next((each for each in told.messages if each.key == key), None)
            unit = _unit(sent.body.get("unit"), told) if sent else None
            return [{"reply": bare({"unit": unit, "message": sent.message, "reply": reply, "data": data})}] if sent else None
        case Happened(name=name, unit=unit, data=data):
            about = {key: getattr(event, key) for key in ("line", "node", "participant")}
            return [{"event": bare({"name": name, "unit": _unit(unit, told), **about, "data": data})}]
        case Resolved(exception=id, option=option, by=by, note=note, condition=condition):
            kind = next((each.type for each in told.exceptions if each.id == id), None)
            said = {"exception": kind, "option": option, "by": by, "note": note, "condition": condition}
            return [{"resolve": bare(said)}] if kind else None
        case Cancelled(by=by, reason=reason, role=role, agreed=agreed):
            return [{"cancel": bare({"by": by, "as": role, "reason": reason, "agreed": agreed or None})}]
        case HoldApplied(hold=hold, role=role, by=by, line=line, note=note):
            return [{"hold": bare({"hold": hold, "as": role, "by": by, "line": line, "note": note})}]
        case HoldResolved(hold=hold, role=role, by=by, line=line, note=note):
            return [{"release": bare({"hold": hold, "as": role, "by": by, "line": line, "note": note})}]
    return None


def _unit(unit: object, told: Story) -> int | str | None:
    return accounts.number(str(unit), told.state) if unit is not None else None


# --- then ------------------------------------------------------------------------------------------------------------


def _then(told: Story) -> Iterator[Record]:
    yield {"order.status": told.state.status}
    units = [{name: each[name] for name in _COPIED if each[name] is not None} for each in accounts.units(told)]
    if units:
        yield {"units": units}
    yield {"steps": accounts.steps(told)}
    documents = [{key: each[key] for key in _DOCUMENTS if key in each} for each in accounts.documents(told)]
    if documents:
        yield {"documents": documents}
    issues = [each["type"] for each in queue_accounts.exceptions(told)]
    if issues:
        yield {"exceptions": issues}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
