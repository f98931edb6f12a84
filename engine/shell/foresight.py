"""What is seen ahead, in the store: the forecast that comes from outside, and the prices that are made of it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import islice

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, select

from orderloom.dsl.program import Program, Sourcing
from orderloom.engine import wire
from orderloom.engine.ahead import LATEST, Ahead, Way, looks_ahead, renewed
from orderloom.engine.events import Captured
from orderloom.engine.forecast.expected import Expected
from orderloom.engine.ledger.stock import Key
from orderloom.engine.order import Order
from orderloom.engine.shell.programs import Programs
from orderloom.engine.shell.shelf import Shelf
from orderloom.engine.store import Store, tables
from orderloom.engine.store.statements import ask, insert, run, upsert
from orderloom.engine.world import World

FRESH = timedelta(days=1)  #: how long prices hold
CHUNK = 1000  #: items that are priced at once, so that memory does not grow with the assortment

_FORECAST = upsert(tables.forecast)
_AHEAD = upsert(tables.ahead)
_PRICE = insert(tables.opportunity_costs)
_WAY = upsert(tables.ways)
_a = tables.ahead.c
_MADE_AT = select(_a.made_at).where(_a.shard == bindparam("shard"), _a.program == bindparam("program"))

_log = logging.getLogger(__name__)


def put_forecast(store: Store, expected: Sequence[Expected]) -> None:
    """Adds or replaces what is expected; the items and the regions' nodes must be there."""
    rows = [(store.shard, e.item, e.region, wire.day_text(e.begins), e.days, str(e.units)) for e in expected]
    with store.writing() as connection:
        run(connection, _FORECAST, rows)


def put_prices(store: Store, program: str, prices: Mapping[Key, Decimal], at: datetime) -> None:
    """What a version is to see from `at` on, worked out elsewhere."""
    with store.writing() as connection:
        run(connection, _PRICE, [(store.shard, *key, str(price)) for key, price in prices.items()])
        run(connection, _AHEAD, [(store.shard, program, wire.moment_text(at), 0)])


def opportunity_costs(connection: Connection, shard: int, items: Collection[str]) -> dict[Key, Decimal]:
    """What a unit of these items would be worth elsewhere, by item and node."""
    t = tables.opportunity_costs.c
    rows = connection.execute(select(t.item, t.node, t.price).where(t.shard == shard, t.item.in_(sorted(items))))
    return {(item, node): Decimal(price) for item, node, price in rows}


class Foresight:
    """What one worker has at hand of what its store sees ahead."""

    def __init__(self, store: Store, programs: Programs) -> None:
        self._store, self._programs = store, programs
        self._made_at: datetime | None = None
        self._at_hand: dict[str, dict[Key, Decimal]] = {}

    def look(self, now: datetime) -> Program:
        """Looks ahead anew where the current version does so, an order is to begin, and what the store has holds no longer.

        Where it cannot be worked out, the prices stay as they are for another day: a price that is old is no reason to let
        an order wait. Answers with the current version.
        """
        with self._store.glancing() as connection:
            program = self._programs.current(connection)
            policy = _policy(program)
            made_at = _made_at(connection, self._store.shard, program.digest) if policy else None
            first = _first_due(connection, self._store.shard, now) if policy and _stale(made_at, now) else []
            latest = first and (_latest(connection, self._store.shard, now) or first)
        if policy and latest:
            _renew(self._store, program, policy, latest, now)
            made_at = now
        if made_at != self._made_at:
            self._made_at, self._at_hand = made_at, {}
        return program

    def costs(self, connection: Connection, items: Collection[str]) -> Mapping[Key, Decimal]:
        """Opportunity costs of these items as of the last look."""
        if self._made_at is None:
            return {}
        missing = [item for item in items if item not in self._at_hand]
        self._at_hand |= {item: {} for item in missing}
        for key, price in opportunity_costs(connection, self._store.shard, missing).items() if missing else ():
            self._at_hand[key[0]][key] = price
        return {key: price for item in items for key, price in self._at_hand[item].items()}


def _policy(program: Program) -> Sourcing | None:
    """Of the policies that look ahead the first by name: a unit has one worth, whoever asks for it."""
    return next((policy for _, policy in sorted(program.sourcing.items()) if looks_ahead(policy)), None)


def _stale(made_at: datetime | None, now: datetime) -> bool:
    return made_at is None or now - made_at >= FRESH


# --- renewal -------------------------------------------------------------------------------------------------------------


