"""The forecast from the store's own orders: proposed beside what is in force, and put in force when a person approves it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct
from sqlalchemy import Connection, select

from orderloom.dsl.program import Program
from orderloom.engine import wire
from orderloom.engine.forecast.expected import Expected
from orderloom.engine.forecast.history import overlap, proposed, up_to, weekly
from orderloom.engine.order import Order
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.store import Store, tables
from orderloom.engine.store.statements import delete, run, upsert

_PUT = upsert(tables.forecast)
_DROP = delete(tables.forecast)


class Proposal(Struct, frozen=True):
    """What is proposed for an item and region from a day on, and how many units are expected for these days by now."""

    expected: Expected
    in_force: Decimal


def propose(store: Store, program: Program, now: datetime, weeks: int) -> tuple[Proposal, ...]:
    """The next weeks by item and region, from all orders that were begun before today; () without a whole week of them."""
    with store.reading() as connection:
        shelf = Shelf(store.shard)
        shelf.refresh(connection, set())
        catalog = shelf.catalog(program, ())
        history = weekly(_orders(connection, store.shard), _regions(connection, store.shard, program), catalog, now.date())
        there: dict[tuple[str, str], list[Expected]] = {}
        for each in _in_force(connection, store.shard):
            there.setdefault((each.item, each.region), []).append(each)
    return tuple(_beside(each, there.get((each.item, each.region), ())) for each in proposed(history, now.date(), weeks))


def approve(store: Store, proposals: Sequence[Proposal]) -> None:
    """Puts proposals in force in the place of all that was expected of their items and regions from their first day on."""
    first = {(each.expected.item, each.expected.region): each.expected.begins for each in reversed(proposals)}
    with store.writing() as connection:
        before = [each for each in _in_force(connection, store.shard) if (each.item, each.region) in first]
        kept = [cut for each in before for cut in up_to([each], first[each.item, each.region])]
        run(connection, _DROP, [(store.shard, each.item, each.region, wire.day_text(each.begins)) for each in before])
        rows = [*kept, *(each.expected for each in proposals)]
        run(connection, _PUT, [(store.shard, e.item, e.region, wire.day_text(e.begins), e.days, str(e.units)) for e in rows])


def _beside(expected: Expected, there: Sequence[Expected]) -> Proposal:
    units = sum((overlap(each, expected.begins, expected.days) for each in there), Decimal(0))
    return Proposal(expected, units.quantize(Decimal("0.01")))


def _orders(connection: Connection, shard: int) -> Iterator[Order]:
    t = tables.orders.c
    texts = connection.execute(select(t.state).where(t.shard == shard, t.state.is_not(None)).order_by(t.id)).scalars()
    return (wire.load_state(text).order for text in texts if text)


def _regions(connection: Connection, shard: int, program: Program) -> list[str]:
    """The regions of the forecast in force; without any, all nodes that hold something and sell it to nobody but ourselves."""
    t, p = tables.forecast.c, tables.positions.c
    named = connection.execute(select(t.region).where(t.shard == shard).distinct()).scalars().all()
    if named:
        return sorted(named)
    vendors = {way.source for rules in program.replenishment.values() for way in rules.ways if way.kind == "purchase"}
    holders = connection.execute(select(p.node).where(p.shard == shard).distinct()).scalars().all()
    return sorted(set(holders) - vendors)


def _in_force(connection: Connection, shard: int) -> list[Expected]:
    t = tables.forecast.c
    asked = select(t.item, t.region, t.begins, t.days, t.units).where(t.shard == shard).order_by(t.item, t.region, t.begins)
    return [
        Expected(item, region, begins, days, Decimal(units)) for item, region, begins, days, units in connection.execute(asked)
    ]
