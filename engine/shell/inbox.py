"""What comes in: orders and facts. Each takes effect once, however often it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar

from msgspec import Struct
from sqlalchemy import BindParameter, Column, ColumnElement, Connection, and_, bindparam, select, tuple_, union_all
from sqlalchemy.exc import IntegrityError

from orderloom.engine import wire
from orderloom.engine.access.who import OPERATOR, Who
from orderloom.engine.events import Captured, Drafted, Event, ReturnAsked
from orderloom.engine.order import Order
from orderloom.engine.shell.ports import Incoming
from orderloom.engine.state import DRAFT
from orderloom.engine.store import Store, tables
from orderloom.engine.store.connect import hint
from orderloom.engine.store.statements import BEGIN_WAIT, RECEIVE, WAKE, Row, insert, run

T = TypeVar("T")

Taken = Callable[[Order], Captured | Drafted]  #: what is due of an order that comes in

_CHUNK = 500  # orders or facts a transaction, so that a long import holds nobody up
_ORDER = insert(tables.orders)


class Receipt(Struct, frozen=True):
    """What became of a submitted order: taken in as `order`, or `repeated`, `order` being the one that was there before."""

    order: str
    repeated: bool = False


class Reported(Struct, frozen=True):
    """What became of reported facts: `repeated` were known, `unknown` concern no order of this store; neither has an effect."""

    accepted: int = 0
    repeated: tuple[Incoming, ...] = ()
    unknown: tuple[Incoming, ...] = ()


def due_row(shard: int, order: str, key: str, event: Event, at: datetime) -> Row:
    """The row that wakes an order with an event at a moment."""
    return (shard, order, key, wire.moment_text(at), _tag(event), wire.dump_event(event), 0)


def _tag(event: Event) -> str:
    return str(type(event).__struct_config__.tag)


# --- orders ----------------------------------------------------------------------------------------------------------


def capture(
    store: Store, orders: Iterable[Order], program: str, at: datetime | None = None, who: Who = OPERATOR
) -> tuple[Receipt, ...]:
    """Takes orders in, to run on the version with this digest; one receipt for each, in order.

    An order is known by its id, and by its number within its channel. It takes effect `at` that moment, else when it was placed.
    `who` captured it is kept with it.
    """
    return _in_chunks(store, orders, program, lambda order: Captured(at or order.placed_at, order, who.by, who.role))


def capture_brought(store: Store, order: Order, program: str, asked: ReturnAsked) -> Receipt:
    """Takes in what somebody brings back whose sale nobody knows, as an order that has sold nothing."""
    [receipt] = _in_chunks(store, [order], program, lambda each: Captured(asked.at, each, asked.by, asked.role, asked.request))
    return receipt


def draft(
    store: Store, orders: Iterable[Order], program: str, at: datetime, until: datetime, who: Who = OPERATOR
) -> tuple[Receipt, ...]:
    """Keeps orders that are not submitted yet, and holds what they would take `until` a moment; one receipt for each, in order.

    A draft that is there already is replaced and held anew; an order that was submitted is `repeated`, and stays as it is.
    """
    return _in_chunks(store, orders, program, lambda order: Drafted(at, order, until, who.by, who.role))


def _in_chunks(store: Store, orders: Iterable[Order], program: str, event_of: Taken) -> tuple[Receipt, ...]:
    receipts: list[Receipt] = []
    for chunk in _chunks(orders):
        receipts += _chunk_in(store, chunk, program, event_of)
    return tuple(receipts)


def _chunk_in(store: Store, chunk: list[Order], program: str, event_of: Taken, tries: int = 3) -> list[Receipt]:
    """Takes orders in; once more where somebody else has taken one of them in meanwhile, under its id or its number."""
    try:
        with store.writing() as connection:
            receipts = _take_in(connection, store.shard, chunk, program, event_of)
            hint(connection)
            return receipts
    except IntegrityError:
        if tries == 1:
            raise
    return _chunk_in(store, chunk, program, event_of, tries - 1)


def _take_in(connection: Connection, shard: int, orders: list[Order], program: str, event_of: Taken) -> list[Receipt]:
    """Takes in orders that are new, and what is new of drafts."""
    by_id, by_number = _known(connection, shard, orders)
    drafts = _drafts(connection, shard, list(by_id))
    receipts, rows, wakes = [], [], []
    for order in orders:
        number, event = (order.channel, order.external_id), event_of(order)
        known = by_id.get(order.id) or (by_number.get(number) if order.external_id else None)
        receipts.append(Receipt(known or order.id, known is not None and order.id not in drafts))
        if known is None:
            by_id[order.id] = by_number[number] = order.id
            rows.append(_order_row(shard, order, program, event))
        if known is None or order.id in drafts:
            wakes.append(due_row(shard, order.id, _tag(event), event, event.at))
        if isinstance(event, Captured):
            drafts.discard(order.id)
    run(connection, _ORDER, sorted(rows, key=_id))  # in one order always, for whoever captures the same meanwhile
    run(connection, BEGIN_WAIT, sorted(wakes, key=_id))
    return receipts


def _id(row: Row) -> str:
    """The order that a row is of."""
    return str(row[1])


def _drafts(connection: Connection, shard: int, ids: list[str]) -> set[str]:
    """Those of these orders that are drafts and that nobody has submitted."""
    return set(connection.execute(_DRAFTS, {"shard": shard, "ids": ids}).scalars()) if ids else set()


def _known(connection: Connection, shard: int, orders: list[Order]) -> tuple[dict[str, str], dict[tuple[str, str | None], str]]:
    ids = connection.execute(_KNOWN_BY_ID, {"shard": shard, "ids": [order.id for order in orders]}).scalars()
    numbers = [(order.channel, order.external_id) for order in orders if order.external_id]
    found = connection.execute(_KNOWN_BY_NUMBER, _with_these(shard, numbers)).all() if numbers else ()
    return {key: key for key in ids}, {(channel, number): key for channel, number, key in found}


def _order_row(shard: int, order: Order, program: str, event: Captured | Drafted) -> Row:
    placed_at = wire.moment_text(order.placed_at)
    known_as = (order.id, order.channel, order.external_id, order.customer.id, order.division)
    status = DRAFT if isinstance(event, Drafted) else "captured"
    return (shard, *known_as, status, None, 0, program, placed_at, None, "", None, order.queue)


# --- facts -----------------------------------------------------------------------------------------------------------


def report(store: Store, incoming: Iterable[Incoming]) -> Reported:
    """Takes in what participants report; each fact takes effect at its own moment, in any order and number of repetitions."""
    accepted, repeated, unknown = 0, list[Incoming](), list[Incoming]()
    for chunk in _chunks(incoming):
        with store.writing() as connection:
            part = put_facts(connection, store.shard, chunk)
            hint(connection)
        accepted += part.accepted
        repeated += part.repeated
        unknown += part.unknown
    return Reported(accepted, tuple(repeated), tuple(unknown))


def put_facts(connection: Connection, shard: int, incoming: Sequence[Incoming]) -> Reported:
    """Takes facts in within a transaction."""
    if not incoming or _all_of_orders(connection, shard, incoming):
        return Reported(len(incoming))
    # One of them is known or concerns no order. Where somebody else takes in the same meanwhile, more are known the next time.
    for _ in incoming:
        found, new = _sifted(connection, shard, incoming)
        if _all_of_orders(connection, shard, new):
            return found
    found, new = _sifted(connection, shard, incoming)
    _all_new(connection, shard, new)  # what is wrong is none of these, and is raised
    return found


def _sifted(connection: Connection, shard: int, incoming: Sequence[Incoming]) -> tuple[Reported, list[Incoming]]:
    """What is to be told of the facts, and those among them that are new. No order is held: a worker may hold others of them."""
    ids = sorted({fact.order for fact in incoming})
    orders = set(connection.execute(_ORDERS_BY_ID, {"shard": shard, "ids": ids}).scalars())
    seen = _seen(connection, shard, incoming)
    repeated, unknown, new = [], [], []
    for fact in incoming:
        if fact.order not in orders:
            unknown.append(fact)
        elif (fact.participant, fact.key) in seen:
            repeated.append(fact)
        else:
            seen.add((fact.participant, fact.key))
            new.append(fact)
    return Reported(len(new), tuple(repeated), tuple(unknown)), new


def _all_of_orders(connection: Connection, shard: int, incoming: Sequence[Incoming]) -> bool:
    """Takes in all of them, as nearly always it can be; otherwise, as where one concerns no order, none."""
    try:
        return _all_new(connection, shard, incoming)
    except IntegrityError:
        return False


def _all_new(connection: Connection, shard: int, incoming: Sequence[Incoming]) -> bool:
    """Takes in all of them, or none where one is known."""
    with connection.begin_nested() as attempt:
        if _put(connection, shard, incoming) == len(incoming):
            return True
        attempt.rollback()
    return False


def lock_orders(connection: Connection, shard: int, ids: Iterable[str]) -> set[str]:
    """Keeps everybody else from working on these orders until the transaction ends; those that there are.

    Facts may come in of them meanwhile: who tells of them holds stock, and would wait for one who waits for that.
    """
    asked = {"shard": shard, "ids": sorted(set(ids))}
    return set(connection.execute(_ORDERS_BY_ID.with_for_update(key_share=True), asked).scalars())


def _put(connection: Connection, shard: int, facts: Sequence[Incoming]) -> int:
    """Writes facts that are not known yet; how many were not. Whoever tells the same meanwhile does so in the same order."""
    facts = sorted(facts, key=_place)
    new = run(connection, RECEIVE, [(shard, f.participant, f.key, f.order, wire.moment_text(f.event.at)) for f in facts])
    run(connection, WAKE, [due_row(shard, f.order, f"in/{f.participant}/{f.key}", f.event, f.event.at) for f in facts])
    return new


_place = attrgetter("order", "participant", "key")


def _seen(connection: Connection, shard: int, incoming: Sequence[Incoming]) -> set[tuple[str, str]]:
    keys = [(fact.participant, fact.key) for fact in incoming]
    return {(participant, key) for participant, key in connection.execute(_SEEN, _with_these(shard, keys))}


def _with_these(shard: int, keys: Sequence[tuple[str, str | None]]) -> dict[str, object]:
    """Asks for keys of two parts. Each part is asked for as well, because by that alone SQLite finds the rows by its index."""
    firsts, seconds = (sorted({str(part) for part in parts}) for parts in zip(*keys, strict=True))
    return {"shard": shard, "keys": keys, "firsts": firsts, "seconds": seconds}


_o, _i, _a = tables.orders.c, tables.inbox.c, tables.archived.c
_keys: BindParameter[tuple[str, str]] = bindparam("keys", expanding=True)
_firsts: BindParameter[str] = bindparam("firsts", expanding=True)
_seconds: BindParameter[str] = bindparam("seconds", expanding=True)
_ORDERS_BY_ID = select(_o.id).where(_o.shard == bindparam("shard"), _o.id.in_(bindparam("ids", expanding=True))).order_by(_o.id)
_d = tables.due.c
_DRAFTS = _ORDERS_BY_ID.where(
    _o.status == DRAFT, ~select(_d.key).where(_d.shard == _o.shard, _d.order_id == _o.id, _d.key == "captured").exists()
)
#: An order that has gone to an archive is known, too.
_KNOWN_BY_ID = union_all(
    _ORDERS_BY_ID.order_by(None),
    select(_a.order_id).where(_a.shard == bindparam("shard"), _a.order_id.in_(bindparam("ids", expanding=True))),
)


def _one_of_these(shard: Column[int], first: Column[Any], second: Column[Any]) -> ColumnElement[bool]:
    return and_(shard == bindparam("shard"), first.in_(_firsts), second.in_(_seconds), tuple_(first, second).in_(_keys))


_KNOWN_BY_NUMBER = union_all(
    select(_o.channel, _o.external_id, _o.id).where(_one_of_these(_o.shard, _o.channel, _o.external_id)),
    select(_a.channel, _a.external_id, _a.order_id).where(_one_of_these(_a.shard, _a.channel, _a.external_id)),
)
_SEEN = select(_i.participant, _i.key).where(_one_of_these(_i.shard, _i.participant, _i.key))


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(values)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