def _renew(store: Store, program: Program, policy: Sourcing, latest: Sequence[Order], now: datetime) -> None:
    with store.reading() as connection:
        known = _known(connection, store.shard, program.digest)
        orders = max(_count(connection, store.shard, now), len(latest))
        items = _items(connection, store.shard)
    found, shelf = known, Shelf(store.shard)
    try:
        for chunk in _chunks(items):
            with store.reading() as connection:
                before = None if known is None else Ahead({}, _ways(connection, store.shard, chunk), known)
                forecast, world = _forecast(connection, store.shard, chunk), _world(connection, program, shelf, chunk)
            made = renewed(before, policy, forecast, orders, latest, world, now)
            found = made.orders
            with store.writing() as connection:
                _save(connection, store.shard, chunk, made, with_ways=found != known)
    except Exception:
        _log.exception("looking ahead failed; the prices stay as they are")
    with store.writing() as connection:
        run(connection, _AHEAD, [(store.shard, program.digest, wire.moment_text(now), found or 0)])


def _chunks(items: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(items)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _world(connection: Connection, program: Program, shelf: Shelf, items: Collection[str]) -> World:
    shelf.refresh(connection, set(items))
    return World(program, shelf.catalog(program, items), shelf.read(connection, items))


def _save(connection: Connection, shard: int, items: Sequence[str], made: Ahead, with_ways: bool) -> None:
    t = tables.opportunity_costs
    connection.execute(delete(t).where(t.c.shard == shard, t.c.item.in_(items)))
    run(connection, _PRICE, [(shard, *key, str(price)) for key, price in made.prices.items()])
    if with_ways:
        run(connection, _WAY, [(shard, *key, str(way.not_served), wire.dump(way.costs)) for key, way in made.ways.items()])


# --- what is there -------------------------------------------------------------------------------------------------------


def _made_at(connection: Connection, shard: int, program: str) -> datetime | None:
    found = ask(connection, _MADE_AT, {"shard": shard, "program": program})
    return next((wire.moment_of(at) for (at,) in found), None)


def _known(connection: Connection, shard: int, program: str) -> int | None:
    """How many orders were known when the ways were found; None where they never were."""
    t = tables.ahead.c
    return connection.execute(select(t.orders).where(t.shard == shard, t.program == program)).scalar_one_or_none() or None


def _ways(connection: Connection, shard: int, items: Sequence[str]) -> dict[tuple[str, str], Way]:
    t = tables.ways.c
    rows = connection.execute(select(t.item, t.region, t.costs, t.not_served).where(t.shard == shard, t.item.in_(items)))
    return {(item, region): Way(wire.load(costs, dict[str, Decimal]), Decimal(left)) for item, region, costs, left in rows}


def _items(connection: Connection, shard: int) -> Sequence[str]:
    """The items of which anything was ever expected."""
    t = tables.forecast.c
    return connection.execute(select(t.item).where(t.shard == shard).distinct().order_by(t.item)).scalars().all()


def _forecast(connection: Connection, shard: int, items: Sequence[str]) -> list[Expected]:
    t = tables.forecast.c
    rows = connection.execute(select(t.item, t.region, t.begins, t.days, t.units).where(t.shard == shard, t.item.in_(items)))
    return [Expected(item, region, begins, days, Decimal(units)) for item, region, begins, days, units in rows]


def _count(connection: Connection, shard: int, now: datetime) -> int:
    """How many orders were placed and begun before today: all of them, less those that no worker has begun yet.

    Both counts are of an index: the one of all orders by their moments, and the one of those that run.
    """
    t = tables.orders.c
    placed = select(func.count()).where(t.shard == shard, t.placed_at < _today(now))
    waiting = placed.where(t.outcome.is_(None), t.state.is_(None))
    return connection.execute(placed).scalar_one() - connection.execute(waiting).scalar_one()


def _latest(connection: Connection, shard: int, now: datetime) -> list[Order]:
    """The last orders that were placed before today.

    Today's are left out because how many of them were begun depends on where a worker happens to be.
    """
    t = tables.orders.c
    newest = select(t.state).where(_before_today(shard, now)).order_by(t.placed_at.desc(), t.id).limit(LATEST)
    return [wire.load_state(text).order for text in connection.execute(newest).scalars()]


def _before_today(shard: int, now: datetime) -> ColumnElement[bool]:
    t = tables.orders.c
    return (t.shard == shard) & t.state.is_not(None) & (t.placed_at < _today(now))


def _today(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _first_due(connection: Connection, shard: int, now: datetime) -> list[Order]:
    """The order that begins next, if one is to begin."""
    t = tables.due.c
    captures = select(t.body).where(t.shard == shard, t.key == "captured", t.due_at <= now).order_by(t.due_at, t.order_id)
    events = [wire.load_event(body) for body in connection.execute(captures.limit(1)).scalars()]
    return [event.order for event in events if isinstance(event, Captured)]
