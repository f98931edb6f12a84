"""Every kind of record that can be imported, with how a store takes it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from orderloom.adapters.imports.asked import Asked, asked_of, not_his
from orderloom.adapters.imports.events import event_of
from orderloom.adapters.imports.file import Kind, Verdict, Warned
from orderloom.adapters.imports.forecast import forecast_of
from orderloom.adapters.imports.interests import interest_of
from orderloom.adapters.imports.items import item_of
from orderloom.adapters.imports.moves import adjustment_of, count_of, receipt_of
from orderloom.adapters.imports.nodes import node_of
from orderloom.adapters.imports.orders import order_of
from orderloom.adapters.imports.repeats import Sees, captured, everybody
from orderloom.adapters.imports.returns import Told, told_of
from orderloom.adapters.imports.slots import slot_of
from orderloom.adapters.imports.stock import position_of
from orderloom.adapters.imports.supply import supply_of
from orderloom.adapters.versions import versions
from orderloom.dsl.program import Program
from orderloom.engine.access.who import OPERATOR, Who
from orderloom.engine.desk.broadcast import Broadcast, broadcast
from orderloom.engine.desk.reference_data import put_items, put_nodes, put_positions, put_supplies
from orderloom.engine.desk.returns import KNOWN, ask_return
from orderloom.engine.desk.slots import TakenSlot, put_taken
from orderloom.engine.desk.stock_inbox import Taken, adjust, count, receive
from orderloom.engine.events import Happened, Replied
from orderloom.engine.forecast.expected import Expected
from orderloom.engine.interest import Interest
from orderloom.engine.ledger.messages import Adjustment, Count, SupplyReceipt
from orderloom.engine.ledger.stock import Position, Supply
from orderloom.engine.refused import Refused
from orderloom.engine.shell.foresight import put_forecast
from orderloom.engine.shell.inbox import report
from orderloom.engine.shell.ports import Incoming
from orderloom.engine.store import Store, tables
from orderloom.engine.store.interests import put_interests
from orderloom.engine.store.stock_rows import supplies_there

T = TypeVar("T")
Verdicts = Sequence[Verdict | Warned | Refused]


def kinds(
    store: Store, program: Program, now: datetime, captured_at: datetime | None, as_of: datetime | None = None, version: str = "",
    who: Who = OPERATOR, sees: Sees = everybody,
) -> Mapping[str, Kind[Any]]:  # fmt: skip
    """The kinds by name, in the order in which they build on each other.

    Orders run on the version with the digest `version`, else on the one that `program` is, from `captured_at` on, else from when
    they were placed. `who` captured them is kept, and of those that are there he is told of what he `sees`. A snapshot is `as_of`
    that moment, else of now.
    """
    first_day = cache(lambda: _first_day(store, now))
    found: tuple[Kind[Any], ...] = (
        Kind("nodes", node_of, lambda node: node.id, _all(lambda nodes: put_nodes(store, nodes))),
        Kind("items", item_of, lambda item: item.id, _all(lambda items: put_items(store, items))),
        Kind("stock", position_of, _place, _each(lambda positions: put_positions(store, positions, now))),
        Kind("supply", supply_of, lambda supply: supply.id, lambda supplies: _expect_supplies(store, supplies, now)),
        Kind(
            "orders",
            order_of,
            lambda order: order.id,
            lambda orders: captured(store, orders, version or program.digest, captured_at, who, sees),
        ),
        Kind(
            "forecast",
            lambda row, known: forecast_of(row, known, first_day()),
            _of_region,
            _all(lambda rows: _expect(store, rows)),
        ),
        Kind("adjustments", lambda row, known: adjustment_of(row, known, now), _id, _taken(lambda told: adjust(store, told))),
        Kind("receipts", lambda row, known: receipt_of(row, known, now), _id, _taken(lambda told: receive(store, told))),
        Kind("events", lambda row, known: event_of(row, known, now), _fact, lambda facts: _told(store, program, facts)),
        Kind(
            "returns", lambda row, known: told_of(row, known, now), lambda told: told.number, lambda told: _come_back(store, told)
        ),
        Kind("slots", slot_of, _taken_slot, lambda told: _take_slots(store, program, told, now)),
        Kind(
            "interests",
            lambda row, known: interest_of(row, known, now),
            lambda told: f"{told.id} of {told.customer}",
            lambda told: _interests(store, told),
        ),
        Kind("snapshot", count_of, _counted, _taken(lambda told: count(store, told, as_of or now))),
    )
    return {kind.name: kind for kind in found}


def _interests(store: Store, told: Sequence[Interest]) -> Verdicts:
    verdicts = put_interests(store, told)
    return [each if isinstance(each, Refused) else "added" if each else "unchanged" for each in verdicts]


def _come_back(store: Store, told: Sequence[Told]) -> Verdicts:
    """Returns, one after the other; a number that has come before changes nothing."""
    programs = versions(store)
    verdicts = (ask_return(store, programs, each.order, each.asked) for each in told)
    return ["unchanged" if each is KNOWN else each if isinstance(each, Refused) else "added" for each in verdicts]


def _place(record: Position | Supply) -> str:
    return f"{record.item} at {record.node}"


def _id(told: Adjustment | SupplyReceipt) -> str:
    return told.id


def _fact(told: Incoming) -> str:
    return f"{told.key} of {told.participant}"


def _counted(told: Count) -> str:
    return f"{told.stock_class} {told.item} at {told.node}"


def _taken_slot(told: TakenSlot) -> str:
    return f"{told.resource} on {told.day} {told.slot}"


def _take_slots(store: Store, program: Program, told: Sequence[TakenSlot], now: datetime) -> Verdicts:
    verdicts = put_taken(store, program, told, now)
    return [each if isinstance(each, Refused) else "written" if each else "unchanged" for each in verdicts]


def _of_region(weeks: Sequence[Expected]) -> str:
    return f"{weeks[0].item} in the region of {weeks[0].region}"


def _expect(store: Store, rows: Sequence[Sequence[Expected]]) -> None:
    put_forecast(store, [week for weeks in rows for week in weeks])


def _first_day(store: Store, now: datetime) -> date:
    """The day of the earliest order that the store has, else today: where a forecast begins that does not say it."""
    t = tables.orders.c
    with store.reading() as connection:
        earliest = connection.execute(select(func.min(t.placed_at)).where(t.shard == store.shard)).scalar_one()
    return (earliest or now).date()


def _all(put: Callable[[Sequence[T]], None]) -> Callable[[Sequence[T]], Verdicts]:
    def write(records: Sequence[T]) -> Verdicts:
        put(records)
        return ["written"] * len(records)

    return write


def _taken(take_in: Callable[[Sequence[T]], Sequence[Taken | Refused]]) -> Callable[[Sequence[T]], Verdicts]:
    def verdict(of: Taken | Refused) -> Verdict | Warned | Refused:
        if isinstance(of, Refused):
            return of
        said: Verdict = "added" if of.new else "unchanged"
        return Warned(said, of.warning) if of.warning else said

    return lambda told: [verdict(of) for of in take_in(told)]


def _each(put: Callable[[Sequence[T]], None]) -> Callable[[Sequence[T]], Verdicts]:
    """Writes all at once; where the store cannot hold one of them, one at a time."""

    def write(records: Sequence[T]) -> Verdicts:
        try:
            put(records)
        except IntegrityError:
            return [verdict for record in records for verdict in write([record])] if len(records) > 1 else [RESERVED]
        return ["written"] * len(records)

    return write


RESERVED = Refused("more units are reserved for orders, or received, than this quantity")


def _expect_supplies(store: Store, supplies: Sequence[Supply], now: datetime) -> Verdicts:
    """Puts supplies, except those due in the past that are not known to be overdue."""
    known = _due_days(store, [supply for supply in supplies if _overdue(supply, now)])
    late = {id(supply) for supply in supplies if _overdue(supply, now) and known.get(_key(supply)) != supply.due_on}

    def put(good: Sequence[Supply]) -> None:
        _put_supplies(store, good, now)

    written = iter(_each(put)([supply for supply in supplies if id(supply) not in late]))
    return [_in_the_past(supply) if id(supply) in late else next(written) for supply in supplies]


def _overdue(supply: Supply, now: datetime) -> bool:
    return supply.due_on is not None and supply.due_on < now.date()


def _in_the_past(supply: Supply) -> Refused:
    return Refused(
        f"due_on {supply.due_on} is in the past; units that have come are told by `import receipts` or `import snapshot`"
    )


def _key(supply: Supply) -> tuple[str, str, str]:
    return supply.item, supply.node, supply.id


def _due_days(store: Store, supplies: Sequence[Supply]) -> Mapping[tuple[str, str, str], date | None]:
    with store.reading() as connection:
        return {key: s.due_on for key, s in supplies_there(connection, store.shard, {_key(s) for s in supplies}).items()}


def _put_supplies(store: Store, supplies: Sequence[Supply], now: datetime) -> None:
    """Puts supplies, and an empty position where the node has not had the item before."""
    places = {(supply.item, supply.node) for supply in supplies}
    missing = places - _positions(store, {item for item, _ in places})
    put_positions(store, [Position(item, node) for item, node in sorted(missing)], now)
    put_supplies(store, supplies, now)


def _positions(store: Store, items: set[str]) -> set[tuple[str, str]]:
    t = tables.positions.c
    with store.reading() as connection:
        rows = connection.execute(select(t.item, t.node).where(t.shard == store.shard, t.item.in_(sorted(items))))
        return {(item, node) for item, node in rows}


def _told(store: Store, program: Program, facts: Sequence[Incoming]) -> Verdicts:
    """Facts of orders, and events that are told without one. Nobody answers what another was asked."""
    asked = asked_of(store, [fact.event.key for fact in facts if isinstance(fact.event, Replied)])
    refused = {id(fact): why for fact in facts if (why := not_his(program, fact, asked)) is not None}
    left = [fact for fact in facts if id(fact) not in refused]
    of_orders = iter(_report(store, [fact for fact in left if fact.order], asked))
    found = {id(fact): next(of_orders) if fact.order else _spread(store, fact) for fact in left}
    return [refused[id(fact)] if id(fact) in refused else found[id(fact)] for fact in facts]


def _spread(store: Store, fact: Incoming) -> Verdict | Warned:
    from orderloom.adapters.versions import versions  # the compiler is loaded by whoever needs it

    assert isinstance(fact.event, Happened), "a reply has an order"
    found = broadcast(store, versions(store), Broadcast(fact.participant, fact.key, fact.event))
    verdict: Verdict = "unchanged" if found.repeated else "added"
    if found.passed_over:
        return Warned(verdict, f"{', '.join(found.passed_over)} cannot be read, and {fact.event.name} was not told there")
    return verdict if found.reached else Warned(verdict, f"{fact.event.name} concerns no running order; it is kept")


def _report(store: Store, facts: Sequence[Incoming], asked: Asked) -> Verdicts:
    found = report(store, facts)
    repeated, unknown = ({id(fact) for fact in part} for part in (found.repeated, found.unknown))
    return [_of_fact(fact, id(fact) in repeated, id(fact) in unknown, asked) for fact in facts]


def _of_fact(fact: Incoming, repeated: bool, unknown: bool, asked: Asked) -> Verdict | Warned | Refused:
    if unknown:
        return Refused(f"there is no order {fact.order}")
    verdict: Verdict = "unchanged" if repeated else "added"
    if isinstance(fact.event, Replied) and fact.event.key not in asked:
        return Warned(verdict, f"nobody was asked {fact.event.key}; the reply {fact.event.reply} changes nothing of {fact.order}")
    return verdict
